package conn_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redis"
)

// A use of a call is one of the ways in which callers use calls, from NewCall until before Free.
type use struct {
	name string
	run  func(p *pair, call *conn.Call)
}

// answer has a call sent and answers it.
func (p *pair) answer(call *conn.Call, r *redis.Request, sent, reply string) error {
	p.t.Helper()
	end := make(chan error, 1)
	go func() { end <- p.Send(context.Background(), call, r) }()
	p.server.wants(sent)
	p.server.sends(reply)
	return <-end
}

// mustAnswer is answer for a call that succeeds.
func (p *pair) mustAnswer(call *conn.Call, r *redis.Request, sent, reply string) {
	p.t.Helper()
	if err := p.answer(call, r, sent, reply); err != nil {
		p.t.Fatal(err)
	}
}

// uses are what becomes of calls. All of them are owed nothing in the end, so that they may be used again.
var uses = []use{
	{"the command stays with its caller", func(p *pair, call *conn.Call) {
		get := request("GET", "short")
		p.mustAnswer(call, &get, wire("GET", "short"), bulk("v"))
		if call.Reply.Text() != "v" || call.Request.Name() != "" {
			p.t.Errorf("it has the reply %q and the command %q, want v and none", call.Reply.Text(), call.Request.Name())
		}
	}},
	{"a long value stays with its caller", func(p *pair, call *conn.Call) {
		long := make([]byte, redis.LongValue)
		set := redis.Set("k", long, 0).Request
		p.mustAnswer(call, &set, wire("SET", "k", string(long)), "+OK\r\n")
	}},
	{"it takes the command before it is sent", func(p *pair, call *conn.Call) {
		get := request("GET", "own")
		call.Take(&get)
		p.mustAnswer(call, &call.Request, wire("GET", "own"), bulk("v"))
	}},
	{"it takes the command after an error", func(p *pair, call *conn.Call) {
		get := request("GET", "hash")
		p.mustAnswer(call, &get, wire("GET", "hash"), "-WRONGTYPE no string\r\n")
		call.Take(&get)
		if call.Name() != "GET" {
			p.t.Errorf("the call is called %q", call.Name())
		}
	}},
	{"blocking", func(p *pair, call *conn.Call) {
		blpop := request("BLPOP", "l", "0")
		call.Take(&blpop)
		if !call.Blocking() || call.Block != -1 {
			p.t.Errorf("it blocks for %v, want it to do so without end", call.Block)
		}
		p.mustAnswer(call, &call.Request, wire("BLPOP", "l", "0"), "_\r\n")
	}},
	{"a block", func(p *pair, call *conn.Call) {
		of := block("SET k v", "GET k")
		call.Many, call.Replies = of.Many, of.Replies
		p.mustAnswer(call, &call.Request, wires("SET k v", "GET k"), "+OK\r\n"+bulk("v"))
		if got := texts(call.Replies); !slices.Equal(got, []string{"OK", "v"}) {
			p.t.Errorf("the block got %q", got)
		}
	}},
	{"a transaction", func(p *pair, call *conn.Call) {
		of := block("MULTI", "EXEC")
		call.Many, call.Replies, call.Tx, call.InDoubt = of.Many, of.Replies, true, true
		p.mustAnswer(call, &call.Request, wires("MULTI", "EXEC"), "+OK\r\n*0\r\n")
	}},
	{"a repetition", func(p *pair, call *conn.Call) {
		get := request("GET", "again")
		call.Take(&get)
		call.InDoubt = true // as after a try that may have run
		p.mustAnswer(call, &call.Request, wire("GET", "again"), bulk("v"))
	}},
	{"repeated", func(p *pair, call *conn.Call) {
		get := request("GET", "busy")
		p.mustAnswer(call, &get, wire("GET", "busy"), "-LOADING\r\n")
		call.Take(&get)
		again := call.Repeat()
		p.mustAnswer(again, &again.Request, wire("GET", "busy"), bulk("v"))
		if call.Final() != again || again.Reply.Text() != "v" {
			p.t.Errorf("the repetition has the reply %q", again.Reply.Text())
		}
	}},
	{"its connection takes no calls", func(p *pair, call *conn.Call) {
		shut := connect(p.t, inMemory(p.t, 0), conn.Config{})
		shut.Close(conn.UserClosed, nil)
		get := request("GET", "k")
		if err := shut.Send(context.Background(), call, &get); !conn.Unavailable(err) {
			p.t.Errorf("a closed connection took it: %v", err)
		}
		call.Take(&get)
	}},
	{"its connection ends", func(p *pair, call *conn.Call) {
		broken := connect(p.t, inMemory(p.t, 0), conn.Config{})
		get := request("GET", "k")
		if err := broken.answer(call, &get, wire("GET", "k"), "nonsense\r\n"); err == nil {
			p.t.Error("there is no reply")
		}
		call.Take(&get)
	}},
}

// reused has one call used in these ways in turn, each time freed, and returns it as the next caller gets it. Calls are not always
// reused, so it may take a few tries. after is told of each time.
func (p *pair) reused(after func(u use, call *conn.Call), ways ...use) *conn.Call {
	p.t.Helper()
	for range 1000 {
		call := fresh(p.t)
		same := true
		for i := 0; i < len(ways) && same; i++ {
			call.DB = conn.AnyDB
			ways[i].run(p, call)
			call.Free()
			if same = conn.NewCall() == call; same {
				after(ways[i], call)
			}
		}
		if same {
			return call
		}
	}
	p.t.Fatal("no call was used again")
	return nil
}

