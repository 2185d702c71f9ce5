package fairlead

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redis"
)

// GetTo writes the string at key to w, in parts as they come, and returns how many bytes w took: a value of any length takes no more memory
// than one part. Nil if the key does not exist; w is not used then.
//
// The value is read at one moment, over a connection of its own, which a slow w holds and nobody else waits for. [Options.Timeout], where
// the context has no deadline, bounds how long the server may do nothing, not how long all of it takes. If w fails, or the context ends
// before the last part has come, or the connection breaks, the error is a *CallError that wraps the reason, n bytes of the value have
// been written, the connection is closed with [CauseTransferCut] and nothing is sent again. w is used on the caller's goroutine, and a
// Write is not interrupted. Since Redis 1.0.0; O(N) for N bytes.
func (c Commands) GetTo(ctx context.Context, key string, w io.Writer) (n int64, err error) {
	if w == nil {
		return 0, notTransferred("GET", errors.New("the writer is nil: give one, or use Get"))
	}
	return c.transfer(ctx, redis.Get(key), &conn.Transfer{To: w})
}

// GetInto reads the string at key into buf and returns its length. Nil if the key does not exist. If the string is longer than buf, the
// error wraps [io.ErrShortBuffer], and buf holds the string's beginning; the rest is not read. Otherwise it is as [Commands.GetTo].
func (c Commands) GetInto(ctx context.Context, key string, buf []byte) (n int, err error) {
	long, err := c.GetTo(ctx, key, &fill{room: buf})
	return int(long), err
}

// SetFrom sets key to the next size bytes of r, which are sent in parts as they are read, so that a value of any length takes no more memory
// than one part. An expiration of 0 makes the key stay for ever, KeepTTL keeps the expiration that it has. No more than size bytes are read.
//
// The key is set at one moment, when all of the value is there. It is sent over a connection of its own, which a slow r holds and nobody
// else waits for. [Options.Timeout], where the context has no deadline, bounds how long the server may take for a part, and for its
// answer, not how long all of it takes. If r fails, or ends before, or the context ends, or the connection breaks, while the value is
// sent, the error is a *CallError that wraps the reason, the connection is closed, the key is as it was, and [NotRun] is true. Only if that
// happens while the answer is awaited the key may have been set. Nothing is sent again once r was read from. r is used on the
// caller's goroutine, and a Read is not interrupted. Since Redis 1.0.0; O(N) for N bytes.
func (c Commands) SetFrom(ctx context.Context, key string, r io.Reader, size int64, expiration time.Duration) error {
	switch {
	case r == nil:
		return notTransferred("SET", errors.New("the reader is nil: give one, or use Set"))
	case size < 0 || size > math.MaxInt:
		return notTransferred("SET", fmt.Errorf("a value cannot have %d bytes: give the length that the reader has", size))
	}
	_, err := c.transfer(ctx, redis.As[string](redis.Set(key, "", expiration)), &conn.Transfer{From: r, Size: size, Index: 1})
	return err
}

// transfer runs a command whose long value passes by.
func (c Commands) transfer(ctx context.Context, cmd redis.Cmd[string], t *conn.Transfer) (n int64, err error) {
	call := conn.NewCall()
	call.Request, call.Transfer = cmd.Request, t
	err = c.RoundTrip(ctx, call)
	final := call.Final()
	if err == nil {
		_, err = cmd.Read(final.Reply)
		err = inDoubt(final, cmd.Name(), err)
	}
	call.Free()
	return t.Moved, err
}

func notTransferred(command string, err error) error {
	return &CallError{Command: command, Phase: PhaseQueued, Err: err}
}

// A fill is a Writer that fills a buffer.
type fill struct{ room []byte }

func (f *fill) Write(part []byte) (int, error) {
	n := copy(f.room, part)
	f.room = f.room[n:]
	if n < len(part) {
		return n, fmt.Errorf("the value is longer than the buffer: give a larger one, or use GetTo: %w", io.ErrShortBuffer)
	}
	return n, nil
}
