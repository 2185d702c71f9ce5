package redis

import (
	"errors"

	"github.com/fairlead-go/fairlead/resp"
)

// Nil is the error of a command whose reply says that there is nothing: the key, the field or the element does not exist,
// or a condition was not met. It comes only where a command's documentation says so, and it is no failure.
var Nil = errors.New("redis: nil")

// A Cmd is a command to send now or later whose reply is read as a T. It is a value: build, keep, copy, send twice.
type Cmd[T any] struct {
	Request
	read func(resp.Reply) (T, error)
}

// Read interprets a reply as the command's result. The error is [Nil], a *resp.Error if the server answered with one,
// or a *resp.TypeError if the reply does not fit.
func (c *Cmd[T]) Read(r resp.Reply) (T, error) {
	if err := r.Err(); err != nil {
		var none T
		return none, err
	}
	if c.read == nil {
		var none T
		return none, errNoReader
	}
	return c.read(r)
}

// Reader returns what reads the command's replies, those aside that are errors of the server. Unlike the method value c.Read it
// holds on to nothing of the command.
func (c *Cmd[T]) Reader() func(resp.Reply) (T, error) {
	if c.read == nil {
		return func(resp.Reply) (none T, err error) { return none, errNoReader }
	}
	return c.read
}

var errNoReader = errors.New("the command does not know how to read its reply: build it with a constructor of package redis, or by New or As")

// Idempotent marks the command as safe to be run more than once: it may be sent again after a connection broke
// before its reply came. The caller chooses at-least-once for this one command.
func Idempotent[T any](c Cmd[T]) Cmd[T] {
	c.again = true
	return c
}

// is makes c the command that s is about. Constructors have c as their result, which spares them copies of it.
func (c *Cmd[T]) is(s *Spec, read func(resp.Reply) (T, error)) {
	c.spec, c.flags, c.read = s, s.Flags, read
}
