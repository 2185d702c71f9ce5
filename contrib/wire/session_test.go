package wire_test

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// A pair is a server that is talked to directly, and one that is talked to over a client: they must say the same.
type pair struct {
	t            *testing.T
	protocol     int
	addr         string // of the server that is talked to directly
	client       *fairlead.Client
	direct, over *talk
}

func newPair(t *testing.T, protocol int) *pair {
	t.Helper()
	p := &pair{t: t, protocol: protocol, addr: redistest.Start(t).Addr(), client: clientOf(t, redistest.Start(t).Addr(), protocol)}
	p.connect()
	return p
}

// connect begins both connections anew.
func (p *pair) connect() {
	p.t.Helper()
	if p.over != nil {
		ok(p.t, p.over.conn.Close())
	}
	conn, err := net.Dial("tcp", p.addr)
	ok(p.t, err)
	p.t.Cleanup(func() { _ = conn.Close() })
	p.direct, p.over = talkOver(p.t, conn), over(p.t, p.client)
	for _, x := range []*talk{p.direct, p.over} {
		x.write("HELLO " + strconv.Itoa(p.protocol))
		if got := x.says(1); !strings.Contains(got, fmt.Sprintf("proto\r\n:%d\r\n", p.protocol)) {
			p.t.Fatalf("HELLO %d: %q", p.protocol, got)
		}
	}
}

// exchange writes pieces to both, reads the replies to all of them at the end, and reports whether they were the same.
func (p *pair) exchange(pieces ...string) bool {
	p.t.Helper()
	n := 0
	for _, piece := range pieces {
		n += p.direct.write(piece)
		p.over.write(piece)
	}
	want, got := p.direct.says(n), p.over.says(n)
	if got != want {
		p.t.Errorf("%s\n got %q\nwant %q, as from a server", strings.Join(pieces, " | "), got, want)
	}
	return got == want
}

// words are what the random conversations below are made of.
var words = []string{
	"SET k v", "GET k", "INCR n", "INCRBY n x", "LPUSH k x", "HSET h a 1 b 2", "HGETALL h", "ZADD z 1.5 m", "ZRANGE z 0 -1 WITHSCORES", "SADD s a",
	"SMEMBERS s", "LPUSH l a", "BLPOP l 0.001", "BLPOP none 0.001", "MGET k none n", "PING", "ECHO hi", "DEL k", "EVAL return{1,{ok='fine'},{err='ERR_no'},false} 0",
	"MULTI", "MULTI", "MULTI", "EXEC", "EXEC", "EXEC", "DISCARD", "WATCH k", "WATCH k n", "UNWATCH", "WATCH", "MULTI x", "EXEC x", "UNWATCH x", "DISCARD x",
	"SELECT 1", "SELECT 0", "SELECT 99", "SELECT x", "SELECT -1", "SELECT", "FOO bar", "GET", "TYPE k", "READONLY",
}

// TestConversationsAreThoseOfAServer: random commands, cut into writes and read in parts at random, are answered byte for byte as by a server.
// FAIRLEAD_SOAK is how many seconds it goes on.
func TestConversationsAreThoseOfAServer(t *testing.T) {
	t.Parallel()
	for _, protocol := range []int{2, 3} {
		t.Run(fmt.Sprintf("RESP%d", protocol), func(t *testing.T) {
			t.Parallel()
			length := 500 * time.Millisecond
			if seconds, err := strconv.Atoi(os.Getenv("FAIRLEAD_SOAK")); err == nil {
				length = time.Duration(seconds) * time.Second
			}
			p := newPair(t, protocol)
			seed := rand.Uint64()
			random := rand.New(rand.NewPCG(seed, 0))
			said := 0
			for end := time.Now().Add(length); time.Now().Before(end); {
				var pieces []string
				for range 1 + random.IntN(3) {
					commands := make([]string, 1+random.IntN(6))
					for i := range commands {
						commands[i] = words[random.IntN(len(words))]
					}
					said += len(commands)
					pieces = append(pieces, strings.Join(commands, "; "))
				}
				if random.IntN(20) == 0 {
					p.connect() // in whatever state it was
				}
				if !p.exchange(pieces...) {
					t.Fatalf("seed %d, after %d commands", seed, said)
				}
			}
			t.Logf("%d commands, over %d connections at most", said, p.client.Pool().Stats().Peak)
		})
	}
}

