package fairlead_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// collect walks to the end; what comes twice counts once. After an error nothing may come.
func collect[E comparable](t *testing.T, walk iter.Seq2[E, error]) (map[E]bool, error) {
	t.Helper()
	seen := make(map[E]bool)
	var failed error
	for e, err := range walk {
		var none E
		switch {
		case failed != nil:
			t.Errorf("after the error %v came %v, %v", failed, e, err)
		case err != nil && e != none:
			t.Errorf("beside the error %v came %v", err, e)
		case err != nil:
			failed = err
		default:
			seen[e] = true
		}
	}
	return seen, failed
}

// TestWalks walks over more than fits into a page, on every server there is, under both protocols.
func TestWalks(t *testing.T) {
	t.Parallel()
	const n = 700 // past the size up to which a server sends small ones whole
	for _, product := range redistest.Servers(t) {
		server := redistest.Start(t, redistest.Binary(product.Binary))
		for _, protocol := range []int{2, 3} {
			t.Run(fmt.Sprintf("%s RESP%d", product.Name, protocol), func(t *testing.T) {
				c := openTo(t, &fairlead.Options{Addr: server.Addr(), Protocol: protocol}).DB(protocol)
				wantNames, wantFields, wantScores := fill(t, c, n)

				keys, err := collect(t, c.Keys(background, redis.ScanArgs{Match: "n*", Count: 50}))
				must(t, err)
				is(t, "all keys that match, and no others", maps.Equal(keys, wantNames), true)
				ofType, err := collect(t, c.Keys(background, redis.ScanArgs{Type: "zset"}))
				must(t, err)
				is(t, "the only sorted set", maps.Equal(ofType, map[string]bool{"z": true}), true)

				fields, err := collect(t, c.HashFields(background, "h", "", 0))
				must(t, err)
				is(t, "all fields with their values", maps.Equal(fields, wantFields), true)
				members, err := collect(t, c.SetMembers(background, "s", "", 10))
				must(t, err)
				is(t, "all members", maps.Equal(members, wantNames), true)
				scored, err := collect(t, c.SortedSetMembers(background, "z", "", 0))
				must(t, err)
				is(t, "all members with their scores", maps.Equal(scored, wantScores), true)

				one, err := collect(t, c.HashFields(background, "h", "n7", 0))
				must(t, err)
				is(t, "the one field that matches", maps.Equal(one, map[redis.KV]bool{{Key: "n7", Value: "7"}: true}), true)
				none, err := collect(t, c.SetMembers(background, "nothing", "", 0))
				must(t, err)
				is(t, "members of a key that does not exist", len(none), 0)

				namesOrRefusal(t, "HSCAN NOVALUES", c.HashFieldNames(background, "h", "", 0), wantNames)
				namesOrRefusal(t, "ZSCAN NOSCORES", c.SortedSetMemberNames(background, "z", "", 0), wantNames)
			})
		}
	}
}

// fill makes n keys named n0, n1, …, and a hash, a set and a sorted set with as many elements of these names.
func fill(t *testing.T, c fairlead.Commands, n int) (names map[string]bool, fields map[redis.KV]bool, scores map[redis.Z]bool) {
	t.Helper()
	names, fields, scores = map[string]bool{}, map[redis.KV]bool{}, map[redis.Z]bool{}
	p := c.Pipeline()
	for i := range n {
		name := fmt.Sprint("n", i)
		names[name], fields[redis.KV{Key: name, Value: fmt.Sprint(i)}], scores[redis.Z{Score: float64(i), Member: name}] = true, true, true
		fairlead.Queue(p, redis.Set(name, i, 0))
		fairlead.Queue(p, redis.HSet("h", name, i))
		fairlead.Queue(p, redis.SAdd("s", name))
		fairlead.Queue(p, redis.ZAdd("z", redis.Z{Score: float64(i), Member: name}))
	}
	must(t, p.Exec(background))
	return names, fields, scores
}

// namesOrRefusal accepts a server's word that it does not know an option.
func namesOrRefusal(t *testing.T, what string, walk iter.Seq2[string, error], want map[string]bool) {
	t.Helper()
	got, err := collect(t, walk)
	if e, refused := errors.AsType[*fairlead.Error](err); refused && strings.Contains(e.Message, "syntax error") {
		t.Logf("%s is not known here", what)
		return
	}
	must(t, err)
	is(t, what, maps.Equal(got, want), true)
}

