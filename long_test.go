package fairlead_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// longSizes are lengths on both sides of where a value begins to come in parts, of one read, one write, and several.
var longSizes = []int{0, 1, 32<<10 - 3, 32 << 10, 64 << 10, 128<<10 - 1, 128 << 10, 256<<10 + 1, 3<<20 + 7}

// pattern is a value whose bytes tell where they are.
func pattern(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i ^ i>>8 ^ i>>16)
	}
	return b
}

func TestLongValuesThereAndBack(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		for _, n := range longSizes {
			key, value := newKey(t), pattern(n)
			r := bytes.NewReader(append(bytes.Clone(value), "more"...))
			must(t, c.SetFrom(background, key, r, int64(n), time.Minute))
			is(t, fmt.Sprint("bytes of the reader left behind ", n), r.Len(), len("more"))
			whole, err := c.Get(background, key)
			must(t, err)
			is(t, fmt.Sprint("what SetFrom set, of ", n), whole == string(value), true)
			ttl, err := c.TTL(background, key)
			must(t, err)
			is(t, "it expires", ttl > 0 && ttl <= time.Minute, true)

			var w bytes.Buffer
			got, err := c.GetTo(background, key, &w)
			must(t, err)
			is(t, fmt.Sprint("what GetTo wrote, of ", n), int(got) == n && bytes.Equal(w.Bytes(), value), true)
			buf := make([]byte, n+1)
			into, err := c.GetInto(background, key, buf)
			must(t, err)
			is(t, fmt.Sprint("what GetInto read, of ", n), into == n && bytes.Equal(buf[:n], value), true)
		}
		is(t, "one connection was enough, beside the shared one", len(c.Pool().Conns()) <= 2, true)
	})
}

func TestLongValueOfAReaderThatGivesLittle(t *testing.T) {
	t.Parallel()
	c, key, value := open(t, redistest.Default(t).URL()), newKey(t), pattern(5000)
	must(t, c.SetFrom(background, key, iotest.OneByteReader(iotest.DataErrReader(bytes.NewReader(value))), 5000, 0))
	wantGet(t, c.Commands, key, string(value))
}

func TestLongValueThatIsNotThere(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		key := newKey(t)
		n, err := c.GetTo(background, key, neverWriter{t})
		is(t, "GetTo of nothing", err, fairlead.Nil)
		is(t, "bytes", n, 0)
		_, err = c.GetInto(background, key, nil)
		is(t, "GetInto of nothing", err, fairlead.Nil)
		_, err = c.LPush(background, key, "a")
		must(t, err)
		_, err = c.GetTo(background, key, neverWriter{t})
		wantCode(t, err, "WRONGTYPE")
	})
}

// A neverWriter must not be used.
type neverWriter struct{ t *testing.T }

func (w neverWriter) Write(b []byte) (int, error) {
	w.t.Errorf("%d bytes were written", len(b))
	return len(b), nil
}

// TestLongValueOnTheWire: the command is the same as if its value had been given, and the reader is asked for no more than it has to give.
func TestLongValueOnTheWire(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.Expect("*5\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nab\r\nc\r\n$2\r\nPX\r\n$4\r\n1500\r\n")
		c.Reply("+OK\r\n")
		c.Expect("*2\r\n$3\r\nGET\r\n$1\r\nk\r\n")
		c.Reply("$5\r\nab\r\nc\r\n")
	})
	c := open(t, fake.URL())
	must(t, c.SetFrom(background, "k", strings.NewReader("ab\r\nc and more"), 5, 1500*time.Millisecond))
	var w strings.Builder
	_, err := c.GetTo(background, "k", &w)
	must(t, err)
	is(t, "the value", w.String(), "ab\r\nc")
}

func TestLongValueMisuse(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t) // nobody dials it
	c := open(t, fake.URL())
	_, nilWriter := c.GetTo(background, "k", nil)
	//lint:ignore SA1012 a nil context is what is tested
	_, nilContext := c.GetTo(nil, "k", io.Discard)
	for _, err := range []error{
		nilWriter, nilContext,
		c.SetFrom(background, "k", nil, 5, 0),
		c.SetFrom(background, "k", strings.NewReader(""), -1, 0),
		c.SetFrom(background, "k", strings.NewReader(""), 0, -5*time.Second),
	} {
		is(t, fmt.Sprintf("it was not sent: %v", err), err != nil && fairlead.NotRun(err), true)
	}
	is(t, "connections", fake.Conns(), 0)
}