func TestWatchThatIsBroken(t *testing.T) {
	t.Parallel()
	p := newPair(t, 3)
	p.exchange("SET k 1", "WATCH k", "GET k")
	p.over.exchange("PING", "+PONG\r\n", "the session's own connection answers")
	ok(t, p.client.Set(t.Context(), "k", "changed", 0))
	p.over.exchange("MULTI; SET k mine; EXEC", "+OK\r\n+QUEUED\r\n_\r\n", "a null, as the key was changed")
	first := p.client.Pool().Stats().Dials
	for range 3 {
		p.over.exchange("WATCH k; GET k", "+OK\r\n$7\r\nchanged\r\n", "")
		p.over.exchange("MULTI; SET k changed; EXEC", "+OK\r\n+QUEUED\r\n*1\r\n+OK\r\n", "nobody changed it")
	}
	if dials := p.client.Pool().Stats().Dials; dials != first {
		t.Errorf("%d connections were opened, want none: each transaction gives its connection back in order", dials-first)
	}
}

// TestBlockingCommandsKeepOthersGoing: a session that blocks at the server is in nobody's way.
func TestBlockingCommandsKeepOthersGoing(t *testing.T) {
	t.Parallel()
	c := clientOf(t, redistest.Start(t).Addr(), 2)
	first, second := over(t, c), over(t, c)
	first.write("PING; BLPOP l 0; PING")
	if got := first.says(1); got != "+PONG\r\n" {
		t.Errorf("%q, want the reply to what stands before the blocking command", got)
	}
	popped := make(chan string, 1)
	go func() { popped <- first.says(2) }()
	redistest.Eventually(t, 5*time.Second, "somebody waits for the list", func() bool {
		clients, err := c.ClientList(t.Context())
		ok(t, err)
		return slices.ContainsFunc(clients, func(info redis.ClientDetails) bool { return strings.Contains(info.Flags, "b") })
	})
	second.exchange("LPUSH l x", ":1\r\n", "it is another session's turn")
	if got := <-popped; got != "*2\r\n$1\r\nl\r\n$1\r\nx\r\n+PONG\r\n" {
		t.Errorf("%q, want the element", got)
	}
}

func TestSessionsDoNotMeet(t *testing.T) {
	t.Parallel()
	c := clientOf(t, redistest.Start(t).Addr(), 2)
	first, second := over(t, c), over(t, c)
	first.exchange("SELECT 3; SET k three; CLIENT SETNAME me; CLIENT GETNAME", "+OK\r\n+OK\r\n+OK\r\n$2\r\nme\r\n", "")
	second.exchange("GET k; CLIENT GETNAME", "_\r\n_\r\n", "databases and names are of the session")
	first.exchange("GET k", "$5\r\nthree\r\n", "")
	first.exchange("CLIENT SETNAME bad\x01name", "-ERR Client names cannot contain spaces, newlines or special characters.\r\n", "as a server says")
	if peak := c.Pool().Stats().Peak; peak != 1 {
		t.Errorf("%d connections, want 1", peak)
	}
	first.exchange("CLIENT NO-EVICT on; GET k", "+OK\r\n$5\r\nthree\r\n", "with a connection of its own it stays in its database")
	first.exchange("RESET; GET k", "+RESET\r\n_\r\n", "as at the beginning")
	first.exchange("QUIT", "+OK\r\n", "")
	if err := first.fails(); err.Error() != "EOF" {
		t.Errorf("%v, want EOF after QUIT", err)
	}
}

