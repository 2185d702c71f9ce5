package fairlead

import (
	"context"

	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// RunScript runs the command of a script; [redis.Script.Run] calls it.
func (c Commands) RunScript(ctx context.Context, cmd redis.Cmd[resp.Reply]) (resp.Reply, error) {
	return Do(ctx, c, cmd)
}

// lacksScript reports whether the server answered that it does not have the script that the command runs. It has not run then.
func lacksScript(r *redis.Request, reply resp.Reply) bool {
	if r.Script() == nil {
		return false
	}
	refusal, ok := reply.Err().(*Error)
	return ok && refusal.Code == "NOSCRIPT"
}

// doInFull is Do for a command whose script the server does not have: it is sent with the source, which the server keeps.
func doInFull[T any](ctx context.Context, rt RoundTripper, cmd *redis.Cmd[T]) (T, error) {
	full := *cmd
	full.Request = cmd.InFull()
	return Do(ctx, rt, full)
}

// scripts are those that were queued in a batch with their source, so that the server has them from there on.
type scripts map[*redis.Script]struct{}

// mostScripts is how many a batch relies on: servers forget scripts of which there are more than 500.
const mostScripts = 100

// queued gives a command of a script its source, unless an earlier command brings it: when the server answers that it does not have
// a script, the commands behind it have run already.
func (s *scripts) queued(r *redis.Request) {
	script := r.Script()
	switch {
	case script == nil && r.Name() == "SCRIPT FLUSH":
		*s = nil
	case script == nil:
	case !s.have(script):
		if *s == nil || len(*s) == mostScripts {
			*s = make(scripts)
		}
		(*s)[script] = struct{}{}
		*r = r.InFull()
	}
}

func (s *scripts) have(script *redis.Script) bool {
	_, have := (*s)[script]
	return have
}
