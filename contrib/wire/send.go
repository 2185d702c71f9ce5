package wire

import (
	"context"
	"errors"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// send runs the commands as one pipe and appends their replies. The error is why one got none; the replies before it are there. Each is
// told of every reply: of its error, if it is one.
func (s *session) send(ctx context.Context, via fairlead.Commands, cmds []command, out []byte, each func(i int, refused error)) ([]byte, error) {
	if len(cmds) == 1 {
		reply, err := fairlead.Do(ctx, via, cmds[0].Cmd)
		return s.appendResult(out, 0, reply, err, each)
	}
	p := via.Pipeline()
	replies := queueAll(p, cmds)
	_ = p.Exec(ctx) // each reply has its own error
	for i, r := range replies {
		reply, err := r.Result()
		if out, err = s.appendResult(out, i, reply, err, each); err != nil {
			return out, err
		}
	}
	return out, nil
}

func queueAll(p *fairlead.Pipe, cmds []command) []*fairlead.Reply[resp.Reply] {
	replies := make([]*fairlead.Reply[resp.Reply], len(cmds))
	for i := range cmds {
		replies[i] = fairlead.Queue(p, cmds[i].Cmd)
	}
	return replies
}

// appendResult appends a command's reply, or the server's error; any other error is returned.
func (s *session) appendResult(out []byte, i int, reply resp.Reply, err error, each func(i int, refused error)) ([]byte, error) {
	refused, ok := serverError(err)
	if err != nil && !ok {
		return out, err
	}
	if each != nil {
		each(i, err)
	}
	if refused != nil {
		return appendError(out, refused.Message), nil
	}
	return s.appendReply(out, reply), nil
}

// serverError returns the server's answer that a command failed, if err is one and nothing else: some errors wrap one, to say that an earlier try
// of the command may have run all the same.
func serverError(err error) (refused *fairlead.Error, ok bool) {
	if err == nil {
		return nil, false
	}
	if _, unsure := errors.AsType[*fairlead.CallError](err); unsure {
		return nil, false
	}
	return errors.AsType[*fairlead.Error](err)
}

// appendReply appends a reply in the client's protocol, which is that of the server but for a null.
func (s *session) appendReply(out []byte, reply resp.Reply) []byte {
	if reply.IsNull() && s.protocol == 2 {
		return append(out, "$-1\r\n"...)
	}
	return reply.Append(out)
}

func appendError(out []byte, message string) []byte {
	return resp.AppendReply(out, resp.Value{Kind: resp.SimpleError, Str: message})
}

func appendStatus(out []byte, text string) []byte {
	return resp.AppendReply(out, resp.Value{Kind: resp.SimpleString, Str: text})
}

// wholeTx returns how many commands the transaction at the head of the queue has, MULTI and EXEC included; 0 if there is none, if it is
// not complete, or if something in it needs a connection of its own.
func wholeTx(queue []command) int {
	if queue[0].Name() != "MULTI" || len(queue[0].words) > 1 {
		return 0
	}
	for i := 1; i < len(queue); i++ {
		c := &queue[i]
		switch {
		case c.Name() == "EXEC" && len(c.words) == 1:
			return i + 1
		case c.refusal != "" || c.answer != nil || c.Stateful() || c.Has(redis.HangsUp):
			return 0
		}
	}
	return 0
}

const aborted = "EXECABORT Transaction discarded because of previous errors."

// transaction runs the commands between MULTI and EXEC and appends the replies that a server gives to all of them.
func (s *session) transaction(ctx context.Context, cmds []command, out []byte) ([]byte, error) {
	out = appendStatus(out, "OK")
	if len(cmds) == 0 {
		return resp.AppendArray(out, 0), nil
	}
	p := s.view.TxPipeline()
	replies := queueAll(p, cmds)
	err := p.Exec(ctx)
	if failed, ok := errors.AsType[*fairlead.PipeError](err); ok && failed.Aborted {
		return appendAborted(out, replies), nil
	}
	_, ran := errors.AsType[*fairlead.PipeError](err)
	refused, ok := serverError(err)
	switch {
	case err == nil || ran && ok:
		return s.appendExecuted(out, replies)
	case ok: // EXEC itself, or MULTI, was refused
		return appendError(appendQueued(out, len(cmds)), refused.Message), nil
	}
	return out, err
}

// appendExecuted appends what a server says to a transaction that has run.
func (s *session) appendExecuted(out []byte, replies []*fairlead.Reply[resp.Reply]) ([]byte, error) {
	out = resp.AppendArray(appendQueued(out, len(replies)), len(replies))
	for i, r := range replies {
		reply, err := r.Result()
		if out, err = s.appendResult(out, i, reply, err, nil); err != nil {
			return out, err
		}
	}
	return out, nil
}

// appendAborted appends what a server says to a transaction in which it did not accept a command.
func appendAborted(out []byte, replies []*fairlead.Reply[resp.Reply]) []byte {
	exec := aborted
	for _, r := range replies {
		_, err := r.Result()
		switch refused, ok := serverError(err); {
		case ok && refused.Code == "EXECABORT": // EXEC's answer, to a command that was queued
			exec = refused.Message
			out = appendStatus(out, "QUEUED")
		case ok:
			out = appendError(out, refused.Message)
		}
	}
	return appendError(out, exec)
}

func appendQueued(out []byte, n int) []byte {
	for range n {
		out = appendStatus(out, "QUEUED")
	}
	return out
}
