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
	scan    *resp.Scanner
	server  *redistest.Server
	product string // "redis 8.0.6"
	table   table
	unknown map[string]bool // commands that this server does not know
}

// TestLive runs every command against every server there is, under RESP2 and RESP3, and expects the same values.
func TestLive(t *testing.T) {
	t.Parallel()
	all := serverTable(t)
	for _, product := range redistest.Servers(t) {
		for protocol := 2; protocol <= 3; protocol++ {
			t.Run(fmt.Sprintf("%s RESP%d", product.Name, protocol), func(t *testing.T) {
				t.Parallel()
				users := filepath.Join(t.TempDir(), "users.acl")
				if err := os.WriteFile(users, nil, 0o600); err != nil {
					t.Fatal(err)
				}
				server := redistest.Start(t, redistest.Binary(product.Binary), redistest.AppendOnly(), redistest.Config(
					fmt.Sprintf("aclfile %q", users), "latency-monitor-threshold 1", "slowlog-log-slower-than 0", "enable-debug-command local"))
				l := &live{
					t: t, server: server, table: all, unknown: make(map[string]bool),
					product: strings.Replace(product.Name, "-", " ", 1),
				}
				l.connect(protocol)
				for _, group := range []func(*live){
					liveConnection, liveGeneric, liveHash, liveList, liveSet, liveSortedSet, liveString, liveServer,
				} {
					group(l)
					succeed(l, FlushAll())
				}
				t.Logf("%d commands are unknown to %s: %s", len(l.unknown), l.product, strings.Join(sorted(l.unknown), ", "))
				liveShutdown(l)
			})
		}
	}
}

func sorted(set map[string]bool) (names []string) {
	for name := range set {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
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

// roundTrip sends a command's bytes and waits for one reply that is no push.
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
		case ok && r.Kind() != resp.Push:
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
	return c.Read(r)
}

// lacks reports whether err says that the server does not know the command, and whether the table agrees.
func (l *live) lacks(name string, err error) bool {
	e, ok := errors.AsType[*resp.Error](err)
	unknown := ok && (strings.Contains(e.Message, "unknown command") || strings.Contains(e.Message, "unknown subcommand"))
	listed := slices.Contains(l.table.Servers, l.product)
	for _, c := range l.table.Commands {
		if c.Name == name && listed && slices.Contains(c.Servers, l.product) == unknown {
			l.t.Errorf("%s: the table and %s do not agree on whether it exists (%v)", name, l.product, err)
		}
	}
	if unknown {
		l.unknown[name] = true
	}
	return unknown
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
	}
}

func succeed(l *live, c Cmd[struct{}]) {
	l.t.Helper()
	expect(l, struct{}{}, c)
}

// expectNil runs a command that finds nothing.
func expectNil[T any](l *live, c Cmd[T]) {
	l.t.Helper()
	got, err := ask(l, c)
	if !l.lacks(c.Name(), err) && err != Nil {
		l.t.Errorf("%s: %+v, %v, want Nil", c.Name(), got, err)
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
	}
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
	got, err := ask(l, c)
	if _, ok := errors.AsType[*resp.Error](err); !ok {
		l.t.Errorf("%s: %+v, %v, but %s is too old for the option", c.Name(), got, err, l.product)
	}
	if err != nil && strings.Contains(err.Error(), "unknown command") {
		l.unknown[c.Name()] = true
	}
}
