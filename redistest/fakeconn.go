package redistest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
)

// FakeConn is one connection to a Fake. Its methods are the steps of a script and are called by the script's goroutine;
// Reply, Write, Close, HalfClose and Reset may be called by any.
type FakeConn struct {
	fake   *Fake
	number int
	conn   net.Conn
	reader *bufio.Reader // owned by the script's goroutine
	ended  atomic.Bool   // by Close, Reset or the client, so that nothing more is expected
	log    transcript
}

func newFakeConn(f *Fake, conn net.Conn, number int) *FakeConn {
	source := &lastLook{conn: conn, closing: f.isClosing}
	return &FakeConn{fake: f, number: number, conn: conn, reader: bufio.NewReaderSize(source, 64<<10)}
}

// run runs the script and ends the connection.
func (c *FakeConn) run() {
	ending := RST // a script that gave up
	defer func() { ending.apply(c.conn) }()
	c.fake.script(c.number)(c)
	if !c.ended.Load() {
		c.expectNothing()
	}
	ending = FIN
}

// expectNothing waits for the client to close the connection, which is all that it may do now.
func (c *FakeConn) expectNothing() {
	args, err := readCommand(c.reader)
	if err == nil {
		c.log.add("client", excerpt(string(appendCommand(nil, args...))))
		c.giveUp("the script is over, but the client sent %q", args)
	}
	if !endOfStream(err) {
		c.giveUp("the script is over, but the client sent something: %v", err)
	}
}

// Number is 1 for the first connection that the fake accepted, 2 for the second and so on. CLIENT ID answers it.
func (c *FakeConn) Number() int { return c.number }

// NetConn returns the connection itself, for what has no method here, such as (*MemConn).Drop.
func (c *FakeConn) NetConn() net.Conn { return c.conn }

// ReadCommand waits for a command and returns its name and arguments. The error is io.EOF when the client has closed the
// connection.
func (c *FakeConn) ReadCommand() ([]string, error) {
	args, err := readCommand(c.reader)
	if err != nil {
		c.noteEnd(err)
		return nil, err
	}
	c.log.add("client", excerpt(string(appendCommand(nil, args...))))
	c.fake.record(args)
	return args, nil
}

// ExpectCommand waits for a command, which must be this one. The case of its name does not matter.
func (c *FakeConn) ExpectCommand(args ...string) {
	got, err := c.ReadCommand()
	if err != nil {
		c.giveUpReading(fmt.Sprintf("the command %q", args), err)
	}
	if !sameCommand(got, args) {
		c.giveUp("expected the command %q, the client sent %q", args, got)
	}
}

// Expect waits for exactly these bytes. The first one that differs ends the wait.
func (c *FakeConn) Expect(raw string) {
	got := make([]byte, 0, len(raw))
	for i := range len(raw) {
		b, err := c.reader.ReadByte()
		if err != nil {
			c.logPart(got)
			c.noteEnd(err)
			c.giveUpReading(excerpt(raw), err)
		}
		got = append(got, b)
		if b != raw[i] {
			rest, _ := c.reader.Peek(c.reader.Buffered())
			c.logPart(append(got, rest...))
			c.giveUp("expected %s, byte %d differs: the client sent %s", excerpt(raw), i, excerpt(string(got)+string(rest)))
		}
	}
	c.logPart(got)
	commands := bufio.NewReader(strings.NewReader(raw))
	for args, err := readCommand(commands); err == nil; args, err = readCommand(commands) {
		c.fake.record(args)
	}
}

// ExpectClose waits for the client to end the connection, without another byte.
func (c *FakeConn) ExpectClose() {
	b, err := c.reader.ReadByte()
	if err == nil {
		rest, _ := c.reader.Peek(c.reader.Buffered())
		c.giveUp("expected the client to close the connection, but it sent %s", excerpt(string(b)+string(rest)))
	}
	c.noteEnd(err)
	if errors.Is(err, net.ErrClosed) {
		c.giveUpReading("the end of the connection", err)
	}
}

// logPart notes bytes of the client.
func (c *FakeConn) logPart(raw []byte) {
	if len(raw) > 0 {
		c.log.add("client", excerpt(string(raw)))
	}
}

// noteEnd notes why nothing more can be read, if that is the client's doing.
func (c *FakeConn) noteEnd(err error) {
	switch {
	case errors.Is(err, net.ErrClosed):
	case endOfStream(err):
		c.ended.Store(true)
		c.log.add("client", "ends the connection: "+err.Error())
	default:
		c.log.add("client", "sends what is no command: "+err.Error())
	}
}

// giveUpReading reports that something expected cannot come any more.
func (c *FakeConn) giveUpReading(what string, err error) {
	switch {
	case errors.Is(err, net.ErrClosed) && c.ended.Load():
		c.giveUp("the script has ended the connection, but waits for %s", what)
	case errors.Is(err, net.ErrClosed):
		c.giveUp("it was closed while the script still waits for %s", what)
	case endOfStream(err):
		c.giveUp("expected %s, but the client ended the connection: %v", what, err)
	default:
		c.giveUp("expected %s: %v", what, err)
	}
}

// giveUp fails the test with the transcript and ends the script: it does not return.
func (c *FakeConn) giveUp(format string, args ...any) {
	c.fake.t.Errorf("redistest: connection %d of the fake server: %s\n%s", c.number, fmt.Sprintf(format, args...), &c.log)
	runtime.Goexit()
}

// sameCommand compares commands as a server does, for whom GET and get are the same.
func sameCommand(got, want []string) bool {
	if len(got) != len(want) {
		return false
	}
	for i := range got {
		if got[i] != want[i] && (i > 0 || !strings.EqualFold(got[i], want[i])) {
			return false
		}
	}
	return true
}

// endOfStream says whether a read failed because the connection is over and not because of what was read.
func endOfStream(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}
