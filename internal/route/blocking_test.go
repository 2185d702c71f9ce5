package route

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/budget"
	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/internal/pool"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
	"github.com/fairlead-go/fairlead/resp"
)

const null = "_\r\n"

// blocked is a script for the connection of a blocking command, which it answers when it is told.
func blocked(until <-chan struct{}, reply string) func(*redistest.FakeConn) {
	return func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("BLPOP", "k", "0")
		c.Hold(until)
		c.Reply(reply)
		c.Hang()
	}
}

func TestCancelAsksTheServerToUnblock(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		asked := make(chan struct{})
		r.serve(blocked(asked, null), func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("CLIENT", "UNBLOCK", "1") // the number that the server gave the first connection
			close(asked)
			c.Reply(":1\r\n")
			c.Hang()
		})
		ctx, cancel := context.WithCancel(r.ctx)
		end := r.later(ctx, blpop)
		pass(time.Hour)
		r.arrived("it waits as long as it takes", "BLPOP k 0")
		cancel()
		e := r.failed((<-end).err, true, context.Canceled, "the server let it go with nothing")
		if e.Command != "BLPOP" || e.Elapsed < time.Hour || e.Phase != conn.AwaitingReply {
			r.t.Errorf("%+v, want BLPOP after an hour", e)
		}
		synctest.Wait()
		if s := r.pool.Stats(); s.Idle != 1 || s.Open != 2 {
			r.t.Errorf("%+v, want the blocked connection idle again beside the shared one", s)
		}
	})
}

func TestElementThatWasPoppedAtTheMomentOfCancellingIsReturned(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		asked := make(chan struct{})
		r.serve(blocked(asked, "*2\r\n$1\r\nk\r\n$5\r\nfirst\r\n"), func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("CLIENT", "UNBLOCK", "1")
			close(asked)
			c.Reply(":0\r\n") // it was not blocked any more
			c.Hang()
		})
		ctx, cancel := context.WithCancel(r.ctx)
		end := r.later(ctx, blpop)
		cancel()
		e := <-end
		r.replied(e.reply, e.err, "1) \"k\"\n2) \"first\"", "the server has given it away, so it must reach somebody")
	})
}

func TestDeadlineUnblocksToo(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		asked := make(chan struct{})
		r.serve(blocked(asked, null), func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("CLIENT", "UNBLOCK", "1")
			close(asked)
			c.Reply(":1\r\n")
			c.Hang()
		})
		ctx, cancel := context.WithTimeout(r.ctx, 90*time.Second)
		defer cancel()
		began := time.Now()
		_, err := r.do(ctx, blpop)
		r.failed(err, true, context.DeadlineExceeded, "its time is over")
		if took := time.Since(began); took != 90*time.Second {
			r.t.Errorf("took %v, want 90s: neither Timeout nor anything else bounds it", took)
		}
	})
}

// The first request to unblock may come before the server has read the blocking command: it is repeated until that is over.
func TestUnblockIsRepeatedUntilTheCommandIsAnswered(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		asked := make(chan struct{})
		r.serve(blocked(asked, null), func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			for range 3 {
				c.ExpectCommand("CLIENT", "UNBLOCK", "1")
				c.Reply(":0\r\n") // not blocked yet
			}
			c.ExpectCommand("CLIENT", "UNBLOCK", "1")
			close(asked)
			c.Reply(":1\r\n")
			c.Hang()
		})
		ctx, cancel := context.WithCancel(r.ctx)
		end := r.later(ctx, blpop)
		cancel()
		began := time.Now()
		r.failed((<-end).err, true, context.Canceled, "the fourth request was heard")
		if took := time.Since(began); took != (1+2+4)*time.Millisecond {
			r.t.Errorf("took %v, want pauses of 1, 2 and 4 ms", took)
		}
	})
}

