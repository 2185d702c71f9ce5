package route

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// large is as long as a large reply is at least, and as a long value is.
var large = strings.Repeat("x", max(conn.LargeReply, redis.LongValue))

var (
	getBig  = command("GET", "big")
	setLong = command("SET", "k", large)
)

// answered is a command, its database and the reply it had.
func answered(cmd redis.Request, text string) (*redis.Request, int, resp.Reply) {
	return answeredIn(0, cmd, text)
}

func answeredIn(db int, cmd redis.Request, text string) (*redis.Request, int, resp.Reply) {
	return &cmd, db, resp.Status(text)
}

// knowing is a memory that has heard of large replies to these.
func knowing(cmds ...redis.Request) *memory {
	m := &memory{}
	for _, cmd := range cmds {
		m.note(answered(cmd, large))
	}
	return m
}

// isHeavy says whether a memory takes a command for a heavy one.
func isHeavy(t *testing.T, m *memory, cmd redis.Request, want bool, why string) {
	t.Helper()
	isHeavyIn(t, m, 0, cmd, want, why)
}

func isHeavyIn(t *testing.T, m *memory, db int, cmd redis.Request, want bool, why string) {
	t.Helper()
	if got := m.heavy(&cmd, db); got != want {
		t.Errorf("%s in database %d is heavy: %v, want %v: %s", cmd.Name(), db, got, want, why)
	}
}

// Who has no large replies pays nothing for those who have.
func TestMemoryBegins(t *testing.T) {
	t.Parallel()
	m := &memory{}
	isHeavy(t, m, command("GET", "big"), false, "nothing is known yet")
	m.note(answered(command("GET", "big"), large[1:]))
	isHeavy(t, m, command("GET", "big"), false, "a byte less is no large reply")
	if m.any.Load() {
		t.Error("it has nothing to remember, so later calls must not pay for it")
	}
}

// What the next reply will be like is told by the command and what it reads, not by what else it carries.
func TestMemoryKnowsNameAndFirstKey(t *testing.T) {
	t.Parallel()
	m := knowing(command("GET", "big"), command("MGET", "a", "b"))
	for _, row := range []struct {
		cmd  redis.Request
		want bool
		why  string
	}{
		{command("GET", "big"), true, "its reply was large"},
		{redis.Get("big").Request, true, "it is the same however it was built"},
		{command("get", "big"), true, "and however it was written"},
		{command("HGET", "big", "f"), false, "another command reads another part of the key"},
		{command("GET", "other"), false, "another key has another value"},
		{command("GET", "bi"), false, "as above"},
		{command("GET", ""), false, "as above"},
		{command("MGET", "a", "c", "d"), true, "of many keys the first stands for all"},
		{command("MGET", "b", "a"), false, "as above"},
		{command("PING"), false, "it has nothing to do with any of them"},
	} {
		isHeavy(t, m, row.cmd, row.want, row.why)
	}
}

// The value was replaced by a small one: it is no longer worth a way of its own.
func TestMemoryForgets(t *testing.T) {
	t.Parallel()
	m := knowing(command("GET", "big"), command("GET", "too"))
	m.note(answered(command("GET", "other"), "v"))
	isHeavy(t, m, command("GET", "big"), true, "the small reply was another key's")
	m.note(answered(command("STRLEN", "big"), "65536"))
	isHeavy(t, m, command("GET", "big"), true, "the small reply was another command's")
	m.note(answered(command("GET", "big"), "v"))
	isHeavy(t, m, command("GET", "big"), false, "its last reply was small")
	isHeavy(t, m, command("GET", "too"), true, "that was none of its business")
	m.note(answered(command("GET", "big"), large))
	isHeavy(t, m, command("GET", "big"), true, "it is large again")
}

// What is known of commands without keys is known of them by their names.
func TestMemoryOfCommandsWithoutKeys(t *testing.T) {
	t.Parallel()
	m := knowing(command("KEYS", "*"))
	isHeavy(t, m, command("KEYS", "*"), true, "its reply was large")
	isHeavy(t, m, command("KEYS", "a*"), true, "a pattern is no key")
	isHeavy(t, m, command("SCAN", 0), false, "another command")
	isHeavy(t, m, command("CLIENT LIST"), false, "as above")
	m.note(answered(command("KEYS", "a*"), "v"))
	isHeavy(t, m, command("KEYS", "*"), false, "and forgotten by them")
	var none redis.Request
	isHeavy(t, m, none, false, "it is no command, but no reason to fall over either")
}

// Equal keys of two databases have nothing to do with each other, and do not take each other's mark.
func TestMemoryKnowsDatabases(t *testing.T) {
	t.Parallel()
	m := knowing(getBig)
	isHeavyIn(t, m, 1, getBig, false, "its key in this database is another")
	isHeavyIn(t, m, conn.AnyDB, getBig, false, "as above")
	m.note(answeredIn(1, getBig, large))
	isHeavyIn(t, m, 0, getBig, true, "the note of the other database does not replace this one's")
	isHeavyIn(t, m, 1, getBig, true, "its reply was large")
	m.note(answeredIn(1, getBig, "v"))
	isHeavyIn(t, m, 0, getBig, true, "it became small in the other database")
	isHeavyIn(t, m, 1, getBig, false, "as above")

	const databases = 16 // as many as a server has that says nothing else
	for db := range databases {
		m.note(answeredIn(db, getBig, large))
	}
	for db := range databases {
		isHeavyIn(t, m, db, getBig, true, "none shares a mark with another")
	}
}

// A write that was given up must not be overtaken by its caller's next one, so it never goes another way.
func TestWritesAreNeverHeavy(t *testing.T) {
	t.Parallel()
	m := &memory{}
	writes := []redis.Request{
		setLong, command("SET", "big", []byte(large)), command("GETDEL", "big"), command("GETSET", "big", "v"),
		command("LPOP", "big", 1000), command("EVAL", "return redis.call('GET', KEYS[1])", 1, "big"),
	}
	for _, cmd := range writes {
		isHeavy(t, m, cmd, false, "whatever it carries")
		m.note(answered(cmd, large))
		isHeavy(t, m, cmd, false, "whatever its reply was")
	}
	if m.any.Load() {
		t.Error("there is nothing to remember of writes")
	}
	m.note(answered(getBig, large))
	for _, cmd := range writes {
		m.note(answered(cmd, large))
		isHeavy(t, m, cmd, false, "as above, where reads are remembered")
		m.note(answered(cmd, "v"))
	}
	isHeavy(t, m, getBig, true, "no write has touched its mark")
	isHeavy(t, m, redis.Idempotent(redis.Set("big", "v", 0)).Request, false, "it may be sent again, but still writes")
}

// Two commands that share a mark take it from each other, and neither is ever mistaken for the other.
func TestMemoryHoldsOneOfThoseThatShareAMark(t *testing.T) {
	t.Parallel()
	mark := func(cmd redis.Request) uint64 { return heavyHash(&cmd, 0) % uint64(len(memory{}.marks)) }
	first := command("GET", "first")
	second := first
	for i := 0; mark(second) != mark(first) || i == 0; i++ {
		second = command("GET", fmt.Sprint("second", i))
	}
	m := knowing(first)
	isHeavy(t, m, second, false, "it only shares the mark")
	m.note(answered(second, "v"))
	isHeavy(t, m, first, true, "its mark is not the other's to remove")
	m.note(answered(second, large))
	isHeavy(t, m, second, true, "the last one has the mark")
	isHeavy(t, m, first, false, "it is forgotten, until its next large reply")
}
