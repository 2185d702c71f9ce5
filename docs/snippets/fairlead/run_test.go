package fairlead

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redistest"
)

func TestMain(m *testing.M) { redistest.Main(m) }

// TestSnippets runs what can be run against a server: no snippet fails, and those that leave something leave what they say.
func TestSnippets(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	c, err := fairlead.Open(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ctx := t.Context()
	for _, prepare := range [][]string{{"SET", "visits", "1"}, {"RPUSH", "jobs", "j1"}, {"SET", "stock", "3"}} {
		if _, err := server.Do(prepare...); err != nil {
			t.Fatal(err)
		}
	}
	for name, snippet := range map[string]func(context.Context, *fairlead.Client) error{
		"getset": getset, "expiry": expiry, "nx": nx, "hash": hash, "pipeline": pipeline, "watch": watch, "blocking": blocking,
		"scan": scan, "pubsub": pubsub, "streams": streams, "timeouts": timeouts, "retries": retries, "databases": databases,
	} {
		if err := ignoreNil(snippet(ctx, c)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, want := range []struct{ command, reply string }{{"GET stock", "4"}, {"GET lock", "worker-1"}, {"HGET user:1 age", "36"}, {"LLEN jobs", "0"}} {
		if got, err := server.Do(strings.Fields(want.command)...); got != want.reply || err != nil {
			t.Errorf("%s gives %q, %v, want %q", want.command, got, err, want.reply)
		}
	}
	if left, err := takeStock(ctx, c, 3); left != 1 || err != nil {
		t.Errorf("3 taken of 4 leave %d, %v", left, err)
	}
	if err := closing(ctx, c); err != nil {
		t.Error(err)
	}
	if _, err := c.Get(ctx, "name"); !errors.Is(err, fairlead.ErrClosed) {
		t.Errorf("after closing: %v", err)
	}
}

// TestOptions: the options in the snippets are valid.
func TestOptions(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func() (*fairlead.Client, error){"connect": connect, "options": options} {
		c, err := open()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		c.Close()
	}
	for name, o := range map[string]fairlead.Options{"pool": pool(), "hooks": hooks()} {
		p, err := fairlead.NewPool(&o)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		p.Close()
	}
	if _, err := tls(); err == nil {
		t.Error("a file of authorities that is not there is no error")
	}
	failures(fairlead.Nil)
}
