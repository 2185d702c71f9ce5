package route

import (
	"os"
	"testing"

	"github.com/fairlead-go/fairlead/redistest"
)

// SHUTDOWN is answered by the end of the connection. What that means to others depends on them: it is not sent on theirs.
func TestCommandThatTheServerAnswersByHangingUp(t *testing.T) {
	shutdown := command("SHUTDOWN", "NOSAVE")
	for name, end := range map[string]func(*redistest.FakeConn){"FIN": fin, "RST": rst} {
		t.Run(name, func(t *testing.T) {
			scene{}.play(t, func(r *rig) {
				reply, err := r.do(r.ctx, get)
				r.replied(reply, err, `"v"`, "a connection to be shared is open")
				reply, err = r.do(r.ctx, shutdown)
				r.replied(reply, err, "OK", "the end of the connection is the answer")
				r.arrived("once, over a connection of its own", "GET k", "SHUTDOWN NOSAVE")
				if s := r.pool.Stats(); s.Shared != 1 || s.Idle != 0 || s.Retries != 0 {
					r.t.Errorf("%+v, want the shared connection untouched, and nothing tried again", s)
				}
			}, answers("$1\r\nv\r\n"), end)
		})
	}
	t.Run("refused", func(t *testing.T) {
		scene{}.play(t, func(r *rig) {
			reply, err := r.do(r.ctx, shutdown)
			r.replied(reply, err, "(error) ERR Errors trying to SHUTDOWN. Check logs.", "the server goes on")
		}, answers("-ERR Errors trying to SHUTDOWN. Check logs.\r\n"))
	})
	t.Run("silence", func(t *testing.T) {
		scene{}.play(t, func(r *rig) {
			_, err := r.do(r.ctx, shutdown)
			r.failed(err, true, os.ErrDeadlineExceeded, "it may be shutting down, or may not have read it")
			r.arrived("once", "SHUTDOWN NOSAVE")
		}, silent)
	})
	t.Run("no server", func(t *testing.T) {
		scene{}.play(t, func(r *rig) {
			_, err := r.do(r.ctx, shutdown)
			r.failed(err, false, nil, "there is nobody to shut down")
			r.dialed(4, "as any command that was not sent")
		})
	})
}
