package wire

import (
	"context"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// own is a connection of the pool that a session has to itself: as long as it watches keys or queues a transaction, or for good once
// its state is another than that of the others.
type own struct {
	conn     *fairlead.Conn
	multi    bool // between MULTI and EXEC
	poisoned bool // a command was refused here since MULTI
	watching bool
	forGood  bool
}

func takeOwn(ctx context.Context, from fairlead.Commands) (*own, error) {
	c, err := from.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &own{conn: c}, nil
}

// stepOwn is step over the session's own connection: everything goes as it is.
func (s *session) stepOwn(ctx context.Context, queue []command, out []byte) (n int, _ []byte, err error) {
	o := s.own
	if o.poisoned && queue[0].Name() == "EXEC" {
		out, err = o.abort(ctx, out)
		n = 1
	} else {
		n = s.togetherOwn(queue)
		out, err = s.send(ctx, o.conn.Commands, queue[:n], out, func(i int, refused error) { o.note(&queue[i], refused) })
	}
	if err == nil && !o.multi && !o.watching && !o.forGood {
		s.end()
	}
	return n, out, err
}

// togetherOwn returns how many commands at the head of the queue make one pipe.
func (s *session) togetherOwn(queue []command) int {
	multi := s.own.multi
	for i := range queue {
		c := &queue[i]
		if i > 0 && (c.last || c.refusal != "" || s.answers(c, multi) || c.Has(redis.Blocking) && !multi || c.Name() == "EXEC" && s.own.poisoned) {
			return i
		}
		switch c.Name() {
		case "MULTI":
			multi = true
		case "EXEC", "DISCARD":
			return i + 1
		case "UNWATCH":
			if !multi {
				return i + 1
			}
		}
		if c.Has(redis.Blocking) && !multi {
			return i + 1
		}
	}
	return len(queue)
}

// note takes in what a command did to the connection; refused is the server's error, if that was its reply.
func (o *own) note(c *command, refused error) {
	answer, _ := serverError(refused)
	switch c.Name() {
	case "MULTI":
		o.multi = o.multi || refused == nil
	case "WATCH":
		o.watching = o.watching || refused == nil
	case "UNWATCH":
		o.watching = o.watching && (refused != nil || o.multi)
	case "EXEC", "DISCARD":
		if refused == nil || answer != nil && answer.Code == "EXECABORT" {
			o.multi, o.poisoned, o.watching = false, false, false
		}
	default:
		o.forGood = o.forGood || c.Stateful() && refused == nil
	}
}

// abort answers EXEC for a transaction in which a command was refused here, of which the server knows nothing.
func (o *own) abort(ctx context.Context, out []byte) ([]byte, error) {
	if _, err := fairlead.Do(ctx, o.conn, redis.New[resp.Reply]("DISCARD")); err != nil {
		return out, err
	}
	o.multi, o.poisoned, o.watching = false, false, false
	return appendError(out, aborted), nil
}