// A request to unblock that is still on its way would hit the connection's next user.
func TestConnectionIsNotHandedOnBeforeTheUnblockIsAnswered(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		asked, late := make(chan struct{}), make(chan struct{})
		r.serve(blocked(asked, null), func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("CLIENT", "UNBLOCK", "1")
			close(asked) // the blocking command ends by itself in the same moment
			c.Hold(late)
			c.Reply(":0\r\n")
			c.Hang()
		})
		ctx, cancel := context.WithCancel(r.ctx)
		end := r.later(ctx, blpop)
		cancel()
		pass(500 * time.Millisecond)
		select {
		case <-end:
			r.t.Fatal("the call returned while its unblock was on its way")
		default:
		}
		if idle := r.pool.Stats().Idle; idle != 0 {
			r.t.Fatal("the connection was given back while an unblock for it was on its way")
		}
		close(late)
		r.failed((<-end).err, true, context.Canceled, "it was let go with nothing")
		synctest.Wait()
		if idle := r.pool.Stats().Idle; idle != 1 {
			r.t.Error("the connection is not used again")
		}
	})
}

func TestServerThatDoesNotUnblock(t *testing.T) {
	for _, exclusive := range []bool{false, true} { // exclusive: there is no other connection to ask over
		t.Run(fmt.Sprintf("exclusive %v", exclusive), func(t *testing.T) {
			scene{exclusive: exclusive, max: 1}.play(t, func(r *rig) {
				r.serve(silent)
				ctx, cancel := context.WithCancel(r.ctx)
				end := r.later(ctx, blpop)
				began := time.Now()
				cancel()
				r.failed((<-end).err, true, nil, "what became of it is unknown")
				if took := time.Since(began); took != releaseTime {
					r.t.Errorf("gave up after %v, want releaseTime, %v", took, releaseTime)
				}
				synctest.Wait()
				if s := r.pool.Stats(); s.Idle != 0 || s.Waiting != 0 {
					r.t.Errorf("%+v, want the connection closed: its reply may come at any time", s)
				}
			})
		})
	}
}

func TestServerThatEndsWhileACommandBlocks(t *testing.T) {
	for _, end := range []struct {
		name   string
		script func(*redistest.FakeConn)
		cause  error
	}{{"FIN", fin, io.EOF}, {"RST", rst, syscall.ECONNRESET}} {
		t.Run(end.name, func(t *testing.T) {
			scene{}.play(t, func(r *rig) {
				ctx, cancel := context.WithCancel(r.ctx)
				defer cancel()
				_, err := r.do(ctx, blpop)
				r.failed(err, true, end.cause, "an element may have been popped for nobody: the caller must know")
				r.arrived("it changes data, so it is not sent again", "BLPOP k 0")
			}, end.script, answers(null))
		})
		t.Run(end.name+", and it only reads", func(t *testing.T) {
			scene{}.play(t, func(r *rig) {
				ctx, cancel := context.WithCancel(r.ctx)
				defer cancel()
				reply, err := r.do(ctx, xread)
				r.replied(reply, err, "(nil)", "XREAD may be sent again")
			}, end.script, answers(null))
		})
		t.Run(end.name+", after it was cancelled", func(t *testing.T) {
			scene{}.play(t, func(r *rig) {
				gone := make(chan struct{})
				r.serve(func(c *redistest.FakeConn) {
					c.AnswerHandshake()
					c.ExpectCommand("BLPOP", "k", "0")
					c.Hold(gone)
					c.Close()
				}, func(c *redistest.FakeConn) {
					c.AnswerHandshake()
					c.ExpectCommand("CLIENT", "UNBLOCK", "1")
					close(gone)
					c.Hang()
				})
				ctx, cancel := context.WithCancel(r.ctx)
				done := r.later(ctx, blpop)
				cancel()
				r.failed((<-done).err, true, io.EOF, "nobody knows what the server had done")
			})
		})
	}
}