// TestLongValueCutWhileSent: a SET of which the server got a part has never run, whatever cut it; its connection ends, and says why.
func TestLongValueCutWhileSent(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk on fire")
	const n, half = 1 << 20, 1 << 19
	for _, test := range []struct {
		name  string
		from  func(cancel context.CancelFunc) io.Reader
		cause error
	}{
		{"the reader fails", func(context.CancelFunc) io.Reader {
			return io.MultiReader(bytes.NewReader(pattern(half)), iotest.ErrReader(broken))
		}, broken},
		{"the reader ends", func(context.CancelFunc) io.Reader { return bytes.NewReader(pattern(half)) }, io.ErrUnexpectedEOF},
		{"the context ends", func(cancel context.CancelFunc) io.Reader {
			return io.MultiReader(bytes.NewReader(pattern(half)), readerFunc(func(b []byte) (int, error) {
				cancel()
				return len(b), nil
			}))
		}, context.Canceled},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(background)
			defer cancel()
			o := &fairlead.Options{Addr: redistest.Default(t).Addr()}
			closed := watchClosed(o)
			c, key := openTo(t, o), newKey(t)
			must(t, c.Set(background, key, "before", 0))
			err := c.SetFrom(ctx, key, test.from(cancel), n, 0)
			is(t, fmt.Sprintf("%v is the cause", err), errors.Is(err, test.cause), true)
			is(t, "NotRun", fairlead.NotRun(err), true)
			is(t, "it says so", strings.HasSuffix(err.Error(), "it was sent in part only and cannot have run"), true)
			is(t, "the connection's end", (<-closed).Cause, fairlead.CauseTransferCut)
			wantGet(t, c.Commands, key, "before")
		})
	}
}

type readerFunc func(b []byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

// TestLongValueCutByTheServer: the connection breaks in the middle of the value, or the server refuses it before it has all of it.
func TestLongValueCutByTheServer(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.Expect("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$67108864\r\n")
		c.Reset()
	}, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.Expect("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$67108864\r\n")
		c.Reply("-ERR Protocol error: invalid bulk length\r\n")
		c.HalfClose()
		c.Hang()
	})
	c := open(t, fake.URL())
	zeros := readerFunc(func(b []byte) (int, error) { return len(b), nil })
	err := c.SetFrom(background, "k", zeros, 64<<20, 0)
	is(t, fmt.Sprintf("cut, so it has not run: %v", err), fairlead.NotRun(err), true)
	wantCode(t, c.SetFrom(background, "k", zeros, 64<<20, 0), "ERR")
	is(t, "connections: it was not sent again", fake.Conns(), 2)
}

// TestLongValueCutWhileAwaited: all of it was sent, so it may have run.
func TestLongValueCutWhileAwaited(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("SET", "k", "value")
		c.Close()
	})
	err := open(t, fake.URL()).SetFrom(background, "k", strings.NewReader("value"), 5, 0)
	is(t, fmt.Sprintf("in doubt: %v", err), errors.Is(err, io.EOF) && !fairlead.NotRun(err), true)
}

// TestLongValueCutWhileRead: what was written is counted, nothing is sent again, and the connection ends.
func TestLongValueCutWhileRead(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk full")
	const n = 1 << 20
	server := redistest.Default(t)
	for _, test := range []struct {
		name  string
		write func(written int, cancel context.CancelFunc) error
		cause error
		most  int64
	}{
		{"the writer fails at once", func(int, context.CancelFunc) error { return broken }, broken, 0},
		{"the writer fails later", func(written int, _ context.CancelFunc) error {
			if written > n/2 {
				return broken
			}
			return nil
		}, broken, n - 1},
		{"the context ends", func(_ int, cancel context.CancelFunc) error { cancel(); return nil }, context.Canceled, n - 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(background)
			defer cancel()
			o := &fairlead.Options{Addr: server.Addr()}
			closed := watchClosed(o)
			c, key := openTo(t, o), newKey(t)
			must(t, c.Set(background, key, pattern(n), 0))
			var w bytes.Buffer
			got, err := c.GetTo(ctx, key, writerFunc(func(b []byte) (int, error) {
				if err := test.write(w.Len(), cancel); err != nil {
					return 0, err
				}
				return w.Write(b)
			}))
			is(t, fmt.Sprintf("%v is the cause", err), errors.Is(err, test.cause), true)
			is(t, "bytes written", got, int64(w.Len()))
			is(t, "not all of them", got <= test.most, true)
			is(t, "they are the value's first", bytes.Equal(w.Bytes(), pattern(n)[:got]), true)
			is(t, "the connection's end", (<-closed).Cause, fairlead.CauseTransferCut)
			got, err = c.GetTo(background, key, io.Discard)
			must(t, err)
			is(t, "bytes of the next one", got, n)
		})
	}
}

