package route

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// send runs a command that stays with its caller, and returns its call.
func (r *rig) send(ctx context.Context, cmd redis.Request) (*conn.Call, error) {
	call := conn.NewCall()
	call.DB = r.cfg.DB
	return call, r.Send(ctx, call, &cmd)
}

// The command is copied into the call only where it is needed after it was sent.
func TestSentCommandStaysWithItsCaller(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		r.over(get) // it opens the connection
		call, err := r.send(r.ctx, get)
		r.replied(call.Final().Reply, err, `"v"`, "all went well")
		if name := call.Request.Name(); name != "" {
			t.Errorf("the call has the command %s, want none", name)
		}
		call, err = r.send(r.ctx, get)
		r.replied(call.Final().Reply, err, "(error) WRONGTYPE no string", "the server has no string there")
		if name := call.Name(); name != "GET" {
			t.Errorf("the call has the command %q, want GET: an error may have to be explained", name)
		}
	}, answers("$1\r\nv\r\n", "$1\r\nv\r\n", "-WRONGTYPE no string\r\n"))
}

// What is sent again is the caller's command, whatever the first try ended with.
func TestSentCommandIsRepeated(t *testing.T) {
	for name, scripts := range map[string][]func(*redistest.FakeConn){
		"a refusal": {answers("$1\r\nv\r\n", "-LOADING Redis is loading the dataset in memory\r\n", "$1\r\nw\r\n")},
		"an end": {func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("GET", "k")
			c.Reply("$1\r\nv\r\n")
			c.ExpectCommand("GET", "other")
			c.Close()
		}, answers("$1\r\nw\r\n")},
	} {
		t.Run(name, func(t *testing.T) {
			scene{}.play(t, func(r *rig) {
				r.over(get)
				call, err := r.send(r.ctx, command("GET", "other"))
				r.replied(call.Final().Reply, err, `"w"`, "it was sent again")
				r.arrived("the same command twice", "GET k", "GET other", "GET other")
			}, scripts...)
		})
	}
}

// Errors name the command, however far it came and wherever it is kept.
func TestErrorsOfSentCommandsNameThem(t *testing.T) {
	scene{retries: -1}.play(t, func(r *rig) {
		named := func(cmd redis.Request, phase conn.Phase, why string) {
			r.t.Helper()
			_, err := r.send(r.ctx, cmd)
			e := r.failed(err, phase == conn.AwaitingReply, nil, why)
			if e.Command != cmd.Name() || e.Phase != phase || e.Addr != redisAddr {
				r.t.Errorf("%+v, want a %s at %s, %v: %s", e, cmd.Name(), redisAddr, phase, why)
			}
		}
		named(get, conn.DialPhase, "nobody listens")
		r.serve(answers("$1\r\nv\r\n"))
		r.over(get)
		named(get, conn.AwaitingReply, "the server is silent")
		named(command("WATCH", "k"), conn.Queued, "it is refused here")
		r.pool.Close()
		named(get, conn.Queued, "the pool is closed")
	})
}

// Calls are reused: the Timeout of one must not depend on what it was used for before. Not parallel: other tests would take the
// calls.
func TestTimeoutAfterABlockingCommand(t *testing.T) {
	for range 20 { // calls are not always reused
		synctest.Test(t, func(t *testing.T) {
			r := scene{retries: -1}.rig(t)
			r.serve(answers("$1\r\nv\r\n", "$1\r\nv\r\n"), answers("*2\r\n$1\r\nk\r\n$1\r\nv\r\n"))
			for _, cmd := range []redis.Request{get, get, blpop} { // the first opens the connection
				call, err := r.send(r.ctx, cmd)
				if err != nil {
					t.Fatal(err)
				}
				call.Free()
			}
			ctx, leave := context.WithCancel(r.ctx)
			time.AfterFunc(time.Hour, leave)
			began := time.Now()
			_, err := r.send(ctx, get)
			r.failed(err, true, conn.ErrTimeout, "the server is silent")
			if took := time.Since(began); took != 5*time.Second {
				t.Errorf("it took %v, want the Timeout, 5s", took)
			}
			r.pool.Close()
		})
	}
}
