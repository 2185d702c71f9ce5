package redis

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/fairlead-go/fairlead/resp"
)

// A Library is the source of functions that a server keeps by their names, with its data and at its replicas. Since Redis 7.0.0.
//
//	var counters = redis.NewLibrary(`#!lua name=counters
//	redis.register_function('hit', function(keys, args)
//		return redis.call('INCRBY', keys[1], args[1])
//	end)`)
//
//	n, err := fairlead.As[int](counters.Call(ctx, c, "hit", []string{"hits"}, 5))
//
// A server that answers that there is no such function has not run it. It is given the library then, and the function is called once
// more. A library of that name that the server has already is never replaced so: [Library.Load] does that, as part of a deployment.
// A function must not make up the error "ERR Function not found" itself.
//
// In a pipe and in a transaction nothing can be mended afterwards: call Load before, and queue [FCall]. In a cluster
// each primary has libraries of its own.
//
// Make libraries once, as variables of a package. A Library is immutable and safe for concurrent use.
type Library struct{ code string }

// NewLibrary returns a library of this source, whose first line names its language and itself, as in "#!lua name=counters".
// Nothing is sent.
func NewLibrary(code string) *Library { return &Library{code} }

// Code returns the library's source.
func (l *Library) Code() string { return l.code }

// Load brings the library to the server, in the place of one of the same name. What is no library is an error in the server's words.
func (l *Library) Load(ctx context.Context, c Runner) error {
	_, err := l.load(ctx, c, FunctionLoadReplace)
	return err
}

// Call calls a function of the library with these keys and arguments and returns its reply: the function As of the root package reads
// it as a Go type. What it returns as nil or false is a null, which is no error here but Nil for As. If the server lacked the
// library and could not be given it, the error says why, and nothing has run.
func (l *Library) Call(ctx context.Context, c Runner, function string, keys []string, args ...any) (resp.Reply, error) {
	return l.call(ctx, c, FCall(function, keys, args...))
}

// CallRO is Call for a function that has the flag no-writes, as [FCallRO] is.
func (l *Library) CallRO(ctx context.Context, c Runner, function string, keys []string, args ...any) (resp.Reply, error) {
	return l.call(ctx, c, FCallRO(function, keys, args...))
}

func (l *Library) call(ctx context.Context, c Runner, call Cmd[resp.Reply]) (resp.Reply, error) {
	if !l.made() {
		return c.RunScript(ctx, unmadeLibrary(call.spec))
	}
	reply, err := c.RunScript(ctx, call)
	if !saysError(err, noFunction) {
		return reply, err
	}
	reply, err = l.load(ctx, c, FunctionLoad)
	there := saysError(err, "ERR Library '") // perhaps somebody else brought it at the same moment
	if err != nil && !there {
		return reply, err
	}
	reply, err = c.RunScript(ctx, call)
	if there && saysError(err, noFunction) {
		err = fmt.Errorf("%w: its library is there; is the name right? If it is an older version, Library.Load replaces it", err)
	}
	return reply, err
}

const noFunction = "ERR Function not found"

func (l *Library) load(ctx context.Context, c Runner, how func(code string) Cmd[string]) (resp.Reply, error) {
	if !l.made() {
		return c.RunScript(ctx, unmadeLibrary(specFunctionLoad))
	}
	return c.RunScript(ctx, As[resp.Reply](how(l.code)))
}

func (l *Library) made() bool { return l != nil && l.code != "" }

// unmadeLibrary is the command of a Library that has no source.
func unmadeLibrary(spec *Spec) (c Cmd[resp.Reply]) {
	c.is(spec, readRaw)
	c.fail(errors.New("the Library has no source: make libraries by NewLibrary"))
	return c
}

// saysError reports whether a server refused with a sentence that begins so.
func saysError(err error, sentence string) bool {
	var refused *resp.Error
	return errors.As(err, &refused) && strings.HasPrefix(refused.Message, sentence)
}