// Whatever a call was used for, its next user gets an empty one, and so does the one after that. Not parallel: other tests would
// take the calls.
func TestReusedCallsAreEmpty(t *testing.T) {
	for _, first := range uses {
		for _, second := range uses {
			t.Run(first.name+", then "+second.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					p := connect(t, inMemory(t, 0), conn.Config{})
					p.reused(func(u use, call *conn.Call) {
						if left := leftovers(call); len(left) > 0 {
							t.Errorf("after the use %q it has still its %v", u.name, left)
						}
					}, first, second)
					p.Close(conn.UserClosed, nil)
				})
			})
		}
	}
}

// leftovers are what a call carries over, but for its database.
func leftovers(call *conn.Call) []string {
	return slices.DeleteFunc(conn.Leftovers(call), func(field string) bool { return field == "DB" })
}

// fresh is a call that nobody has used.
func fresh(t *testing.T) *conn.Call {
	for range 1000 {
		if call := conn.NewCall(); len(leftovers(call)) == 0 {
			return call
		}
	}
	t.Fatal("all calls have leftovers")
	return nil
}

// The database a call was meant for is forgotten, too: NewCall's calls are empty. Not parallel, as above.
func TestReusedCallsHaveNoDatabase(t *testing.T) {
	for _, before := range uses {
		t.Run(before.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := connect(t, inMemory(t, 0), conn.Config{})
				p.reused(func(_ use, call *conn.Call) {
					if call.DB != 0 {
						t.Errorf("it is meant for the database %d, want 0", call.DB)
					}
				}, before)
				p.Close(conn.UserClosed, nil)
			})
		})
	}
}

// The Timeout of a call does not depend on what the call was used for before.
func TestReusedCallsHaveTheirTimeout(t *testing.T) {
	for _, before := range uses {
		t.Run(before.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := connect(t, inMemory(t, 0), conn.Config{Timeout: time.Second})
				call := p.reused(func(use, *conn.Call) {}, uses[0], before)
				call.DB = conn.AnyDB
				ctx, leave := context.WithCancel(context.Background())
				time.AfterFunc(time.Hour, leave)
				get := request("GET", "k")
				began := time.Now()
				err := p.Send(ctx, call, &get)
				if took := time.Since(began); !errors.Is(err, conn.ErrTimeout) || took != time.Second {
					t.Errorf("it ended after %v with %v, want %v after 1s", took, err, conn.ErrTimeout)
				}
				p.Close(conn.UserClosed, nil)
			})
		})
	}
}

// Take copies the command: what its caller does to it later is the caller's business.
func TestTake(t *testing.T) {
	t.Parallel()
	call := conn.NewCall()
	get := request("GET", "k")
	call.Take(&get)
	get = request("SET", "k", "v")
	if call.Name() != "GET" {
		t.Errorf("the call is called %q, want GET", call.Name())
	}
	call.Take(&call.Request)
	if call.Name() != "GET" {
		t.Errorf("the call is called %q after it took its own command, want GET", call.Name())
	}
}

// Send knows the command only as long as it runs, so its errors leave the name to the caller; Do's have it.
func TestErrorsOfSendLeaveTheNameToTheCaller(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Timeout: time.Second})
		get := request("GET", "k")
		call := conn.NewCall()
		call.DB = conn.AnyDB
		e := wantCallError(t, p.Send(context.Background(), call, &get), conn.AwaitingReply, conn.ErrTimeout)
		if e.Command != "" || e.Conn != p.ID() || e.Addr != p.Addr() || e.Elapsed != time.Second {
			t.Errorf("%+v, want the connection in it, but no command", e)
		}
		for want, call := range map[string]*conn.Call{"GET": command("GET", "k"), "SET …": block("SET k v", "GET k")} {
			other := connect(t, inMemory(t, 0), conn.Config{Timeout: time.Second})
			e := other.start(context.Background(), call).fails(conn.AwaitingReply, conn.ErrTimeout)
			if e.Command != want {
				t.Errorf("the error is about %q, want %q", e.Command, want)
			}
		}
	})
}

// A call that was given up is taken by its caller while its connection still owes the reply.
func TestTakeWhileTheReplyIsOwed(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		p := connect(t, inMemory(t, 0), conn.Config{Timeout: time.Second})
		get := request("GET", "k")
		call := conn.NewCall()
		call.DB = conn.AnyDB
		wantCallError(t, p.Send(context.Background(), call, &get), conn.AwaitingReply, conn.ErrTimeout)
		p.server.wants(wire("GET", "k"))
		done := make(chan struct{})
		go func() {
			defer close(done)
			p.server.sends(bulk("late"))
		}()
		call.Take(&get)
		again := call.Repeat()
		<-done
		synctest.Wait()
		if again.Name() != "GET" || !again.Reply.IsNull() && again.Reply.Text() != "" {
			t.Errorf("the repetition is %s with the reply %q, want GET with none", again.Name(), again.Reply.Text())
		}
		p.mustAnswer(again, &again.Request, wire("GET", "k"), bulk("v"))
		if call.Final().Reply.Text() != "v" {
			t.Errorf("the repetition has the reply %q, want its own, v", call.Final().Reply.Text())
		}
		call.Free()
	})
}
