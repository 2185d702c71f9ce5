package redis

import (
	"io"
	"strings"
)

// liveTransactions runs the commands that a transaction is made of.
func liveTransactions(l *live) {
	ok := func(words ...any) {
		l.t.Helper()
		expect(l, "OK", New[string](words[0].(string), words[1:]...))
	}
	ok("WATCH", "k")
	ok("MULTI")
	expect(l, "QUEUED", New[string]("SET", "k", "1"))
	expect(l, "QUEUED", New[string]("INCR", "k"))
	expect(l, []any{"OK", int64(2)}, New[[]any]("EXEC"))

	ok("WATCH", "k")
	succeed(l.other(2), Set("k", "5", 0))
	ok("MULTI")
	expect(l, "QUEUED", New[string]("INCR", "k"))
	expectNil(l, New[[]any]("EXEC"))
	expect(l, "5", Get("k"))

	ok("WATCH", "k")
	succeed(l.other(2), Set("k", "6", 0))
	ok("UNWATCH")
	ok("MULTI")
	expect(l, "QUEUED", New[string]("INCR", "k"))
	ok("DISCARD")
	expect(l, "6", Get("k"))
	fails(l, "without multi", New[string]("EXEC"))
}

// liveSession is about the commands that change or end a connection, and those under an earlier name.
func liveSession(l *live) {
	o := l.other(l.protocol)
	succeed(l, ACLSetUser("ann", "on", ">secret", "+@all", "~*"))
	expect(o, "OK", New[string]("AUTH", "ann", "secret"))
	expect(o, "ann", ACLWhoAmI())
	such(o, New[map[string]any]("HELLO", 3), func(m map[string]any) bool {
		return m["proto"] == int64(3) && strings.HasSuffix(l.product, m["version"].(string)) && m["role"] == "master"
	}, "protocol 3, the version, a primary")
	expect(o, "OK", New[string]("SELECT", 3))
	succeed(o, Set("elsewhere", "v", 0))
	expectNil(l, Get("elsewhere"))
	expect(o, "OK", New[string]("CLIENT REPLY", "ON"))
	expect(o, "OK", New[string]("SCRIPT DEBUG", "NO"))
	expect(o, "RESET", New[string]("RESET"))
	expect(o, "default", ACLWhoAmI())
	expectNil(o, Get("elsewhere"))
	expect(o, "OK", New[string]("QUIT"))
	if _, err := o.roundTrip(nil); err != io.EOF {
		l.t.Errorf("after QUIT: %v, want the connection's end", err)
	}
	expect(l, 1, ACLDelUser("ann"))

	succeed(l, Set("k", "value", 0))
	expect(l, "al", New[string]("SUBSTR", "k", 1, 2))
	expect(l, false, New[bool]("SETNX", "k", "other"))
	expect(l, true, New[bool]("SETNX", "new", "v"))
	dump, err := ask(l, Dump("k"))
	if err != nil {
		l.t.Fatal(err)
	}
	expect(l, "OK", New[string]("RESTORE-ASKING", "copy", 0, dump))
	expect(l, "value", Get("copy"))
	expect(l, "OK", New[string]("DEBUG", "SLEEP", 0))

	m := l.other(2)
	expect(m, "OK", New[string]("MONITOR"))
	succeed(l, Set("watched", "v", 0))
	r, err := m.roundTrip(nil)
	if err != nil || !strings.Contains(r.Text(), `"SET" "watched" "v"`) {
		l.t.Errorf("MONITOR shows %q, %v", r.Text(), err)
	}
	m.Close()
}

// liveHelp asks each container of subcommands that the server lists for its help, except CLUSTER, which only nodes answer.
func liveHelp(l *live) {
	all, err := ask(l, Command())
	if err != nil {
		l.t.Fatal(err)
	}
	for _, name := range commandNames(all) {
		container, isHelp := strings.CutSuffix(name, " HELP")
		if !isHelp || container == "CLUSTER" {
			continue
		}
		helps(l, container)
	}
}

// helps asks a container of subcommands for its help.
func helps(l *live, container string) {
	l.t.Helper()
	such(l, New[[]string](container+" HELP"), func(lines []string) bool {
		return len(lines) > 3 && strings.HasPrefix(lines[0], container+" ") && lines[len(lines)-2] == "HELP"
	}, "the subcommands of "+container)
}
