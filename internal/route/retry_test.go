package route

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/internal/pool"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
	"github.com/fairlead-go/fairlead/resp"
)

const ok = "+OK\r\n"

// The server said that nothing ran, and that it may be able to soon: any command is sent again.
func TestRefusedForNowIsSentAgain(t *testing.T) {
	for _, refusal := range []string{
		"-LOADING Redis is loading the dataset in memory\r\n", "-TRYAGAIN Multiple keys request during rehashing of slot\r\n",
		"-CLUSTERDOWN The cluster is down\r\n", "-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.\r\n",
	} {
		t.Run(refusal[1:8], func(t *testing.T) {
			scene{}.play(t, func(r *rig) {
				reply, err := r.do(r.ctx, set)
				r.replied(reply, err, "OK", "the third time it ran")
				r.arrived("twice it did not run", "SET k v", "SET k v", "SET k v")
				r.dialed(1, "nothing is wrong with the connection")
				if n := r.pool.Stats().Retries; n != 2 {
					r.t.Errorf("%d retries counted, want 2", n)
				}
			}, answers(refusal, refusal, ok))
		})
	}
}

// The server refused, and will again: trying again is only noise.
func TestRefusedForGoodIsNotSentAgain(t *testing.T) {
	for _, refusal := range []string{
		"WRONGPASS invalid username-password pair or user is disabled.", "NOPERM this user has no permissions to run the 'set' command",
		"WRONGTYPE Operation against a key holding the wrong kind of value", "OOM command not allowed when used memory > 'maxmemory'.",
		"NOAUTH Authentication required.", "ERR syntax error", "READONLY You can't write against a read only replica.",
	} {
		t.Run(refusal[:4], func(t *testing.T) {
			for _, cmd := range []redis.Request{get, set} {
				t.Run(cmd.Name(), func(t *testing.T) {
					scene{onTimeout: true}.play(t, func(r *rig) {
						reply, err := r.do(r.ctx, cmd)
						if err != nil || reply.Err() == nil || reply.Err().Error() != refusal {
							r.t.Errorf("%v, %v; want the server's own words", reply.Err(), err)
						}
						if n := len(r.fake.Commands()); n != 1 {
							r.t.Errorf("sent %d times, want once", n)
						}
					}, answers("-"+refusal+"\r\n", ok))
				})
			}
		})
	}
}

func TestRefusedOnAndOnEndsWithTheRefusal(t *testing.T) {
	loading := "-LOADING Redis is loading the dataset in memory\r\n"
	scene{retries: 2}.play(t, func(r *rig) {
		reply, err := r.do(r.ctx, get)
		if e := new(resp.Error); err != nil || !errors.As(reply.Err(), &e) || e.Code != "LOADING" {
			r.t.Errorf("%v, %v; want LOADING, the last answer", reply.Err(), err)
		}
		r.arrived("once, and MaxRetries times again", "GET k", "GET k", "GET k")
	}, answers(loading, loading, loading, "$1\r\nv\r\n"))
}

// Sent, no reply. What happened to the command is unknown.
func TestSentWithoutReply(t *testing.T) {
	idempotent := redis.Idempotent(redis.New[resp.Reply]("SET", "k", "v")).Request
	for _, end := range []struct {
		name   string
		script func(*redistest.FakeConn)
		cause  error
	}{
		{"FIN", fin, io.EOF}, {"RST", rst, syscall.ECONNRESET}, {"silence", silent, os.ErrDeadlineExceeded},
	} {
		for _, row := range []struct {
			name      string
			cmd       redis.Request
			onTimeout bool
			again     bool
		}{
			{"a command that only reads", get, false, true},
			{"a command that writes", set, false, false},
			{"a write, and the user chose OnTimeout", set, true, true},
			{"a write that the user marked idempotent", idempotent, false, true},
		} {
			for _, exclusive := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, %s, exclusive %v", end.name, row.name, exclusive), func(t *testing.T) {
					scene{exclusive: exclusive, onTimeout: row.onTimeout}.play(t, func(r *rig) {
						reply, err := r.do(r.ctx, row.cmd)
						if row.again {
							r.replied(reply, err, "OK", "it may be sent again")
							r.dialed(2, "the first connection is of no use any more")
							return
						}
						r.failed(err, true, end.cause, "it may have run, and must not run twice")
						if n := len(r.fake.Commands()); n != 1 {
							r.t.Errorf("it arrived %d times, want exactly once", n)
						}
					}, end.script, answers(ok))
				})
			}
		}
	}
}