func TestOwnTimeoutExtendsTheReadLimit(t *testing.T) {
	wait := redis.BLPop(20*time.Second, "k").Request
	t.Run("answered in time", func(t *testing.T) {
		scene{}.play(t, func(r *rig) {
			began := time.Now()
			reply, err := r.do(r.ctx, wait)
			r.replied(reply, err, "(nil)", "nothing came in its 20 seconds, four times Timeout")
			if took := time.Since(began); took != 20*time.Second {
				r.t.Errorf("took %v, want 20s", took)
			}
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("BLPOP", "k", "20")
			<-time.After(20 * time.Second)
			c.Reply(null)
			c.Hang()
		})
	})
	t.Run("not answered", func(t *testing.T) {
		scene{}.play(t, func(r *rig) {
			began := time.Now()
			_, err := r.do(r.ctx, wait)
			r.failed(err, true, os.ErrDeadlineExceeded, "the server is silent")
			if took := time.Since(began); took != 25*time.Second {
				r.t.Errorf("took %v, want its 20s and Timeout, 5s", took)
			}
		}, silent)
	})
	t.Run("not answered, twice", func(t *testing.T) {
		read := redis.New[resp.Reply]("XREAD", "BLOCK", 20000, "STREAMS", "s", "$").Request
		scene{retries: 1}.play(t, func(r *rig) {
			began := time.Now()
			_, err := r.do(r.ctx, read)
			r.failed(err, true, os.ErrDeadlineExceeded, "the server is silent")
			if took := time.Since(began); took != 50*time.Second {
				r.t.Errorf("took %v, want twice its 20s and Timeout, 5s", took)
			}
		}, silent)
	})
}

// A server that tells no CLIENT ID cannot be asked to unblock: the connection is given up instead.
func TestCancelWithoutClientID(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		r.serve(func(c *redistest.FakeConn) {
			c.Serve(func(args []string) string {
				if args[0] == "BLPOP" || args[0] == "PING" {
					return ""
				}
				return "-ERR unknown command\r\n"
			})
		})
		ctx, cancel := context.WithCancel(r.ctx)
		end := r.later(ctx, blpop)
		began := time.Now()
		cancel()
		r.failed((<-end).err, true, context.Canceled, "it may still pop an element")
		if took := time.Since(began); took > 0 {
			r.t.Errorf("took %v, want no time", took)
		}
		pass(2 * time.Second)
		if s := r.pool.Stats(); s.Open != 0 {
			r.t.Errorf("%d connections open, want none: a reply may come at any time", s.Open)
		}
	})
}

func TestPipelineThatBlocksAndIsCancelled(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		asked := make(chan struct{})
		r.serve(func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("BLPOP", "k", "0")
			c.ExpectCommand("XREAD", "BLOCK", "0", "STREAMS", "s", "$")
			c.Hold(asked)
			c.Reply(null + null)
			c.Hang()
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("CLIENT", "UNBLOCK", "1")
			close(asked)
			c.Reply(":1\r\n")
			c.Hang()
		})
		ctx, cancel := context.WithCancel(r.ctx)
		call := block(r.cfg.DB, blpop, xread)
		end := make(chan error, 1)
		go func() { end <- r.RoundTrip(ctx, call) }()
		synctest.Wait()
		cancel()
		r.failed(<-end, true, context.Canceled, "both were let go with nothing")
	})
}

// What one command of a pipeline was given must reach its caller, whatever the others got.
func TestPipelineThatWasGivenSomethingWhenCancelled(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		asked := make(chan struct{})
		r.serve(func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("BLPOP", "k", "0")
			c.ExpectCommand("BLPOP", "k", "0")
			c.Hold(asked)
			c.Reply("*2\r\n$1\r\nk\r\n$5\r\nfirst\r\n" + null)
			c.Hang()
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("CLIENT", "UNBLOCK", "1")
			close(asked)
			c.Reply(":1\r\n")
			c.Hang()
		})
		ctx, cancel := context.WithCancel(r.ctx)
		call := block(r.cfg.DB, blpop, blpop)
		end := make(chan error, 1)
		go func() { end <- r.RoundTrip(ctx, call) }()
		synctest.Wait()
		cancel()
		err := <-end
		r.repliedAll(call, err, "the first element was given away", "1) \"k\"\n2) \"first\"", "(nil)")
	})
}

