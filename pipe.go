package fairlead

import (
	"context"
	"errors"
	"fmt"
)

// A Pipe collects commands and sends them in one piece; each has its own reply. It is executed once, and belongs to one
// goroutine: use by two at a time is answered with ErrBusy.
type Pipe struct {
	c     Commands
	tx    bool
	batch batch
}

// Pipeline returns an empty pipe. Its commands run in their order, each by itself: others may run between them, and a
// failure of one does not keep the others from running.
func (c Commands) Pipeline() *Pipe { return &Pipe{c: c} }

// TxPipeline returns an empty pipe whose commands run as one transaction (MULTI … EXEC): no other client's command runs
// between them. A command the server does not accept keeps all of them from running; one that fails while it runs does not.
func (c Commands) TxPipeline() *Pipe { return &Pipe{c: c, tx: true} }

var errExecuted = fmt.Errorf("the pipe was executed before, get a new one: %w", ErrNotExecuted)

// Len returns how many commands are queued.
func (p *Pipe) Len() int { return p.batch.n }

func (p *Pipe) queue() *batch { return &p.batch }

// Exec sends what was queued and returns when all replies are there. The error is a *PipeError about the first command
// that failed, with an *Error or a *CallError in it; never Nil, which is a matter of each reply. An empty pipe does nothing.
// After a connection broke half way, each reply says for itself whether its command can have run.
func (p *Pipe) Exec(ctx context.Context) error {
	if !p.batch.enter() {
		return fmt.Errorf("the pipe was not executed: %w", ErrBusy)
	}
	defer p.batch.leave()
	if p.batch.over != nil {
		return errors.New("the pipe was executed before: get a new one from Pipeline or TxPipeline")
	}
	p.batch.over = errExecuted
	if p.tx {
		return p.batch.execTx(ctx, p.c)
	}
	return p.batch.exec(ctx, p.c)
}