// The connection is lost each time: the last answer is that the command may have run, though the last try was not sent.
func TestDoubtOutlivesTheLastTry(t *testing.T) {
	scene{onTimeout: true}.play(t, func(r *rig) {
		end := r.later(r.ctx, set)
		r.fake.Close() // the second try is refused by the network
		e := <-end
		r.failed(e.err, true, syscall.ECONNREFUSED, "the first try was sent; that the others were not changes nothing")
	}, func(c *redistest.FakeConn) { c.AnswerHandshake(); c.Hang() })
}

func TestRefusalAfterDoubtIsDoubt(t *testing.T) {
	loading := "-LOADING Redis is loading the dataset in memory\r\n"
	scene{onTimeout: true, retries: 1}.play(t, func(r *rig) {
		_, err := r.do(r.ctx, set)
		e := r.failed(err, true, nil, "the first try may have run, though the second did not")
		if refused := new(resp.Error); !errors.As(e, &refused) || refused.Code != "LOADING" {
			r.t.Errorf("%v does not tell what the server said last", err)
		}
	}, fin, answers(loading))
}

// Not one byte left: any command is sent again.
func TestNotSentIsSentAgain(t *testing.T) {
	for _, exclusive := range []bool{false, true} {
		for _, cmd := range []redis.Request{get, set, blpop} {
			t.Run(fmt.Sprintf("%s, exclusive %v", cmd.Name(), exclusive), func(t *testing.T) {
				scene{exclusive: exclusive, backoff: 100 * time.Millisecond, retries: 20}.play(t, func(r *rig) {
					end := r.later(r.ctx, cmd) // connection refused, again and again
					pass(200 * time.Millisecond)
					r.serve(answers(ok))
					e := <-end
					r.replied(e.reply, e.err, "OK", "the server is back")
					if n := len(r.fake.Commands()); n != 1 {
						r.t.Errorf("it arrived %d times, want once", n)
					}
				})
			})
		}
	}
}

// One layer retries. A failing call dials once, and once more for each retry, and never more.
func TestRetriesAreNotMultiplied(t *testing.T) {
	for _, exclusive := range []bool{false, true} {
		for _, cmd := range []redis.Request{get, set, blpop} {
			for _, retries := range []int{-1, 1, 3, 10} {
				t.Run(fmt.Sprintf("%s, %d retries, exclusive %v", cmd.Name(), retries, exclusive), func(t *testing.T) {
					scene{exclusive: exclusive, retries: retries}.play(t, func(r *rig) {
						_, err := r.do(r.ctx, cmd)
						e := r.failed(err, false, syscall.ECONNREFUSED, "nobody listens")
						if e.Phase != conn.DialPhase || e.Command != cmd.Name() || e.Addr != redisAddr {
							r.t.Errorf("%+v, want %s at %s while dialing", e, cmd.Name(), redisAddr)
						}
						r.dialed(1+max(retries, 0), "one for each try")
					})
				})
			}
		}
	}
}

// A server that hangs up right after the handshake must not be dialled without end either, whether its FIN comes before the
// command is written or after.
func TestServerThatHangsUpAfterTheHandshake(t *testing.T) {
	for _, exclusive := range []bool{false, true} {
		for _, cmd := range []redis.Request{get, xread} {
			for slow, script := range map[time.Duration]func(*redistest.FakeConn){
				0: fin, time.Millisecond: func(c *redistest.FakeConn) { c.AnswerHandshake(); c.Close() },
			} {
				t.Run(fmt.Sprintf("%s, exclusive %v, FIN before %v", cmd.Name(), exclusive, slow > 0), func(t *testing.T) {
					scene{exclusive: exclusive, slow: slow}.play(t, func(r *rig) {
						ctx, cancel := context.WithTimeout(r.ctx, time.Minute)
						defer cancel()
						_, err := r.do(ctx, cmd)
						r.failed(err, slow == 0, nil, "no connection lasts long enough")
						r.dialed(4, "one for each try")
						if n := r.pool.Stats().Retries; n != 3 {
							r.t.Errorf("%d retries, want 3, all there are", n)
						}
					}, script)
				})
			}
		}
	}
}

func TestDialThatTimeDoesNotMendIsNotTriedAgain(t *testing.T) {
	for _, row := range []struct {
		name   string
		script func(*redistest.FakeConn)
		dialer func(context.Context, string, string) (net.Conn, error)
	}{
		{"wrong password", func(c *redistest.FakeConn) { c.ReadCommand(); c.Reply("-WRONGPASS invalid username-password pair\r\n") }, nil},
		{"no Redis", func(c *redistest.FakeConn) { c.ReadCommand(); c.Reply("HTTP/1.1 400 Bad Request\r\n\r\n") }, nil},
		{"no such host", nil, func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.DNSError{Err: "no such host", Name: "redis", IsNotFound: true}
		}},
		{"no socket", nil, func(context.Context, string, string) (net.Conn, error) {
			return nil, os.NewSyscallError("connect", syscall.EACCES)
		}},
		{"silence for all of DialTimeout", func(c *redistest.FakeConn) { c.Hang() }, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			scene{dialer: row.dialer, dialTimeout: time.Second}.play(t, func(r *rig) {
				if row.script != nil {
					r.serve(row.script)
				}
				_, err := r.do(r.ctx, get)
				r.failed(err, false, nil, "there was no connection")
				r.dialed(1, "the next try would end the same way")
			})
		})
	}
}

