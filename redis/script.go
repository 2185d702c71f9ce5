package redis

import (
	"context"
	"crypto/fips140"
	"crypto/sha1"
	"encoding/hex"
	"errors"

	"github.com/fairlead-go/fairlead/resp"
)

// A Script is a Lua script that a server keeps by the SHA1 of its source, so that running it does not send the source every time:
//
//	var incr = redis.NewScript("return redis.call('INCRBY', KEYS[1], ARGV[1])")
//
//	n, err := fairlead.As[int](incr.Run(ctx, c, []string{"hits"}, 5))
//	n, err := fairlead.Do(ctx, c, redis.As[int](incr.Cmd([]string{"hits"}, 5))) // the same
//	hits := fairlead.Queue(p, redis.As[int](incr.Cmd([]string{"hits"}, 5)))     // in a Pipe or a Tx
//
// Run by itself a script is sent as EVALSHA. A server that answers NOSCRIPT, because it was restarted or told to forget its scripts,
// has not run it; it is sent once more then, as EVAL with its source, which the server keeps. A script that answers with an error
// of its own must not give it the code NOSCRIPT.
//
// In a pipe and in a transaction nothing can be mended afterwards, since what comes behind the script would have run before it. There the
// script is sent as EVAL where it comes first, and as EVALSHA from there on. So a user of the server who may run EVALSHA only must
// queue [EvalSha]. In a pipe that is no transaction somebody else's SCRIPT FLUSH may come in between: the error then is NOSCRIPT.
//
// A script that is no Lua is an error in the server's words. What a script returns is told at [Eval].
//
// Make scripts once, as variables of a package. A Script is immutable and safe for concurrent use.
type Script struct {
	source, hash   string
	byHash, readBy Spec // EVALSHA and EVALSHA_RO of this script
}

// NewScript returns a script of this source. Nothing is sent.
func NewScript(source string) *Script {
	s := &Script{source: source}
	fips140.WithoutEnforcement(func() { // it is a name, not a secret
		sum := sha1.Sum([]byte(source))
		s.hash = hex.EncodeToString(sum[:])
	})
	s.byHash, s.readBy = s.spec(specEvalsha), s.spec(specEvalshaRo)
	return s
}

// spec is the command with the script that it runs.
func (s *Script) spec(of *Spec) Spec {
	own := *of
	own.script, own.words = s, 0 // a script may be made before the package's own specs are encoded
	own.encode()
	return own
}

// Hash returns the SHA1 of the source in 40 hexadecimal digits, as [EvalSha] takes it.
func (s *Script) Hash() string { return s.hash }

// Source returns the script's source.
func (s *Script) Source() string { return s.source }

// Cmd returns the command that runs the script with these KEYS and ARGV.
func (s *Script) Cmd(keys []string, args ...any) Cmd[resp.Reply] {
	if !s.made() {
		return unmade(specEvalsha)
	}
	return s.command(&s.byHash, keys, args)
}

// CmdRO is Cmd for a script that only reads, so that it may run at a replica and be sent again: it is an error of the script to
// write. Since Redis 7.0.0.
func (s *Script) CmdRO(keys []string, args ...any) Cmd[resp.Reply] {
	if !s.made() {
		return unmade(specEvalshaRo)
	}
	return s.command(&s.readBy, keys, args)
}

func (s *Script) command(spec *Spec, keys []string, args []any) (c Cmd[resp.Reply]) {
	c.is(spec, readRaw)
	c.text(s.hash)
	c.int(int64(len(keys)))
	c.keys(keys)
	c.values(args)
	return c
}

func (s *Script) made() bool { return s != nil && s.hash != "" }

// unmade is the command of a Script that NewScript did not make.
func unmade(spec *Spec) (c Cmd[resp.Reply]) {
	c.is(spec, readRaw)
	c.fail(errors.New("a zero Script has no source: make scripts by NewScript"))
	return c
}

// A Runner runs the commands of scripts: a *fairlead.Client, what Client.DB returns, a *fairlead.Conn, a *fairlead.Tx.
// Tests may have one of their own.
type Runner interface {
	// RunScript sends the command and returns its reply, as Cmd.Read reads it. If the server lacks the script, it sends [Request.InFull].
	RunScript(ctx context.Context, c Cmd[resp.Reply]) (resp.Reply, error)
}

// Run runs the script with these KEYS and ARGV and returns its reply: the function As of the root package reads it as a Go type, and
// the methods of [resp.Reply] do. What it returns as nil or false is a null, which is no error here but Nil for As.
func (s *Script) Run(ctx context.Context, c Runner, keys []string, args ...any) (resp.Reply, error) {
	return c.RunScript(ctx, s.Cmd(keys, args...))
}

// RunRO is Run for a script that only reads, as [Script.CmdRO] is.
func (s *Script) RunRO(ctx context.Context, c Runner, keys []string, args ...any) (resp.Reply, error) {
	return c.RunScript(ctx, s.CmdRO(keys, args...))
}

// Load lets the server keep the script without running it. There is no need to, but servers later than Redis 7.0 keep
// only the 500 scripts brought by EVAL that were used last, and forget none that were loaded.
func (s *Script) Load(ctx context.Context, c Runner) error {
	if !s.made() {
		_, err := c.RunScript(ctx, unmade(specScriptLoad))
		return err
	}
	_, err := c.RunScript(ctx, As[resp.Reply](ScriptLoad(s.source)))
	return err
}

// Exists reports whether the server has the script.
func (s *Script) Exists(ctx context.Context, c Runner) (bool, error) {
	if !s.made() {
		_, err := c.RunScript(ctx, unmade(specScriptExists))
		return false, err
	}
	command := ScriptExists(s.hash)
	r, err := c.RunScript(ctx, As[resp.Reply](command))
	if err != nil {
		return false, err
	}
	there, err := command.Read(r)
	return err == nil && len(there) == 1 && there[0], err
}

// Script returns the script that the command runs by its hash; nil if it is another command.
func (r *Request) Script() *Script {
	if r.spec == nil {
		return nil
	}
	return r.spec.script
}

// InFull returns the command with the source of its script in the place of its hash. Other commands are returned as they are.
func (r *Request) InFull() Request {
	full := *r
	s := r.Script()
	if s == nil || r.n == 0 {
		return full
	}
	full.spec = specEval
	if r.spec.Flags.Has(ReadOnly) {
		full.spec = specEvalRo
	}
	full.head[0] = textArg(s.source)
	full.long = full.long || len(s.source) >= LongValue
	return full
}