// TestWalkPageByPage: one page is asked for at a time, by the cursor of the one before; an empty page is not the end, a zero cursor is.
func TestWalkPageByPage(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		for range 2 { // each range begins anew
			c.ExpectCommand("SCAN", "0", "MATCH", "a*", "COUNT", "2", "TYPE", "string")
			c.Reply("*2\r\n$2\r\n17\r\n*2\r\n$2\r\na1\r\n$2\r\na2\r\n")
			c.ExpectCommand("SCAN", "17", "MATCH", "a*", "COUNT", "2", "TYPE", "string")
			c.Reply("*2\r\n$20\r\n18446744073709551615\r\n*0\r\n")
			c.ExpectCommand("SCAN", "18446744073709551615", "MATCH", "a*", "COUNT", "2", "TYPE", "string")
			c.Reply("*2\r\n$1\r\n0\r\n*1\r\n$2\r\na1\r\n") // a duplicate, which is the server's right
		}
		c.ExpectCommand("PING") // not a fourth page
		c.Reply("+PONG\r\n")
	})
	c := open(t, fake.URL())
	walk := c.Keys(background, redis.ScanArgs{Match: "a*", Count: 2, Type: "string"})
	for range 2 {
		var got []string
		for key, err := range walk {
			must(t, err)
			got = append(got, key)
		}
		is(t, "keys, as they come", slices.Equal(got, []string{"a1", "a2", "a1"}), true)
	}
	_, err := c.Ping(background)
	must(t, err)
}

// TestWalkBrokenOff: what was not asked for is not sent.
func TestWalkBrokenOff(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("SSCAN", "k", "0")
		c.Reply("*2\r\n$1\r\n5\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n")
		c.ExpectCommand("PING")
		c.Reply("+PONG\r\n")
	})
	c := open(t, fake.URL())
	for member, err := range c.SetMembers(background, "k", "", 0) {
		must(t, err)
		is(t, "the first member", member, "a")
		break
	}
	_, err := c.Ping(background)
	must(t, err)
}

// TestWalkFails: whatever ends a walk comes once, after what was there before it.
func TestWalkFails(t *testing.T) {
	t.Parallel()
	const page = "*2\r\n$1\r\n5\r\n*2\r\n$1\r\nf\r\n$1\r\nv\r\n"
	for _, test := range []struct {
		name   string
		second func(c *redistest.FakeConn)
		is     func(err error) bool
	}{
		{"the key became a list", func(c *redistest.FakeConn) { c.Reply("-WRONGTYPE not a hash\r\n") },
			func(err error) bool { e, ok := errors.AsType[*fairlead.Error](err); return ok && e.Code == "WRONGTYPE" }},
		{"no page", func(c *redistest.FakeConn) { c.Reply("$4\r\npage\r\n") },
			func(err error) bool { return strings.Contains(err.Error(), "a list of at least 2") }},
		{"no cursor", func(c *redistest.FakeConn) { c.Reply("*2\r\n$3\r\n-12\r\n*0\r\n") },
			func(err error) bool { return err != nil }},
		{"null", func(c *redistest.FakeConn) { c.Reply("*-1\r\n") },
			func(err error) bool { return err == fairlead.Nil }},
		{"the server hangs up", func(c *redistest.FakeConn) { c.Close() },
			func(err error) bool { return errors.Is(err, io.EOF) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
				c.AnswerHandshake()
				c.ExpectCommand("HSCAN", "k", "0")
				c.Reply(page)
				c.ExpectCommand("HSCAN", "k", "5")
				test.second(c)
			})
			c := openTo(t, &fairlead.Options{Addr: fake.Addr(), Retry: fairlead.Retry{MaxRetries: -1}})
			fields, err := collect(t, c.HashFields(background, "k", "", 0))
			is(t, "the field of the first page", fields[redis.KV{Key: "f", Value: "v"}], true)
			is(t, fmt.Sprintf("the error is that of the second page: %v", err), test.is(err), true)
		})
	}
}

// TestWalkEnded: the end of the context is noticed with the next page, a missing client with the first.
func TestWalkEnded(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(background)
	defer cancel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("ZSCAN", "k", "0")
		c.Reply("*2\r\n$1\r\n5\r\n*2\r\n$1\r\nm\r\n$1\r\n2\r\n")
	})
	var got []redis.Z
	var failed error
	for z, err := range open(t, fake.URL()).SortedSetMembers(ctx, "k", "", 0) {
		if err != nil {
			failed = err
			continue
		}
		got = append(got, z)
		cancel()
	}
	is(t, "the first page", slices.Equal(got, []redis.Z{{Score: 2, Member: "m"}}), true)
	is(t, "canceled", errors.Is(failed, context.Canceled), true)

	_, err := collect(t, fairlead.Commands{}.Keys(background, redis.ScanArgs{}))
	is(t, fmt.Sprintf("commands of no client: %v", err), err != nil, true)
}

// TestWalkOnAConnection: the body of the loop may use the connection that is walked over.
func TestWalkOnAConnection(t *testing.T) {
	t.Parallel()
	c := lend(t, open(t, redistest.Default(t).URL()))
	key := newKey(t)
	_, err := c.SAdd(background, key, "a", "b")
	must(t, err)
	for member, err := range c.SetMembers(background, key, "", 0) {
		must(t, err)
		_, err := c.SRem(background, key, member)
		must(t, err)
	}
	n, err := c.SCard(background, key)
	must(t, err)
	is(t, "members that are left", n, 0)
}