func TestHello(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.Password("secret"))
	pool, err := fairlead.NewPool(&fairlead.Options{Addr: server.Addr(), Password: "secret", Protocol: 3})
	ok(t, err)
	t.Cleanup(func() { _ = pool.Close() })
	c := fairlead.NewClient(pool)
	const wrong = "-WRONGPASS the fairlead pool behind this connection logs in for itself"
	for _, row := range []struct{ commands, begins, why string }{
		{"HELLO 3 AUTH default secret SETNAME me; CLIENT GETNAME", "%7\r\n$6\r\nserver\r\n$5\r\nredis\r\n", "the pool's own credentials"},
		{"HELLO 3 AUTH default wrong", wrong, "others are refused"},
		{"HELLO 3 AUTH somebody secret", wrong, "others are refused"},
		{"AUTH wrong", wrong, "others are refused"},
		{"AUTH secret", "+OK\r\n", "the user is default"},
		{"AUTH default secret", "+OK\r\n", ""},
		{"AUTH", "-ERR wrong number of arguments for 'auth' command\r\n", ""},
		{"AUTH a b c", "-ERR wrong number of arguments for 'auth' command\r\n", ""},
		{"HELLO 4", "-NOPROTO unsupported protocol version\r\n", ""},
		{"HELLO x", "-ERR Protocol version is not an integer or out of range\r\n", ""},
		{"HELLO 3 FOO", "-ERR Syntax error in HELLO option 'FOO'\r\n", ""},
		{"HELLO 3 AUTH default", "-ERR Syntax error in HELLO option 'AUTH'\r\n", ""},
		{"HELLO 2", "-NOPROTO the fairlead pool behind this connection speaks RESP3, not RESP2", "replies would have other shapes"},
		{"GET k", "-NOPROTO the fairlead pool", "who says nothing speaks RESP2"},
		{"CLIENT MAINT_NOTIFICATIONS ON", "-ERR unknown subcommand", "nothing may come unasked"},
		{"SUBSCRIBE c", "-ERR SUBSCRIBE is not carried", "nothing may come unasked"},
		{"CLIENT TRACKING ON", "-ERR CLIENT TRACKING is not carried", "nothing may come unasked"},
		{"CLIENT REPLY OFF", "-ERR CLIENT REPLY is not carried", "others need their replies"},
		{"MONITOR", "-ERR MONITOR is not carried", "nothing may come unasked"},
	} {
		x := over(t, c)
		if got := x.says(x.write(row.commands)); !strings.HasPrefix(got, row.begins) {
			t.Errorf("%s\n got %q\nwant %q…: %s", row.commands, got, row.begins, row.why)
		}
	}
	if peak := pool.Stats().Peak; peak != 1 {
		t.Errorf("%d connections, want 1: none of this is the server's", peak)
	}
}

// TestRefusedInATransaction: what is refused here must keep the transaction from running, as what the server refuses does.
func TestRefusedInATransaction(t *testing.T) {
	t.Parallel()
	c := clientOf(t, redistest.Start(t).Addr(), 2)
	x := over(t, c)
	const abort = "-EXECABORT Transaction discarded because of previous errors.\r\n"
	for _, refused := range []string{"SUBSCRIBE c", "HELLO 3", "AUTH p", "CLIENT TRACKING ON"} {
		got := x.says(x.write("MULTI; SET k v; " + refused + "; EXEC; GET k"))
		if !strings.HasPrefix(got, "+OK\r\n+QUEUED\r\n-") || !strings.HasSuffix(got, abort+"_\r\n") {
			t.Errorf("%s: %q, want the transaction discarded", refused, got)
		}
	}
	x.exchange("MULTI; SET k v; EXEC; GET k", "+OK\r\n+QUEUED\r\n*1\r\n+OK\r\n$1\r\nv\r\n", "the next one is not affected")
}

func TestWait(t *testing.T) {
	t.Parallel()
	x := over(t, clientOf(t, redistest.Start(t).Addr(), 2))
	x.exchange("SET k v; WAIT 0 10", "+OK\r\n:0\r\n", "in one pipeline it is about the SET")
	if got := x.says(x.write("WAIT 0 10")); !strings.HasPrefix(got, "-ERR WAIT is about what was sent before") {
		t.Errorf("%q, want a refusal: nobody knows which connection that went over", got)
	}
}
