package redistest_test

import (
	"errors"
	"testing"

	"github.com/fairlead-go/fairlead/redistest"
)

func TestDoReturnsText(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	for _, step := range []struct {
		args []string
		want string
		why  string
	}{
		{[]string{"SET", "k", "a\r\nb"}, "OK", "a status as it is"},
		{[]string{"GET", "k"}, "a\r\nb", "a string byte by byte"},
		{[]string{"GET", "none"}, "(nil)", "a missing key, told from an empty one"},
		{[]string{"STRLEN", "k"}, "4", "a number in digits"},
		{[]string{"MGET", "k", "none"}, "a\r\nb\n(nil)", "elements one per line"},
		{[]string{"EVAL", "return {1, {2, 3}, redis.error_reply('ERR x')}", "0"}, "1\n2\n3\n(error) ERR x", "nested elements and errors"},
		{[]string{"LRANGE", "none", "0", "-1"}, "", "no elements, no lines"},
	} {
		if got := do(t, server, step.args...); got != step.want {
			t.Errorf("%q: %q, want %q: %s", step.args, got, step.want, step.why)
		}
	}
}

func TestDoReturnsTheServersErrors(t *testing.T) {
	t.Parallel()
	server := redistest.Default(t)
	_, err := server.Do("NOSUCHCOMMAND")
	refused, ok := errors.AsType[redistest.ReplyError](err)
	if !ok || refused.Error()[:4] != "ERR " {
		t.Errorf("error %v; want the server's reply", err)
	}
	if _, err := server.Do(); err == nil {
		t.Error("Do without a command was no error")
	}
}

func TestDoReplacesAKilledConnection(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	do(t, server, "SET", "n", "1")
	c := dial(t, "tcp", server.Addr())
	c.send("CLIENT KILL TYPE normal\r\n")
	c.want(":1\r\n") // the one of Do
	if got := do(t, server, "INCR", "n"); got != "2" {
		t.Errorf("n is %s: INCR must run once", got)
	}
}

func TestFlushAll(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	do(t, server, "SET", "k", "v")
	if err := server.FlushAll(); err != nil {
		t.Fatal(err)
	}
	if got := do(t, server, "DBSIZE"); got != "0" {
		t.Errorf("%s keys are left", got)
	}
}
