package route

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
	"github.com/fairlead-go/fairlead/resp"
)

// command is any command by its words.
func command(name string, args ...any) redis.Request {
	return redis.New[resp.Reply](name, args...).Request
}

// Commands that would change a connection for those who use it next are refused, each with what to do instead.
func TestStatefulCommandsAreRefused(t *testing.T) {
	t.Parallel()
	const own = "a connection of your own from Client.Conn"
	for _, row := range []struct {
		cmd  redis.Request
		want string
	}{
		{command("SELECT", 3), "SELECT changes its connection for the commands after it: use Client.DB, or " + own},
		{command("MULTI"), "MULTI changes its connection for the commands after it: use Client.TxPipeline"},
		{command("EXEC"), "EXEC changes its connection for the commands after it: use Client.TxPipeline"},
		{command("DISCARD"), "DISCARD changes its connection for the commands after it: use Client.TxPipeline"},
		{command("WATCH", "k"), "WATCH changes its connection for the commands after it: use Client.Watch"},
		{command("UNWATCH"), "UNWATCH changes its connection for the commands after it: use Client.Watch"},
		{command("AUTH", "p"), "AUTH changes its connection for the commands after it: set it in Options, or use " + own},
		{command("HELLO", 3), "HELLO changes its connection for the commands after it: set it in Options, or use " + own},
		{command("CLIENT SETNAME", "n"), "CLIENT SETNAME changes its connection for the commands after it: set it in Options, or use " + own},
		{command("RESET"), "RESET changes its connection for the commands after it: use " + own},
		{command("SUBSCRIBE", "c"), "SUBSCRIBE has no single reply, so it cannot run as an ordinary command: use Client.Subscribe"},
		{command("PSUBSCRIBE", "c"), "PSUBSCRIBE has no single reply, so it cannot run as an ordinary command: use Client.PSubscribe"},
		{command("CLIENT REPLY", "OFF"), "CLIENT REPLY has no single reply, so it cannot run as an ordinary command: queue commands in a Pipe to send them without waiting for each reply"},
		{command("MONITOR"), "MONITOR has no single reply, so it cannot run as an ordinary command: use Client.Monitor"},
	} {
		call := conn.NewCall()
		call.Request = row.cmd
		if _, err := Check(t.Context(), call, false); err == nil || err.Error() != row.want {
			t.Errorf("%s: %v\nwant %s", row.cmd.Name(), err, row.want)
		}
		alone, err := Check(t.Context(), call, true)
		if row.cmd.Has(redis.NoReply) {
			if err == nil {
				t.Errorf("%s is let through over a connection of its own, though its replies cannot be told from others", row.cmd.Name())
			}
		} else if !alone || err != nil {
			t.Errorf("%s over a connection of its own: %v, %v; want it let through, and noted", row.cmd.Name(), alone, err)
		}
		if _, err := Check(t.Context(), block(0, get, row.cmd), false); err == nil {
			t.Errorf("%s is let through inside of a pipeline", row.cmd.Name())
		}
		if _, err := Check(t.Context(), transaction(row.cmd), true); err == nil {
			t.Errorf("%s is let through inside of a transaction, which it would break", row.cmd.Name())
		}
	}
}

func TestOrdinaryCommandsPass(t *testing.T) {
	t.Parallel()
	single := conn.NewCall()
	single.Request = get
	for _, call := range []*conn.Call{single, block(0, get, set), transaction(get, set)} {
		if changes, err := Check(t.Context(), call, false); changes || err != nil {
			t.Errorf("%s: %v, %v; want it let through", call.Name(), changes, err)
		}
	}
	if changes, err := Check(t.Context(), block(0, get, command("SELECT", 1), get), true); !changes || err != nil {
		t.Errorf("a pipeline with SELECT over a connection of its own: %v, %v; want it let through, and noted", changes, err)
	}
}

