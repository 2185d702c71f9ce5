package wire_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/contrib/wire"
	"github.com/fairlead-go/fairlead/redistest"
	"github.com/fairlead-go/fairlead/resp"
)

func TestOneWriteIsOnePipe(t *testing.T) {
	bubble(t, func(x *talk, _ *redistest.Fake) {
		x.exchange("SET k v; GET k; FOO", "+OK\r\n$1\r\nv\r\n-ERR unknown command 'FOO'\r\n", "the error is of its command alone")
	}, func(c *redistest.FakeConn) {
		greeted(c)
		c.Expect("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n" + "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n" + "*1\r\n$3\r\nFOO\r\n") // no reply is waited for between
		c.Reply("+OK\r\n$1\r\nv\r\n-ERR unknown command 'FOO'\r\n")
		c.Hang()
	})
}

func TestTransactionInOneWriteIsOneBlock(t *testing.T) {
	bubble(t, func(x *talk, fake *redistest.Fake) {
		x.exchange("MULTI; INCR n; GET k; EXEC", "+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n:1\r\n$-1\r\n", "as from a server")
		if n := fake.Conns(); n != 1 {
			t.Errorf("%d connections, want the shared one alone", n)
		}
	}, func(c *redistest.FakeConn) {
		greeted(c)
		c.Expect("*1\r\n$5\r\nMULTI\r\n*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n*1\r\n$4\r\nEXEC\r\n")
		c.Reply("+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n:1\r\n$-1\r\n")
		c.Hang()
	})
}

// A command whose reply was lost may have run. The other client must not see what it would take for leave to send it again.
func TestReplyThatIsLost(t *testing.T) {
	bubble(t, func(x *talk, _ *redistest.Fake) {
		x.write("SET k v; INCR n")
		if got := x.says(1); got != "+OK\r\n" {
			t.Errorf("%q, want the reply that had come", got)
		}
		err := x.fails()
		inDoubt(t, err)
		var failure net.Error
		if errors.Is(err, io.EOF) || errors.As(err, &failure) {
			t.Errorf("%v shows itself as an EOF or a failure of the network", err)
		}
		if _, err := x.conn.Write([]byte("*1\r\n$4\r\nPING\r\n")); err == nil {
			t.Error("a connection that ended takes further commands")
		}
	}, func(c *redistest.FakeConn) {
		greeted(c)
		c.ExpectCommand("SET", "k", "v")
		c.ExpectCommand("INCR", "n")
		c.Reply("+OK\r\n")
		c.Close()
	}, func(c *redistest.FakeConn) { c.Hang() })
}

func TestReadDeadlineWithNothingUnderWay(t *testing.T) {
	bubble(t, func(x *talk, _ *redistest.Fake) {
		ok(t, x.conn.SetReadDeadline(time.Now().Add(time.Second)))
		began := time.Now()
		_, err := x.conn.Read(make([]byte, 1))
		var timeout net.Error
		if !errors.Is(err, os.ErrDeadlineExceeded) || !errors.As(err, &timeout) || !timeout.Timeout() || time.Since(began) != time.Second {
			t.Errorf("%v after %v, want a timeout after a second", err, time.Since(began))
		}
		ok(t, x.conn.SetReadDeadline(time.Time{}))
		x.exchange("GET k", "$1\r\nv\r\n", "nothing was lost by that")
	}, func(c *redistest.FakeConn) {
		greeted(c)
		c.ExpectCommand("GET", "k")
		c.Reply("$1\r\nv\r\n")
		c.Hang()
	})
}

func silentAfter(words ...string) func(c *redistest.FakeConn) {
	return func(c *redistest.FakeConn) {
		greeted(c)
		c.ExpectCommand(words...)
		c.Hang()
	}
}

