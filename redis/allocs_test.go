package redis

import (
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

var (
	anyKey, anyField, anyMember = "key", "field", "member" // variables, so that nothing is a constant to the compiler
	anyText, anyNumber, anyTime = "value", 7, 10 * time.Second
	into                        []byte
)

// TestBuildAllocatesNothing: to build a common command and to append it to a buffer takes no memory.
func TestBuildAllocatesNothing(t *testing.T) {
	buffer := make([]byte, 0, 1024)
	for name, build := range map[string]func(){
		"Get":          func() { c := Get(anyKey); into = c.Append(buffer) },
		"Set":          func() { c := Set(anyKey, anyText, anyTime); into = c.Append(buffer) },
		"Set a number": func() { c := Set(anyKey, anyNumber, 0); into = c.Append(buffer) },
		"SetWithArgs":  func() { c := SetWithArgs(anyKey, anyText, SetArgs{NX: true}); into = c.Append(buffer) },
		"Incr":         func() { c := Incr(anyKey); into = c.Append(buffer) },
		"HSet":         func() { c := HSet(anyKey, anyField, anyText); into = c.Append(buffer) },
		"ZAdd":         func() { c := ZAdd(anyKey, Z{1.5, anyMember}); into = c.Append(buffer) },
		"Expire":       func() { c := Expire(anyKey, anyTime); into = c.Append(buffer) },
		"MGet":         func() { c := MGet(anyKey, anyField); into = c.Append(buffer) },
		"LPush":        func() { c := LPush(anyKey, anyText); into = c.Append(buffer) },
		"BLPop":        func() { c := BLPop(anyTime, anyKey); into = c.Append(buffer) },
	} {
		if n := testing.AllocsPerRun(100, build); n != 0 {
			t.Errorf("%s: %v allocations, want none", name, n)
		}
	}
	if c := Del("1", "2", "3", "4", "5", "6", "7", "8", "9"); len(c.more) != 5 || cap(c.more) != 5 {
		t.Errorf("9 keys take %d places for %d arguments, want one allocation of 5", cap(c.more), len(c.more))
	}
}

// TestReadAllocates: to read a reply takes no more memory than its value: strings share the reply's bytes.
func TestReadAllocates(t *testing.T) {
	ten := "*10\r\n$1\r\n0\r\n$1\r\n1\r\n$1\r\n2\r\n$1\r\n3\r\n$1\r\n4\r\n$1\r\n5\r\n$1\r\n6\r\n$1\r\n7\r\n$1\r\n8\r\n$1\r\n9\r\n"
	reply, one, number := fromWire(t, ten), fromWire(t, "$5\r\nvalue\r\n"), fromWire(t, ":7\r\n")
	get, incr, set := Get("k"), Incr("k"), Set("k", "v", 0)
	mget, members, scores := MGet("k"), SMembers("k"), ZRangeWithScores("k", 0, -1)
	for name, m := range map[string]struct {
		read func() error
		want float64
	}{
		"Get":              {func() error { _, err := get.Read(one); return err }, 0},
		"Incr":             {func() error { _, err := incr.Read(number); return err }, 0},
		"Set":              {func() error { _, err := set.Read(one); return err }, 0},
		"MGet":             {func() error { _, err := mget.Read(reply); return err }, 1},
		"SMembers":         {func() error { _, err := members.Read(reply); return err }, 1},
		"ZRangeWithScores": {func() error { _, err := scores.Read(reply); return err }, 1},
	} {
		if err := m.read(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if n := testing.AllocsPerRun(100, func() { m.read() }); n != m.want {
			t.Errorf("%s: %v allocations, want %v", name, n, m.want)
		}
	}
}

// TestLargeReadAllocates: a list of any length is one piece of memory, and a map is what Go makes of it, however the reply spells them.
func TestLargeReadAllocates(t *testing.T) {
	const map1000 = 6 // in two tables, each with its groups, and a directory of them
	list, hash := wireList(1000), func(head, before string) string { return wirePairs(head, before, 1000, sixteen) }
	for _, c := range []struct {
		name, wire string
		read       func(resp.Reply) error
		want       float64
	}{
		{"LRANGE", list, reader(LRange("k", 0, -1)), 1},
		{"MGET", list, reader(MGet("k")), 1},
		{"SMEMBERS in RESP3", "~" + list[1:], reader(SMembers("k")), 1},
		{"HGETALL in RESP2", hash("*2000\r\n", ""), reader(HGetAll("k")), map1000},
		{"HGETALL in RESP3", hash("%1000\r\n", ""), reader(HGetAll("k")), map1000},
		{"pairs as a map", hash("*1000\r\n", "*2\r\n"), reader(HGetAll("k")), map1000},
		{"scores in RESP2", wirePairs("*2000\r\n", "", 1000, "$3\r\n1.5\r\n"), reader(ZRangeWithScores("k", 0, -1)), 1},
		{"scores in RESP3", wirePairs("*1000\r\n", "*2\r\n", 1000, ",1.5\r\n"), reader(ZRangeWithScores("k", 0, -1)), 1},
	} {
		reply := fromWire(t, c.wire)
		if got := testing.AllocsPerRun(20, func() {
			if err := c.read(reply); err != nil {
				t.Fatal(err)
			}
		}); got > c.want {
			t.Errorf("%s of 1000: %v allocations, want at most %v", c.name, got, c.want)
		}
	}
}

// TestReceiveAllocates: what a reply takes from the wire to its value, when its strings have come in reads of 16 KiB. They are one string.
func TestReceiveAllocates(t *testing.T) {
	receives(t, "HGETALL of 1000 fields", HGetAll("k"), wirePairs("%1000\r\n", "", 1000, sixteen), 9)
	receives(t, "MGET of 1000 keys", MGet("k"), wireList(1000), 2)
	receives(t, "LRANGE of 10,000 elements", LRange("k", 0, -1), wireList(10_000), 6)
}

func receives[T any](t *testing.T, name string, c Cmd[T], wire string, most float64) {
	t.Helper()
	s := resp.NewScanner(resp.Limits{})
	if got := testing.AllocsPerRun(20, func() {
		r, err := scanParts(s, wire, 16<<10)
		if err == nil {
			_, err = c.Read(r)
		}
		if err != nil {
			t.Fatal(err)
		}
	}); got > most {
		t.Errorf("%s: %v allocations, want at most %v", name, got, most)
	}
}