func TestWhatCannotBeSent(t *testing.T) {
	t.Parallel()
	call := conn.NewCall()
	call.Request = get
	//lint:ignore SA1012 a nil context is what is tested
	if _, err := Check(nil, call, false); err == nil || err.Error() != "the context is nil: use context.Background()" {
		t.Errorf("nil context: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Check(ctx, call, false); !errors.Is(err, context.Canceled) {
		t.Errorf("ended context: %v", err)
	}
	call.Request = redis.Request{}
	if _, err := Check(t.Context(), call, false); err == nil {
		t.Error("a zero command is let through")
	}
	call.Request = command("GET", struct{}{})
	if _, err := Check(t.Context(), call, false); err == nil {
		t.Error("a command with an argument that has no form is let through")
	}
}

func TestRefusedCommandIsNotSent(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		_, err := r.do(r.ctx, command("SELECT", 3))
		e := r.failed(err, false, nil, "it would move everybody to another database")
		if e.Command != "SELECT" || e.Phase != conn.Queued || e.Conn != 0 {
			r.t.Errorf("%+v, want SELECT, which got no further than the queue", e)
		}
		r.dialed(0, "as above")
	})
}

const noDB = "-ERR DB index is out of range\r\n"

// WAIT asks about what its own connection has written: over one that others write on, its answer is about them.
func TestCommandAboutItsOwnConnection(t *testing.T) {
	t.Parallel()
	call := conn.NewCall()
	call.Request = command("WAIT", 1, 100)
	want := "WAIT is about what was sent before on the same connection: use a connection of your own from Client.Conn, or a pipe that ends with it"
	if _, err := Check(t.Context(), call, false); err == nil || err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
	if changes, err := Check(t.Context(), call, true); changes || err != nil {
		t.Errorf("over a connection of its own: %v, %v; want it let through", changes, err)
	}
	if _, err := Check(t.Context(), block(0, set, call.Request), false); err != nil {
		t.Errorf("at the end of a pipeline: %v; want it let through", err)
	}
}

// A database is asked for once, alone, before anything is sent behind a SELECT: commands behind one that fails would
// run in the wrong database.
func TestDatabaseIsAskedForOnce(t *testing.T) {
	scene{db: 1}.play(t, func(r *rig) {
		reply, err := r.doIn(r.ctx, 7, set)
		r.replied(reply, err, "OK", "the server has database 7")
		reply, err = r.do(r.ctx, get)
		r.replied(reply, err, `"v"`, "back in database 1")
		reply, err = r.doIn(r.ctx, conn.AnyDB, get)
		r.replied(reply, err, `"v"`, "any database will do, so nothing is selected")
		reply, err = r.doIn(r.ctx, 7, set)
		r.replied(reply, err, "OK", "it is known by now")
	}, func(c *redistest.FakeConn) {
		c.AnswerHandshake() // it selects database 1
		for _, step := range []struct{ words, reply string }{
			{"*2\r\n$6\r\nSELECT\r\n$1\r\n7\r\n*2\r\n$6\r\nSELECT\r\n$1\r\n1\r\n", ok + ok}, // can it be selected? And back.
			{"*2\r\n$6\r\nSELECT\r\n$1\r\n7\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n", ok + ok},
			{"*2\r\n$6\r\nSELECT\r\n$1\r\n1\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n", ok + "$1\r\nv\r\n"},
			{"*2\r\n$3\r\nGET\r\n$1\r\nk\r\n", "$1\r\nv\r\n"},
			{"*2\r\n$6\r\nSELECT\r\n$1\r\n7\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n", ok + ok},
		} {
			c.Expect(step.words)
			c.Reply(step.reply)
		}
		c.Hang()
	})
}

