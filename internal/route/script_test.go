package route

import (
	"testing"

	"github.com/fairlead-go/fairlead/redis"
)

func one(r redis.Request) []redis.Request { return []redis.Request{r} }

// A script may end with any error, after it has written: only the server's own sentences prove that it did not begin.
func TestErrorOfAScriptIsNoRefusal(t *testing.T) {
	t.Parallel()
	const loading = "-LOADING Redis is loading the dataset in memory\r\n"
	script := command("EVAL", "redis.call('INCR', KEYS[1]) return redis.error_reply('TRYAGAIN later')", 1, "n")
	for name, test := range map[string]struct {
		cmds  []redis.Request
		reply string
		runs  int
	}{
		"a script's words":                  {one(script), "-TRYAGAIN later\r\n", 1},
		"a script's words that look alike":  {one(command("EVALSHA", "c0ffee", 0)), "-LOADING Redis is loading\r\n", 1},
		"a function's words":                {one(command("FCALL", "f", 0)), "-CLUSTERDOWN\r\n", 1},
		"a module's words":                  {one(command("MY.INCR", "n")), "-MASTERDOWN not now\r\n", 1},
		"the server refuses a script":       {one(script), loading, 2},
		"the server refuses a module":       {one(command("MY.INCR", "n")), "-TRYAGAIN Multiple keys request during rehashing of slot\r\n", 2},
		"another server refuses its own":    {one(command("INCR", "n")), "-LOADING Another is loading\r\n", 2},
		"a block with a script of this end": {[]redis.Request{command("GET", "k"), script}, "-TRYAGAIN a\r\n", 1},
	} {
		t.Run(name, func(t *testing.T) {
			n := len(test.cmds)
			replies := make([]string, 0, 2*n)
			for range n {
				replies = append(replies, test.reply)
			}
			for range n {
				replies = append(replies, "+OK\r\n")
			}
			scene{}.play(t, func(r *rig) {
				call := block(0, test.cmds...)
				if n == 1 {
					call.Request, call.Many = test.cmds[0], nil
				}
				if err := r.RoundTrip(r.ctx, call); err != nil {
					t.Error(err)
				}
				if ran := len(r.fake.Commands()); ran != test.runs*n {
					t.Errorf("%d commands were sent, want %d", ran, test.runs*n)
				}
			}, answers(replies...))
		})
	}
}
