package route

import (
	"context"
	"io"
	"reflect"
	"testing"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
	"github.com/fairlead-go/fairlead/resp"
)

const loading = "-LOADING Redis is loading the dataset in memory\r\n"

// block is a call of many commands.
func block(db int, cmds ...redis.Request) *conn.Call {
	call := conn.NewCall()
	call.Many, call.Replies, call.DB = cmds, make([]resp.Reply, len(cmds)), db
	return call
}

// transaction is a block between MULTI and EXEC.
func transaction(cmds ...redis.Request) *conn.Call {
	cmds = append([]redis.Request{redis.New[resp.Reply]("MULTI").Request}, cmds...)
	call := block(0, append(cmds, redis.New[resp.Reply]("EXEC").Request)...)
	call.Tx = true
	return call
}

// texts are a block's replies, those that have come.
func texts(call *conn.Call) (got []string) {
	for _, r := range call.Final().Replies[:call.Final().Got()] {
		got = append(got, r.Value().String())
	}
	return got
}

func (r *rig) repliedAll(call *conn.Call, err error, why string, want ...string) {
	r.t.Helper()
	if err != nil || !reflect.DeepEqual(texts(call), want) {
		r.t.Fatalf("%q, %v; want %q: %s", texts(call), err, want, why)
	}
}

func TestPipelineTravelsInOnePiece(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		call := block(0, set, get, get)
		err := r.RoundTrip(r.ctx, call)
		r.repliedAll(call, err, "each has its own reply, the error too", "OK", `"v"`, "(error) ERR it is mine alone")
	}, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.Expect("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n" + "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n" + "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n")
		c.Reply("+OK\r\n$1\r\nv\r\n-ERR it is mine alone\r\n")
		c.Hang()
	})
}

func TestPipelineCutInTheMiddle(t *testing.T) {
	cut := func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		for range 3 {
			if _, err := c.ReadCommand(); err != nil {
				return
			}
		}
		c.Reply("$1\r\nv\r\n")
		c.Close()
	}
	t.Run("with a write in it", func(t *testing.T) {
		scene{}.play(t, func(r *rig) {
			call := block(0, get, set, get)
			err := r.RoundTrip(r.ctx, call)
			r.failed(err, true, io.EOF, "SET may have run, so nothing is sent again")
			if got := texts(call); len(got) != 1 || got[0] != `"v"` {
				r.t.Errorf("%q had come, want the first reply", got)
			}
			if sent := call.SentEach(); !reflect.DeepEqual(sent, []bool{true, true, true}) {
				r.t.Errorf("sent %v, want all: they were read", sent)
			}
			r.arrived("as above", "GET k", "SET k v", "GET k")
		}, cut, answers(ok, ok, ok))
	})
	t.Run("that only reads", func(t *testing.T) {
		scene{}.play(t, func(r *rig) {
			call := block(0, get, get, get)
			err := r.RoundTrip(r.ctx, call)
			r.repliedAll(call, err, "all of it may be sent again", "1", "2", "3")
			r.dialed(2, "over another connection")
		}, cut, answers("+1\r\n", "+2\r\n", "+3\r\n"))
	})
}

func TestPipelineRefusedAsAWholeIsSentAgain(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		call := block(0, set, get)
		err := r.RoundTrip(r.ctx, call)
		r.repliedAll(call, err, "nothing of it had run", "OK", `"v"`)
	}, answers(loading, loading, ok, "$1\r\nv\r\n"))
}

func TestPipelineRefusedInPartIsNotSentAgain(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		call := block(0, set, get)
		err := r.RoundTrip(r.ctx, call)
		r.repliedAll(call, err, "SET has run, and must not run twice", "OK", "(error) LOADING Redis is loading the dataset in memory")
		r.arrived("as above", "SET k v", "GET k")
	}, answers(ok, loading, "+again\r\n", "+again\r\n"))
}

func TestTransactionRefusedIsSentAgain(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		call := transaction(set)
		err := r.RoundTrip(r.ctx, call)
		r.repliedAll(call, err, "nothing of it had run", "OK", "QUEUED", "1) OK")
	}, answers(loading, loading, loading, ok, "+QUEUED\r\n", "*1\r\n+OK\r\n"))
}

func TestTransactionCutBeforeTheReplyToExec(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		call := transaction(set, set)
		err := r.RoundTrip(r.ctx, call)
		r.failed(err, true, io.EOF, "EXEC was sent, so all of it may have run")
		if got := call.Got(); got != 3 {
			r.t.Errorf("%d replies had come, want 3: those to MULTI and to what was queued", got)
		}
		r.arrived("once", "MULTI", "SET k v", "SET k v", "EXEC")
	}, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("MULTI")
		c.ExpectCommand("SET", "k", "v")
		c.ExpectCommand("SET", "k", "v")
		c.ExpectCommand("EXEC")
		c.Reply("+OK\r\n+QUEUED\r\n+QUEUED\r\n")
		c.Close()
	}, answers(ok, ok, ok, ok))
}

func TestTransactionThatOnlyReadsIsStillNotSentAgain(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		call := transaction(get)
		err := r.RoundTrip(r.ctx, call)
		r.failed(err, true, io.EOF, "MULTI and EXEC are not marked as reading only by the server, and doubt is the safe side")
	}, fin, answers(ok, ok, ok))
}

func TestPipelineThatWasNotSentIsSentLater(t *testing.T) {
	scene{}.play(t, func(r *rig) {
		call := block(0, set, set)
		ctx, cancel := context.WithCancel(r.ctx)
		cancel()
		r.failed(r.RoundTrip(ctx, call), false, context.Canceled, "nobody wants it")
		if call.SentEach() != nil {
			r.t.Error("it had no connection, so nothing can be said of its parts")
		}
	})
}
