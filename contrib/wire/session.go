package wire

import (
	"context"
	"io"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
)

// A session is what a server would remember of its client: database, name, protocol, and whether it is in a transaction.
type session struct {
	client   *fairlead.Client
	view     fairlead.Commands // the client's, in the session's database
	name     string            // by CLIENT SETNAME
	protocol int               // what the other client speaks
	spoken   int               // what the pool speaks; 0: not known yet
	own      *own              // the connection that it has to itself; nil: none
}

func newSession(c *fairlead.Client) session {
	return session{client: c, view: c.Commands, protocol: 2}
}

// end gives back what the session has.
func (s *session) end() {
	if s.own != nil {
		_ = s.own.conn.Close() // the error is always nil
		s.own = nil
	}
}

// step carries out the commands at the head of the queue that go together, appends their replies, and returns how many they were. The
// error is why there are no more replies; io.EOF if the client wanted none.
func (s *session) step(ctx context.Context, queue []command, out []byte) (n int, _ []byte, err error) {
	c := &queue[0]
	if c.last {
		return 1, appendError(out, c.refusal), io.EOF
	}
	if c.refusal != "" {
		return 1, s.refuse(out, c.refusal), nil
	}
	if s.answers(c, s.inMulti()) {
		out, err = s.answerHere(ctx, c, out)
		return 1, out, err
	}
	if out, ok, err := s.understood(ctx, out); !ok {
		return 1, out, err
	}
	if s.own != nil {
		return s.stepOwn(ctx, queue, out)
	}
	if n := wholeTx(queue); n > 0 {
		out, err = s.transaction(ctx, queue[1:n-1], out)
		return n, out, err
	}
	if c.Stateful() {
		if s.own, err = takeOwn(ctx, s.view); err != nil {
			return 1, out, err
		}
		return s.stepOwn(ctx, queue, out)
	}
	if n = together(queue); n == 1 && c.Has(redis.OwnConn) {
		return 1, appendError(out, "ERR "+c.Name()+" is about what was sent before over the same connection: put it in one pipeline with that"), nil
	}
	out, err = s.send(ctx, s.view, queue[:n], out, nil)
	return n, out, err
}

// together returns how many commands at the head of the queue make one pipe.
func together(queue []command) int {
	n := 0
	for n < len(queue) && queue[n].isOrdinary() {
		n++
	}
	if n > 0 && n < len(queue) && queue[n].Has(redis.OwnConn) {
		n++
	}
	return max(1, n)
}

func (s *session) inMulti() bool { return s.own != nil && s.own.multi }

// refuse answers a command with an error, which keeps a transaction from running, as a server's would.
func (s *session) refuse(out []byte, why string) []byte {
	if s.inMulti() {
		s.own.poisoned = true
	}
	return appendError(out, why)
}

// understood reports whether the replies of the pool's connections are those that the client understands. If not, the error reply is
// appended, or there is an error.
func (s *session) understood(ctx context.Context, out []byte) (_ []byte, ok bool, _ error) {
	if s.spoken == 0 {
		if _, err := s.meet(ctx); err != nil {
			return out, false, err
		}
	}
	if s.protocol != s.spoken {
		return s.refuse(out, s.otherProtocol(s.protocol)), false, nil
	}
	return out, true, nil
}