func TestReadDeadlineWhileACommandIsUnderWay(t *testing.T) {
	bubble(t, func(x *talk, _ *redistest.Fake) {
		ok(t, x.conn.SetDeadline(time.Now().Add(time.Second)))
		x.write("INCR n")
		began := time.Now()
		err := x.fails()
		var timeout net.Error
		if !errors.Is(err, os.ErrDeadlineExceeded) || !errors.As(err, &timeout) || !timeout.Timeout() || time.Since(began) != time.Second {
			t.Errorf("%v after %v, want a timeout after a second", err, time.Since(began))
		}
		inDoubt(t, err)
		ok(t, x.conn.SetDeadline(time.Time{}))
		if again := x.fails(); !errors.Is(again, os.ErrDeadlineExceeded) {
			t.Errorf("%v, want the same error: the reply is lost, and those after it could not be told apart", again)
		}
	}, silentAfter("INCR", "n"))
}

// TestDeadlineThatIsSetMeanwhile: a client that wants its reader back sets a deadline that has passed.
func TestDeadlineThatIsSetMeanwhile(t *testing.T) {
	bubble(t, func(x *talk, _ *redistest.Fake) {
		x.write("INCR n")
		time.AfterFunc(soon, func() { ok(t, x.conn.SetWriteDeadline(time.Now())) })            // not the reader's
		time.AfterFunc(2*soon, func() { ok(t, x.conn.SetReadDeadline(time.Now().Add(soon))) }) // still to come
		began := time.Now()
		err := x.fails()
		if took := time.Since(began); !errors.Is(err, os.ErrDeadlineExceeded) || took != 3*soon {
			t.Errorf("%v after %v, want the deadline after %v", err, took, 3*soon)
		}
	}, silentAfter("INCR", "n"))
}

func TestWithoutADeadlineThePoolsTimeoutCounts(t *testing.T) {
	bubble(t, func(x *talk, _ *redistest.Fake) {
		x.write("INCR n")
		began := time.Now()
		err := x.fails()
		if took := time.Since(began); !errors.Is(err, fairlead.ErrTimeout) || took != 5*time.Second {
			t.Errorf("%v after %v, want Options.Timeout, 5s", err, took)
		}
		inDoubt(t, err)
	}, silentAfter("INCR", "n"))
}

func TestCloseEndsWhatIsUnderWay(t *testing.T) {
	bubble(t, func(x *talk, _ *redistest.Fake) {
		x.write("INCR n")
		time.AfterFunc(soon, func() { ok(t, x.conn.Close()) })
		if err := x.fails(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("%v, want net.ErrClosed", err)
		}
		for what, err := range map[string]error{"Close": x.conn.Close(), "SetDeadline": x.conn.SetDeadline(time.Now())} {
			if !errors.Is(err, net.ErrClosed) {
				t.Errorf("%s: %v, want net.ErrClosed", what, err)
			}
		}
		if _, err := x.conn.Write(nil); !errors.Is(err, net.ErrClosed) {
			t.Errorf("Write: %v, want net.ErrClosed", err)
		}
	}, silentAfter("INCR", "n"))
}

// TestCloseRunsWhatWasWritten: with a server these bytes would be on their way, too.
func TestCloseRunsWhatWasWritten(t *testing.T) {
	bubble(t, func(x *talk, fake *redistest.Fake) {
		x.write("INCR n; INCR n")
		ok(t, x.conn.Close())
		if got := len(fake.Commands()); got != 3 {
			t.Errorf("the server got %q, want both INCR", fake.Commands())
		}
	}, func(c *redistest.FakeConn) {
		greeted(c)
		c.ExpectCommand("INCR", "n")
		c.ExpectCommand("INCR", "n")
		c.Reply(":1\r\n:2\r\n")
		c.Hang()
	})
}

func TestCloseWaitsNoLongerThanASecond(t *testing.T) {
	bubble(t, func(x *talk, _ *redistest.Fake) {
		x.write("INCR n")
		began := time.Now()
		ok(t, x.conn.Close())
		if took := time.Since(began); took != time.Second {
			t.Errorf("took %v, want a second", took)
		}
	}, silentAfter("INCR", "n"))
}