type writerFunc func(b []byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

func TestLongValueIntoTooSmallABuffer(t *testing.T) {
	t.Parallel()
	c := open(t, redistest.Default(t).URL())
	for _, n := range []int{10, 1 << 20} { // of one part and of several
		key, buf := newKey(t), make([]byte, n-1)
		must(t, c.Set(background, key, pattern(n), 0))
		got, err := c.GetInto(background, key, buf)
		is(t, fmt.Sprintf("%v is io.ErrShortBuffer", err), errors.Is(err, io.ErrShortBuffer), true)
		is(t, "the buffer is full of the value's beginning", got == n-1 && bytes.Equal(buf, pattern(n)[:n-1]), true)
	}
}

// TestLongValueBrokenOffByTheServer: half of a value was written when the connection broke, so it is not asked for again.
func TestLongValueBrokenOffByTheServer(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("GET", "k")
		c.Reply("$1048576\r\n" + strings.Repeat("x", 100_000))
		c.Close()
	})
	var w bytes.Buffer
	n, err := open(t, fake.URL()).GetTo(background, "k", &w)
	is(t, fmt.Sprintf("EOF: %v", err), errors.Is(err, io.EOF), true)
	is(t, "what came was written", int(n) == w.Len() && n > 0 && n <= 100_000, true)
	is(t, "connections: it was not sent again", fake.Conns(), 1)
}

// TestLongValueIsAskedForAgain: nothing was written when the connection broke, so a command that only reads goes to another one.
func TestLongValueIsAskedForAgain(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("GET", "k")
		c.Close()
	}, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("GET", "k")
		c.Reply("$100000\r\n" + strings.Repeat("x", 100_000) + "\r\n")
	})
	n, err := open(t, fake.URL()).GetTo(background, "k", io.Discard)
	must(t, err)
	is(t, "bytes", n, 100_000)
}

// TestLongValueSlowWriter: a writer that waits holds its own connection, and nobody else.
func TestLongValueSlowWriter(t *testing.T) {
	t.Parallel()
	c, key := open(t, redistest.Default(t).URL()), newKey(t)
	must(t, c.Set(background, key, pattern(8<<20), 0))
	waiting, goOn := make(chan struct{}), make(chan struct{})
	done := make(chan error)
	go func() {
		first := true
		_, err := c.GetTo(background, key, writerFunc(func(b []byte) (int, error) {
			if first {
				first = false
				close(waiting)
				<-goOn
			}
			return len(b), nil
		}))
		done <- err
	}()
	<-waiting
	for range 100 { // over the shared connection, and over one more of its own
		must(t, c.Set(background, key+":small", "v", 0))
		_, err := c.GetTo(background, key+":small", io.Discard)
		must(t, err)
	}
	close(goOn)
	must(t, <-done)
}