func TestUnknownDatabaseIsRefused(t *testing.T) {
	for _, exclusive := range []bool{false, true} {
		t.Run(fmt.Sprintf("exclusive %v", exclusive), func(t *testing.T) {
			scene{exclusive: exclusive}.play(t, func(r *rig) {
				for range 2 {
					_, err := r.doIn(r.ctx, 99, set)
					e := r.failed(err, false, nil, "nothing may run in another database than the one asked for")
					want := "the server has no database 99 (ERR DB index is out of range): see its setting \"databases\""
					if e.Err.Error() != want || e.Command != "SET" {
						r.t.Errorf("%s: %v\nwant %s", e.Command, e.Err, want)
					}
				}
				reply, err := r.do(r.ctx, get)
				r.replied(reply, err, `"v"`, "the connection is where it was")
				r.arrived("SET never", "SELECT 99", "SELECT 0", "SELECT 99", "SELECT 0", "GET k")
				r.dialed(1, "nothing is wrong with the connection")
			}, answers(noDB, ok, noDB, ok, "$1\r\nv\r\n"))
		})
	}
}

func TestDatabaseOfALease(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		_, err := r.Lease(r.ctx, 99, "WATCH")
		r.failed(err, false, nil, "there is no such database")
		c, err := r.Lease(r.ctx, 2, "WATCH")
		if err != nil {
			r.t.Fatal(err)
		}
		if s := r.pool.Stats(); s.Idle != 0 || s.Open != 2 {
			r.t.Errorf("%+v, want one connection in use beside the shared one", s)
		}
		r.GiveBack(c, true)
		if s := r.pool.Stats(); s.Idle != 1 {
			r.t.Errorf("%+v, want it back", s)
		}
		ctx, cancel := context.WithCancel(r.ctx)
		cancel()
		_, err = r.Lease(ctx, 2, "WATCH")
		r.failed(err, false, context.Canceled, "nobody wants it")
	}, answers(noDB, ok, ok, ok), answers())
}

func TestLeaseIsTriedAgain(t *testing.T) {
	full := func(c *redistest.FakeConn) { c.Reply("-ERR max number of clients reached\r\n"); c.Close() }
	scene{}.play(t, func(r *rig) {
		c, err := r.Lease(r.ctx, 0, "WATCH")
		if err != nil {
			r.t.Fatalf("%v; want a connection at the third try", err)
		}
		r.dialed(3, "the server was full twice")
		r.GiveBack(c, false)
	}, full, full, answers())
}

// What goes wrong while a database is asked for has nothing to do with the command, which was not sent.
func TestDatabaseThatCannotBeAskedFor(t *testing.T) {
	t.Run("the connection ends", func(t *testing.T) {
		scene{}.play(t, func(r *rig) {
			reply, err := r.doIn(r.ctx, 3, set)
			r.replied(reply, err, "OK", "SET was not sent, so it may be tried again")
			r.dialed(2, "over another connection")
		}, fin, answers(ok, ok, ok, ok))
	})
	t.Run("the connection ends every time", func(t *testing.T) {
		scene{}.play(t, func(r *rig) {
			_, err := r.doIn(r.ctx, 3, set)
			if e := r.failed(err, false, nil, "SET was never sent"); e.Command != "SET" {
				r.t.Errorf("the error is about %s, want SET", e.Command)
			}
		}, fin)
	})
	t.Run("the server is loading", func(t *testing.T) {
		scene{}.play(t, func(r *rig) {
			_, err := r.doIn(r.ctx, 3, set)
			e := r.failed(err, false, nil, "SET was not sent")
			if want := "database 3 cannot be used: LOADING Redis is loading the dataset in memory"; e.Err.Error() != want {
				r.t.Errorf("%v\nwant %s", e.Err, want)
			}
		}, answers(loading, loading, loading, loading, loading, loading, loading, loading))
	})
	t.Run("nobody may select", func(t *testing.T) {
		scene{}.play(t, func(r *rig) {
			_, err := r.doIn(r.ctx, 3, set)
			e := r.failed(err, false, nil, "SET was not sent")
			want := "database 3 cannot be used: NOPERM this user has no permissions to run the 'select' command; the user's ACL must allow SELECT"
			if e.Err.Error() != want {
				r.t.Errorf("%v\nwant %s", e.Err, want)
			}
		}, answers("-NOPERM this user has no permissions to run the 'select' command\r\n", ok))
	})
}