// A blocking command that nobody cancels: no unblock, and the connection serves the next one.
func TestAnsweredBlockingCommandLeavesNothingBehind(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		for range 3 {
			ctx, cancel := context.WithCancel(r.ctx)
			reply, err := r.do(ctx, blpop)
			r.replied(reply, err, "(nil)", "its time is over")
			cancel()
		}
		r.arrived("CLIENT UNBLOCK never", "BLPOP k 0", "BLPOP k 0", "BLPOP k 0")
		r.dialed(1, "one connection serves them all")
	}, answers(null, null, null))
}

// A real server, elements pushed at random moments, and calls cancelled at random moments: every element is popped by
// exactly one call, or is still in the list.
func TestNoElementIsLostByCancelling(t *testing.T) {
	t.Parallel()
	server := redistest.Default(t)
	cfg := &conn.Config{Network: "tcp", Addr: server.Addr(), Timeout: 10 * time.Second}
	p := pool.New(pool.Config{Conn: cfg, Slots: budget.NewProcess(16), Shared: 1, WaitTimeout: -1})
	t.Cleanup(p.Close)
	s := NewSingle(p, Config{Addr: server.Addr(), Timeout: 10 * time.Second, Retry: Retry{Max: 3}})
	const workers, rounds = 8, 250
	var all sync.WaitGroup
	var mu sync.Mutex // guards popped, cancelled
	popped, cancelled := map[string]int{}, 0
	for worker := range workers {
		all.Go(func() {
			key := fmt.Sprintf("lost:%d", worker)
			for round := range rounds {
				element := fmt.Sprintf("%d.%d", worker, round)
				got, err := popWhilePushing(t, s, key, element)
				mu.Lock()
				if err == nil {
					popped[got]++
				} else {
					cancelled++
				}
				mu.Unlock()
			}
			for _, left := range rest(t, s, key) {
				mu.Lock()
				popped[left]++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if len(popped) != workers*rounds {
		t.Errorf("%d elements came out, want %d: the others are lost", len(popped), workers*rounds)
	}
	for element, times := range popped {
		if times != 1 {
			t.Errorf("element %s came out %d times", element, times)
		}
	}
	t.Logf("of %d calls %d were cancelled in time", workers*rounds, cancelled)
	if cancelled == 0 || cancelled == workers*rounds {
		t.Errorf("%d of %d calls were cancelled: the two never met", cancelled, workers*rounds)
	}
	if s := p.Stats(); s.Closes != 0 {
		t.Errorf("%d connections were closed, want none: cancelling costs no connection", s.Closes)
	}
}

// popWhilePushing pops from a list while an element is pushed and the call is cancelled, in whatever order.
func popWhilePushing(t *testing.T, s *Single, key, element string) (string, error) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	pushed := make(chan struct{})
	time.AfterFunc(rand.N(400*time.Microsecond), func() {
		defer close(pushed)
		push := conn.NewCall()
		push.Request = redis.New[resp.Reply]("RPUSH", key, element).Request
		if err := s.RoundTrip(t.Context(), push); err != nil {
			t.Errorf("RPUSH: %v", err)
		}
	})
	time.AfterFunc(rand.N(400*time.Microsecond), cancel)
	call := conn.NewCall()
	call.Request = redis.BLPop(0, key).Request
	err := s.RoundTrip(ctx, call)
	<-pushed
	if err != nil {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("BLPOP: %v", err)
		}
		return "", err
	}
	elements := call.Final().Reply.Elements()
	_, _ = elements.Next() // the list's name
	got, _ := elements.Next()
	return got.Text(), nil
}

// rest empties a list and returns what was in it.
func rest(t *testing.T, s *Single, key string) (left []string) {
	call := conn.NewCall()
	call.Request = command("LPOP", key, 10000)
	if err := s.RoundTrip(t.Context(), call); err != nil {
		t.Errorf("LPOP: %v", err)
	}
	elements := call.Final().Reply.Elements()
	for e, ok := elements.Next(); ok; e, ok = elements.Next() {
		left = append(left, e.Text())
	}
	return left
}