func TestServerThatIsFullIsTriedAgain(t *testing.T) {
	full := func(c *redistest.FakeConn) { c.Reply("-ERR max number of clients reached\r\n"); c.Close() }
	loading := func(c *redistest.FakeConn) {
		c.ReadCommand()
		c.Reply("-LOADING Redis is loading the dataset in memory\r\n")
		c.Hang()
	}
	scene{}.play(t, func(r *rig) {
		reply, err := r.do(r.ctx, set)
		r.replied(reply, err, "OK", "others may leave at any time, and loading ends")
		r.dialed(3, "the first was turned away, the second while loading")
	}, full, loading, answers(ok))
}

func TestWaitForAConnectionIsNotRepeated(t *testing.T) {
	scene{exclusive: true, max: 1, poolTimeout: 2 * time.Second}.play(t, func(r *rig) {
		blocked := r.later(r.ctx, blpop)
		began := time.Now()
		_, err := r.do(r.ctx, get)
		e := r.failed(err, false, pool.ErrTimeout, "the only connection is in use")
		if took := time.Since(began); took != 2*time.Second || e.Elapsed != took || e.Phase != conn.Queued {
			r.t.Errorf("%v, %+v; want 2s in the queue, once", took, e)
		}
		var w *pool.WaitError
		if !errors.As(err, &w) || w.Holders != "held by BLPOP for 2s" {
			r.t.Errorf("%v does not say that BLPOP has the connection", err)
		}
		r.pool.Close()
		<-blocked
	}, silent)
}

func TestClosedPoolIsNotTriedAgain(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		r.pool.Close()
		_, err := r.do(r.ctx, get)
		r.failed(err, false, pool.ErrClosed, "the pool is closed")
		if n := r.pool.Stats().Retries; n != 0 {
			r.t.Errorf("%d retries, want none", n)
		}
	})
}

func TestContextEndsRetries(t *testing.T) {
	t.Run("cancelled before", func(t *testing.T) {
		scene{}.play(t, func(r *rig) {
			ctx, cancel := context.WithCancel(r.ctx)
			cancel()
			_, err := r.do(ctx, get)
			r.failed(err, false, context.Canceled, "nobody wants it")
			r.dialed(0, "as above")
		})
	})
	t.Run("cancelled while the reply is awaited", func(t *testing.T) {
		scene{}.play(t, func(r *rig) {
			ctx, cancel := context.WithCancel(r.ctx)
			end := r.later(ctx, get)
			cancel()
			r.failed((<-end).err, true, context.Canceled, "it was sent; though it only reads nobody wants it any more")
			r.arrived("as above", "GET k")
		}, answers("", ok))
	})
	t.Run("cancelled while the connection is opened", func(t *testing.T) {
		scene{}.play(t, func(r *rig) {
			r.net.Drop(redisAddr)
			ctx, cancel := context.WithCancel(r.ctx)
			end := r.later(ctx, set)
			cancel()
			r.failed((<-end).err, false, context.Canceled, "there was no connection yet")
		}, answers(ok))
	})
	t.Run("cancelled during the pause", func(t *testing.T) {
		scene{backoff: time.Hour}.play(t, func(r *rig) {
			ctx, cancel := context.WithCancel(r.ctx)
			end := r.later(ctx, get)
			began := time.Now()
			cancel()
			r.failed((<-end).err, false, syscall.ECONNREFUSED, "why it failed is worth more than that it was cancelled then")
			if took := time.Since(began); took > 0 {
				r.t.Errorf("it went on for %v", took)
			}
		})
	})
	t.Run("deadline before the end of the pause", func(t *testing.T) {
		scene{backoff: 1000 * time.Hour}.play(t, func(r *rig) {
			ctx, cancel := context.WithTimeout(r.ctx, time.Millisecond)
			defer cancel()
			began := time.Now()
			_, err := r.do(ctx, get)
			r.failed(err, false, syscall.ECONNREFUSED, "why it failed")
			if took := time.Since(began); took > 0 {
				r.t.Errorf("waited %v for a pause that would outlast the context", took)
			}
			r.dialed(1, "no time for another one")
		})
	})
	t.Run("deadline while the reply is awaited", func(t *testing.T) {
		scene{}.play(t, func(r *rig) {
			ctx, cancel := context.WithTimeout(r.ctx, time.Second)
			defer cancel()
			began := time.Now()
			_, err := r.do(ctx, get)
			r.failed(err, true, context.DeadlineExceeded, "its time is over")
			if took := time.Since(began); took != time.Second {
				r.t.Errorf("took %v, want 1s, its context's time", took)
			}
			r.arrived("no time for another try", "GET k")
		}, answers("", ok))
	})
}

