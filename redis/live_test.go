package redis

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/redistest"
	"github.com/fairlead-go/fairlead/resp"
)

// A live is a connection to a real server, as plain as can be: a command goes out, its reply comes back.
type live struct {
	t *testing.T
	net.Conn
	scan     *resp.Scanner
	server   *redistest.Server
	product  string // "redis 8.0.6"
	protocol int
	pushes   bool // roundTrip returns pushes too
	table    table
	diary    *diary // what was seen
	last     resp.Reply
}

// A liveSuite is a part of the live tests that starts servers of its own.
type liveSuite struct {
	name string
	run  func(*liveRun)
}

var liveSuites = []liveSuite{
	{"commands", liveCommands},
	{"cluster", liveCluster},
	{"sentinel", liveSentinel},
}

// A liveRun is one run of a suite: against one server product, over one version of the protocol.
type liveRun struct {
	*testing.T
	product  redistest.Product
	protocol int
	diary    *diary
}

// TestLive runs every command against every server there is, under RESP2 and RESP3. Then it looks at what was seen: both give the
// same values, and each command that the servers list was there.
func TestLive(t *testing.T) {
	t.Parallel()
	for _, product := range redistest.Servers(t) {
		t.Run(product.Name, func(t *testing.T) {
			t.Parallel()
			seen := &record{product: product}
			t.Run("with", func(t *testing.T) {
				for _, suite := range liveSuites {
					for protocol := 2; protocol <= 3; protocol++ {
						t.Run(fmt.Sprintf("RESP%d %s", protocol, suite.name), func(t *testing.T) {
							t.Parallel()
							d := seen.diary(suite.name, protocol)
							suite.run(&liveRun{t, product, protocol, d})
							d.finished = !t.Failed()
						})
					}
				}
			})
			t.Run("RESP2 and RESP3 agree", seen.compare)
			t.Run("shares", func(t *testing.T) {
				if !seen.complete() {
					t.Skip("not every suite ran to its end, so nothing can be said about all commands")
				}
				seen.share(t)
			})
		})
	}
}

// start starts a server and connects to it; suffix is what the table's name for it has after the version.
func (run *liveRun) start(suffix string, opts ...redistest.Option) *live {
	run.Helper()
	l := &live{
		t: run.T, server: redistest.Start(run.T, append(opts, redistest.Binary(run.product.Binary))...), table: serverTable(run.T), diary: run.diary,
		product: strings.Replace(run.product.Name, "-", " ", 1) + suffix,
	}
	l.connect(run.protocol)
	return l
}

// liveCommands is about the commands of a server that stands alone.
func liveCommands(run *liveRun) {
	users := filepath.Join(run.TempDir(), "users.acl")
	if err := os.WriteFile(users, nil, 0o600); err != nil {
		run.Fatal(err)
	}
	l := run.start("", redistest.AppendOnly(), redistest.Config(
		fmt.Sprintf("aclfile %q", users), "latency-monitor-threshold 1", "slowlog-log-slower-than 0", "enable-debug-command local"))
	for _, group := range []func(*live){
		liveConnection, liveGeneric, liveHash, liveList, liveSet, liveSortedSet, liveString, liveServer,
		liveBitmap, liveGeo, liveHyperLogLog,
		liveStream,
		liveScripting, livePubSub,
		liveTransactions, liveSession, liveHelp,
	} {
		group(l)
		succeed(l, FlushAll())
	}
	liveShutdown(l)

	// Redis 8.0.6 cannot read an append-only file that has a VADD with CAS.
	l = run.start("")
	if _, err := ask(l, VCard("v")); !l.lacks("VCARD", err) {
		liveVectorSet(l)
	}
}

// connect opens the connection anew.
func (l *live) connect(protocol int) {
	l.t.Helper()
	conn, err := net.Dial("tcp", l.server.Addr())
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { conn.Close() })
	l.Conn, l.scan = conn, resp.NewScanner(resp.Limits{})
	l.protocol, l.pushes = protocol, false
	if _, err := ask(l, New[map[string]any]("HELLO", protocol)); err != nil {
		l.t.Fatal(err)
	}
}

// other is one more connection to the same server.
func (l *live) other(protocol int) *live {
	l.t.Helper()
	o := *l
	o.connect(protocol)
	return &o
}

