package wire

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// An answer is how a command is answered here and not by a server, because it is about the client's connection, of which no server knows.
type answer struct {
	give  func(s *session, ctx context.Context, c *command, out []byte) ([]byte, error)
	when  when
	words int // how many the command has; negative: at least so many
}

// A when says in which states of a session a command is answered here. In the others it goes to the session's own connection.
type when int

const (
	// alone: while the session has no connection to itself.
	alone when = iota
	// outside: but between MULTI and EXEC.
	outside
	// anywhere: always.
	anywhere
)

// answers reports whether the command is answered here, in a transaction or not.
func (s *session) answers(c *command, inMulti bool) bool {
	if c.answer == nil {
		return false
	}
	switch c.answer.when {
	case alone:
		return s.own == nil
	case outside:
		return !inMulti
	}
	return true
}

var answers = map[string]*answer{
	"HELLO":          {(*session).hello, anywhere, -1},
	"AUTH":           {(*session).auth, anywhere, -2},
	"RESET":          {(*session).reset, anywhere, 1},
	"QUIT":           {(*session).quit, anywhere, -1},
	"CLIENT SETNAME": {(*session).setName, outside, 3},
	"CLIENT GETNAME": {(*session).getName, outside, 2},
	"CLIENT SETINFO": {says("OK"), outside, 4},
	"SELECT":         {(*session).selectDB, alone, 2},
	"UNWATCH":        {says("OK"), alone, 1},
	"EXEC":           {(*session).exec, alone, -1},
	"DISCARD":        {fails("ERR DISCARD without MULTI"), alone, 1},
}

func says(text string) func(*session, context.Context, *command, []byte) ([]byte, error) {
	return func(_ *session, _ context.Context, _ *command, out []byte) ([]byte, error) {
		return appendStatus(out, text), nil
	}
}

func fails(text string) func(*session, context.Context, *command, []byte) ([]byte, error) {
	return func(_ *session, _ context.Context, _ *command, out []byte) ([]byte, error) {
		return appendError(out, text), nil
	}
}

// exec answers EXEC where no transaction was begun, as servers since Redis 6.2 do.
func (s *session) exec(_ context.Context, c *command, out []byte) ([]byte, error) {
	if len(c.words) > 1 {
		return appendError(out, "EXECABORT Transaction discarded because of: "+strings.TrimPrefix(wrongNumber(c), "ERR ")), nil
	}
	return appendError(out, "ERR EXEC without MULTI"), nil
}

func (s *session) quit(_ context.Context, _ *command, out []byte) ([]byte, error) {
	return appendStatus(out, "OK"), io.EOF
}

func (s *session) reset(_ context.Context, _ *command, out []byte) ([]byte, error) {
	s.end()
	s.view, s.name, s.protocol = s.client.Commands, "", 2
	return appendStatus(out, "RESET"), nil
}

func (s *session) setName(_ context.Context, c *command, out []byte) ([]byte, error) {
	if !isName(c.words[2]) {
		return appendError(out, badName), nil
	}
	s.name = c.words[2]
	return appendStatus(out, "OK"), nil
}

func (s *session) getName(_ context.Context, _ *command, out []byte) ([]byte, error) {
	if s.name == "" {
		return s.appendReply(out, resp.Reply{}), nil
	}
	return resp.AppendBulk(out, s.name), nil
}

const badName = "ERR Client names cannot contain spaces, newlines or special characters."

func isName(name string) bool {
	for i := range len(name) {
		if name[i] < '!' || name[i] > '~' {
			return false
		}
	}
	return true
}

// answerHere answers the command, or says that it has too many or too few words.
func (s *session) answerHere(ctx context.Context, c *command, out []byte) ([]byte, error) {
	want := c.answer.words
	if len(c.words) < max(want, -want) || want > 0 && len(c.words) > want {
		return s.refuse(out, wrongNumber(c)), nil
	}
	return c.answer.give(s, ctx, c, out)
}

func wrongNumber(c *command) string {
	return "ERR wrong number of arguments for '" + strings.ReplaceAll(strings.ToLower(c.Name()), " ", "|") + "' command"
}

// selectDB changes the session's view. The server is asked whether it has the database: PING makes sure of it, whatever it answers.
func (s *session) selectDB(ctx context.Context, c *command, out []byte) ([]byte, error) {
	n, err := strconv.Atoi(c.words[1])
	if err != nil {
		return appendError(out, "ERR value is not an integer or out of range"), nil
	}
	if n < 0 {
		return appendError(out, "ERR DB index is out of range"), nil
	}
	view := s.client.DB(n)
	_, err = fairlead.Do(ctx, view, redis.New[resp.Reply]("PING"))
	if call, ok := errors.AsType[*fairlead.CallError](err); ok {
		if refused, ok := errors.AsType[*fairlead.Error](call); ok && !call.Sent {
			return appendError(out, refused.Message), nil
		}
		return out, err
	}
	if _, ok := serverError(err); err != nil && !ok {
		return out, err
	}
	s.view = view
	return appendStatus(out, "OK"), nil
}