func TestTimeoutBoundsEachTry(t *testing.T) {
	t.Run("of a call in flight", func(t *testing.T) {
		scene{retries: 2}.play(t, func(r *rig) {
			began := time.Now()
			_, err := r.do(r.ctx, get)
			r.failed(err, true, conn.ErrTimeout, "the server is silent")
			if took := time.Since(began); took != 15*time.Second {
				r.t.Errorf("took %v, want three times Timeout, 5s", took)
			}
			r.dialed(3, "a connection that is silent is not used again")
		}, silent)
	})
	t.Run("of a call that waits for a connection", func(t *testing.T) {
		scene{}.play(t, func(r *rig) {
			r.net.Drop(redisAddr)
			began := time.Now()
			_, err := r.do(r.ctx, get)
			r.failed(err, false, conn.ErrTimeout, "the server's machine does not answer, and it is not the caller's time that ended")
			if took := time.Since(began); took != 5*time.Second {
				r.t.Errorf("took %v, want Timeout, 5s, once", took)
			}
		}, silent)
	})
}

func TestPauseIsFullyJittered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		retry := Retry{MinBackoff: 8 * time.Millisecond, MaxBackoff: 512 * time.Millisecond}
		most := retry.MinBackoff
		for n := range 12 {
			least, longest := time.Hour, time.Duration(0)
			for range 300 {
				began := time.Now()
				if !retry.pause(t.Context(), n) {
					t.Fatal("the context has not ended")
				}
				took := time.Since(began)
				least, longest = min(least, took), max(longest, took)
			}
			if longest >= most || longest < most*9/10 || least > most/10 {
				t.Errorf("pause %d was %v to %v, want all from 0 to %v", n, least, longest, most)
			}
			most = min(2*most, retry.MaxBackoff)
		}
		if !retry.pause(t.Context(), 1<<40) {
			t.Error("after very many tries the pause is MaxBackoff still")
		}
	})
}

func TestNoBackoffIsNoPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		began := time.Now()
		if retry := (Retry{}); !retry.pause(ctx, 3) || time.Since(began) > 0 {
			t.Error("waited, though there is no backoff")
		}
		cancel()
		if retry := (Retry{}); retry.pause(ctx, 3) {
			t.Error("would go on after the context's end")
		}
	})
}

func TestRetryBudget(t *testing.T) {
	t.Parallel()
	replies := int64(0)
	b := retryBudget{replies: func() int64 { return replies }}
	spent := func() (n int) {
		for b.spend() {
			n++
		}
		return n
	}
	want := func(got, want int, why string) {
		t.Helper()
		if got != want {
			t.Errorf("%d retries, want %d: %s", got, want, why)
		}
	}
	want(spent(), 64, "a burst, though nothing was ever answered")
	want(spent(), 0, "it is used up")
	replies += 100
	want(spent(), 10, "a tenth of the calls answered since")
	replies += 9
	want(spent(), 0, "less than one")
	replies++
	want(spent(), 1, "parts add up to one")
	replies -= 50 // counted while a connection was closing
	want(spent(), 0, "a count that goes back gives nothing")
	replies += 50
	want(spent(), 5, "what came since")
	replies += 1e9
	want(spent(), mostTokens, "a long quiet time saves up so much for one outage")
}

// In an outage the load on the network must not be multiplied: 500 calls may be dialled for once each, but retried 64 times only.
func TestOutageSpendsTheRetryBudget(t *testing.T) {
	scene{exclusive: true, max: 500, retries: 10}.play(t, func(r *rig) {
		const calls = 500
		ends := make([]<-chan ended, calls)
		for i := range ends {
			ends[i] = r.later(r.ctx, get)
		}
		for _, end := range ends {
			r.failed((<-end).err, false, syscall.ECONNREFUSED, "nobody listens")
		}
		if n := r.pool.Stats().Retries; n != 64 {
			r.t.Errorf("%d retries, want 64: nothing was answered, so there is only the burst", n)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		if n := len(r.dials); n > calls+64 {
			r.t.Errorf("%d dials for %d calls and 64 retries", n, calls)
		}
	})
}