// TestLongValueTimes: Timeout is for how long the server may do nothing. All of it may take longer, and so may writer and reader.
func TestLongValueTimes(t *testing.T) {
	t.Parallel()
	part := strings.Repeat("x", 50_000)
	options := fairlead.Options{Timeout: time.Second, Retry: fairlead.Retry{MaxRetries: -1}}
	inMemory(t, "parts that come slowly", options, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		began := time.Now()
		n, err := c.GetTo(background, "k", writerFunc(func(b []byte) (int, error) {
			time.Sleep(10 * time.Second) // of the fake clock; the writer's own time does not count
			return len(b), nil
		}))
		must(t, err)
		is(t, "bytes", n, 200_000)
		is(t, "it took longer than Timeout", time.Since(began) > 10*time.Second, true)

		began = time.Now()
		n, err = c.GetTo(background, "k", io.Discard)
		is(t, fmt.Sprintf("the server fell silent: %v", err), errors.Is(err, fairlead.ErrTimeout), true)
		is(t, "what came before", n, 50_000)
		is(t, "after one Timeout of silence", time.Since(began), time.Second)
	}, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("GET", "k")
		c.Reply("$200000\r\n")
		for range 4 {
			time.Sleep(900 * time.Millisecond)
			c.Reply(part)
		}
		c.Reply("\r\n")
		c.ExpectCommand("GET", "k")
		c.Reply("$200000\r\n" + part)
		c.Hang()
	})
	inMemory(t, "a reader that takes its time", options, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		must(t, c.SetFrom(background, "k", io.LimitReader(readerFunc(func(b []byte) (int, error) {
			time.Sleep(10 * time.Second)
			return copy(b, "ab"), nil
		}), 4), 4, 0))
		began := time.Now()
		err := c.SetFrom(background, "k", strings.NewReader("abcd"), 4, 0)
		is(t, fmt.Sprintf("no answer: %v", err), errors.Is(err, fairlead.ErrTimeout), true)
		is(t, "all was sent", fairlead.NotRun(err), false)
		is(t, "after one Timeout", time.Since(began), time.Second)
	}, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.ExpectCommand("SET", "k", "abab")
		c.Reply("+OK\r\n")
		c.ExpectCommand("SET", "k", "abcd")
		c.Hang()
	})
}

// TestLongValueThatIsNotTaken: a server that reads no more is given up after one Timeout.
func TestLongValueThatIsNotTaken(t *testing.T) {
	t.Parallel()
	over := make(chan struct{})
	defer close(over)
	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.Expect("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$536870912\r\n")
		c.Hold(over)
		c.Reset()
	})
	c := openTo(t, &fairlead.Options{Addr: fake.Addr(), Timeout: time.Second})
	err := c.SetFrom(background, "k", readerFunc(func(b []byte) (int, error) { return len(b), nil }), 512<<20, 0)
	is(t, fmt.Sprintf("the server reads no more: %v", err), errors.Is(err, fairlead.ErrTimeout), true)
	is(t, "a part of it was sent, so it has not run", fairlead.NotRun(err), true)
}

// TestLongValuesElsewhere: over a connection of one's own, in another database, in a transaction's view, over TLS and without shared connections.
func TestLongValuesElsewhere(t *testing.T) {
	t.Parallel()
	there := func(t *testing.T, c fairlead.Commands) {
		t.Helper()
		key, value := newKey(t), pattern(300_000)
		must(t, c.SetFrom(background, key, bytes.NewReader(value), 300_000, 0))
		var w bytes.Buffer
		_, err := c.GetTo(background, key, &w)
		must(t, err)
		is(t, "the value", bytes.Equal(w.Bytes(), value), true)
	}
	c := open(t, redistest.Default(t).URL())
	own := lend(t, c)
	there(t, own.Commands)
	must(t, own.Set(background, newKey(t), "after it", 0))
	there(t, c.DB(9))
	n, err := c.Exists(background, newKey(t))
	must(t, err)
	is(t, "keys of another database", n, 0)
	must(t, c.Watch(background, func(tx *fairlead.Tx) error {
		there(t, tx.Commands)
		return nil
	}, newKey(t)))
	there(t, openTo(t, &fairlead.Options{Addr: redistest.Default(t).Addr(), Mode: fairlead.Exclusive, MaxConnections: 1}).Commands)

	_, err = own.GetTo(background, newKey(t), io.Discard)
	is(t, "Nil over it", err, fairlead.Nil)
	err = own.SetFrom(background, newKey(t), strings.NewReader(""), 5, 0)
	is(t, fmt.Sprintf("cut: %v", err), fairlead.NotRun(err), true)
	_, err = own.Get(background, newKey(t))
	is(t, fmt.Sprintf("then it is over: %v", err), err != nil && fairlead.NotRun(err), true)
}

// TestLongValueTraced: the hooks see it as any other command.
func TestLongValueTraced(t *testing.T) {
	t.Parallel()
	var names []string
	c := openTo(t, &fairlead.Options{Addr: redistest.Default(t).Addr(), Trace: &fairlead.Trace{
		CommandEnd: func(_ context.Context, c fairlead.TraceCommand, _ time.Duration, _ error) {
			names = append(names, c.Name)
		},
	}})
	key := newKey(t)
	must(t, c.SetFrom(background, key, strings.NewReader("v"), 1, redis.KeepTTL))
	_, err := c.GetTo(background, key, io.Discard)
	must(t, err)
	is(t, "commands", strings.Join(names, " "), "SET GET")
}