// TestReaderThatWaitsFirst: a client may read and write in two goroutines.
func TestReaderThatWaitsFirst(t *testing.T) {
	bubble(t, func(x *talk, _ *redistest.Fake) {
		got := make(chan string, 1)
		go func() { got <- x.says(1) }()
		synctest.Wait()
		x.write("GET k")
		if reply := <-got; reply != "$1\r\nv\r\n" {
			t.Errorf("%q, want the value", reply)
		}
	}, func(c *redistest.FakeConn) {
		greeted(c)
		c.ExpectCommand("GET", "k")
		c.Reply("$1\r\nv\r\n")
		c.Hang()
	})
}

func TestRequestInSingleBytes(t *testing.T) {
	bubble(t, func(x *talk, _ *redistest.Fake) {
		for _, b := range []byte("*0\r\n*2\r\n$3\r\nget\r\n$3\r\n\r\nk\r\n") {
			_, err := x.conn.Write([]byte{b})
			ok(t, err)
		}
		if got := x.says(1); got != "$-1\r\n" && got != "_\r\n" {
			t.Errorf("%q, want a null; the empty command has no reply", got)
		}
	}, func(c *redistest.FakeConn) {
		greeted(c)
		c.ExpectCommand("GET", "\r\nk")
		c.Reply("$-1\r\n")
		c.Hang()
	})
}

// TestBytesThatAreNoCommand: what came before them is answered, they are an error, and that is the end.
func TestBytesThatAreNoCommand(t *testing.T) {
	for _, garbage := range []string{"PING\r\n", "*1\r\n:1\r\n", "*1\r\n*1\r\n$1\r\nx\r\n", "+OK\r\n", "*1\r\n$-1\r\n", "*-1\r\n", "*1\r\n$99999999999\r\n"} {
		t.Run(garbage, func(t *testing.T) {
			bubble(t, func(x *talk, _ *redistest.Fake) {
				x.write("GET k")
				_, err := x.conn.Write([]byte(garbage + "*1\r\n$8\r\nFLUSHALL\r\n"))
				ok(t, err)
				if got := x.says(2); !strings.HasPrefix(got, "$1\r\nv\r\n-ERR Protocol error: ") {
					t.Errorf("%q, want the value, and a protocol error", got)
				}
				if err := x.fails(); err != io.EOF {
					t.Errorf("%v, want io.EOF", err)
				}
			}, func(c *redistest.FakeConn) {
				greeted(c)
				c.ExpectCommand("GET", "k")
				c.Reply("$1\r\nv\r\n")
				c.Hang()
			})
		})
	}
}

// TestWriterWithoutAReader: what waits to be run is bounded; past it the writer runs it.
func TestWriterWithoutAReader(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	c := clientOf(t, server.Addr(), 2)
	x := over(t, c)
	value := strings.Repeat("v", 100<<10)
	for i := range 40 {
		x.write(fmt.Sprintf("SET k%d %s", i, value))
	}
	ran, err := c.DBSize(t.Context())
	ok(t, err)
	if ran < 29 || ran == 40 {
		t.Errorf("%d of 40 commands have run, of which nobody reads the replies; want all but the last MiB", ran)
	}
	big := resp.AppendCommand(nil, "SET", "big", strings.Repeat("v", 3<<20))
	for piece := range slices.Chunk(big, 64<<10) { // more than may wait, but nobody can run half a command
		_, err := x.conn.Write(piece)
		ok(t, err)
	}
	if got := x.says(41); got != strings.Repeat("+OK\r\n", 41) {
		t.Errorf("%q, want 41 times OK", got)
	}
}

func TestNoClient(t *testing.T) {
	t.Parallel()
	for _, c := range []*fairlead.Client{nil, {}} {
		if conn, err := wire.Dialer(c)(t.Context(), "tcp", "localhost:6379"); conn != nil || err == nil || !strings.Contains(err.Error(), "fairlead.Client") {
			t.Errorf("%v, %v, want an error that says what to pass", conn, err)
		}
	}
}