// roundTrip sends a command's bytes and waits for one reply, which is no push unless these are wanted.
func (l *live) roundTrip(b []byte) (resp.Reply, error) {
	if err := l.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		return resp.Reply{}, err
	}
	if _, err := l.Write(b); err != nil {
		return resp.Reply{}, err
	}
	for {
		r, ok, err := l.scan.Next()
		switch {
		case err != nil:
			return resp.Reply{}, err
		case ok && (l.pushes || r.Kind() != resp.Push):
			return r, nil
		case ok:
			continue
		}
		n, err := l.Read(l.scan.Room())
		if err != nil {
			return resp.Reply{}, err
		}
		l.scan.Grew(n)
	}
}

func ask[T any](l *live, c Cmd[T]) (T, error) {
	l.t.Helper()
	var none T
	if err := c.Err(); err != nil {
		return none, err
	}
	r, err := l.roundTrip(c.Append(nil))
	if err != nil {
		l.t.Fatalf("%s: %v", c.Name(), err)
	}
	l.last = r
	return c.Read(r)
}

// note keeps what a command came to.
func (l *live) note(command string, o outcome, value any, err error) {
	l.diary.seen = append(l.diary.seen, observation{command, o, value, err})
}

// lacks reports whether err says that the server does not know the command, and whether the table agrees.
func (l *live) lacks(name string, err error) bool {
	e, ok := errors.AsType[*resp.Error](err)
	lacks := ok && (strings.Contains(e.Message, "unknown command") || strings.Contains(e.Message, "unknown subcommand"))
	listed := slices.Contains(l.table.Servers, l.product)
	for _, c := range l.table.Commands {
		if c.Name == name && listed && slices.Contains(c.Servers, l.product) == lacks {
			l.t.Errorf("%s: the table and %s do not agree on whether it exists (%v)", name, l.product, err)
		}
	}
	if lacks {
		l.note(name, unknown, nil, err)
	}
	return lacks
}

// expect runs a command and compares its result.
func expect[T any](l *live, want T, c Cmd[T]) {
	l.t.Helper()
	such(l, c, func(got T) bool { return reflect.DeepEqual(got, want) }, want)
}

// such runs a command and asks whether its result is right; hint says what is.
func such[T any](l *live, c Cmd[T], right func(T) bool, hint any) {
	l.t.Helper()
	got, err := ask(l, c)
	if l.lacks(c.Name(), err) {
		return
	}
	switch {
	case err != nil:
		l.t.Errorf("%s: %v, want %+v", c.Name(), err, hint)
	case !right(got):
		l.t.Errorf("%s: %+v, want %+v", c.Name(), got, hint)
	default:
		l.note(c.Name(), compared, got, nil)
	}
}

// succeed runs a command whose whole reply is OK.
func succeed(l *live, c Cmd[struct{}]) {
	l.t.Helper()
	such(l, c, func(struct{}) bool { return l.last.Text() == "OK" }, "OK")
}

// expectNil runs a command that finds nothing.
func expectNil[T any](l *live, c Cmd[T]) {
	l.t.Helper()
	got, err := ask(l, c)
	switch {
	case l.lacks(c.Name(), err):
	case err != Nil:
		l.t.Errorf("%s: %+v, %v, want Nil", c.Name(), got, err)
	default:
		l.note(c.Name(), nothing, got, nil)
	}
}

// fails runs a command that the server refuses with a sentence that has these words in it.
func fails[T any](l *live, words string, c Cmd[T]) {
	l.t.Helper()
	got, err := ask(l, c)
	if l.lacks(c.Name(), err) {
		return
	}
	if e, ok := errors.AsType[*resp.Error](err); !ok || !strings.Contains(strings.ToLower(e.Message), strings.ToLower(words)) {
		l.t.Errorf("%s: %+v, %v, want an error with %q", c.Name(), got, err, words)
		return
	}
	l.note(c.Name(), refused, nil, err)
}

// since reports whether the server is at least of one of these versions; "" is none.
func (l *live) since(redis, valkey string) bool {
	name, version, _ := strings.Cut(l.product, " ")
	from := redis
	if name == "valkey" {
		from = valkey
	}
	return from != "" && !older(version, from)
}

// older compares versions such as "7.0.15".
func older(a, b string) bool {
	var x, y [3]int
	fmt.Sscanf(a, "%d.%d.%d", &x[0], &x[1], &x[2])
	fmt.Sscanf(b, "%d.%d.%d", &y[0], &y[1], &y[2])
	return slices.Compare(x[:], y[:]) < 0
}

// expectSince is expect for an option that servers know since these versions; others answer with a syntax error.
func expectSince[T any](l *live, redis, valkey string, want T, c Cmd[T]) {
	l.t.Helper()
	if l.since(redis, valkey) {
		expect(l, want, c)
		return
	}
	fails(l, "", c)
}
