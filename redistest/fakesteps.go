package redistest

import (
	"io"
	"runtime"
)

// Reply sends these bytes. If the client has closed the connection already, that is no mistake here; the next Expect sees
// it.
func (c *FakeConn) Reply(raw string) { _, _ = c.Write([]byte(raw)) }

// Write is Reply as an io.Writer, for scripts that have to know when the client is gone.
func (c *FakeConn) Write(p []byte) (int, error) {
	c.log.add("server", excerpt(string(p)))
	n, err := c.conn.Write(p)
	if err != nil {
		c.log.add("server", "could not send all of it: "+err.Error())
	}
	return n, err
}

// Close ends the connection with a FIN.
func (c *FakeConn) Close() { c.end(FIN) }

// Reset ends the connection with an RST.
func (c *FakeConn) Reset() { c.end(RST) }

func (c *FakeConn) end(how Ending) {
	c.ended.Store(true)
	c.log.add("server", "ends the connection with "+how.String())
	how.apply(c.conn)
}

// HalfClose sends a FIN and goes on reading: the client reads io.EOF, but what it writes is still taken.
func (c *FakeConn) HalfClose() {
	c.log.add("server", "sends FIN and goes on reading")
	if err := closeWrite(c.conn); err != nil {
		c.log.add("server", "could not: "+err.Error())
	}
}

// Hang keeps the connection open, reads whatever comes and answers nothing. It returns when the client has closed the
// connection or the test is over.
func (c *FakeConn) Hang() {
	c.log.add("server", "answers nothing any more")
	for {
		if _, err := c.ReadCommand(); err != nil {
			_, _ = io.Copy(io.Discard, c.reader) // the rest, if it was no command that came
			c.ended.Store(true)
			return
		}
	}
}

// Hold waits until the channel is closed or gives a value; meanwhile nothing is read or answered. If the test ends first, so
// does the script.
func (c *FakeConn) Hold(until <-chan struct{}) {
	select {
	case <-until:
	case <-c.fake.closing:
		runtime.Goexit()
	}
}

// Serve answers each command with the bytes that answer returns for it, none if that is "". It returns when the client has
// closed the connection or the test is over. A protocol error of the client fails the test.
func (c *FakeConn) Serve(answer func(args []string) string) {
	for {
		args, err := c.ReadCommand()
		if endOfStream(err) {
			c.ended.Store(true)
			return
		}
		if err != nil {
			c.giveUpReading("a command", err)
		}
		if raw := answer(args); raw != "" {
			c.Reply(raw)
		}
	}
}
