package redistest_test

import (
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/redistest"
)

const getK = "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n"

// fakeMaker starts a fake and returns it with a function that dials it.
type fakeMaker = func(scripts ...func(*redistest.FakeConn)) (*redistest.Fake, func() *client)

// overBoth runs a test with a fake server on a TCP port, and with one on a network in memory and a fake clock.
func overBoth(t *testing.T, test func(t *testing.T, fakeWith fakeMaker)) {
	t.Helper()
	t.Parallel()
	t.Run("tcp", func(t *testing.T) {
		t.Parallel()
		test(t, func(scripts ...func(*redistest.FakeConn)) (*redistest.Fake, func() *client) {
			fake := redistest.NewFake(t, scripts...)
			return fake, func() *client { return dial(t, "tcp", fake.Addr()) }
		})
	})
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			test(t, func(scripts ...func(*redistest.FakeConn)) (*redistest.Fake, func() *client) {
				var network redistest.Network
				fake := redistest.NewFakeOn(t, listen(t, &network), scripts...)
				return fake, func() *client { return dialIn(t, &network, fake.Addr()) }
			})
		})
	})
}

func TestFakeReplaysExactBytes(t *testing.T) {
	overBoth(t, func(t *testing.T, fakeWith fakeMaker) {
		fake, dial := fakeWith(func(c *redistest.FakeConn) {
			c.Expect(ping)
			c.Reply("+PO")
			c.Reply("NG\r\n")
			c.ExpectCommand("get", "k") // the case of a command's name is free
			c.Reply("$-1\r\n")
			c.ExpectClose()
		})
		c := dial()
		c.send(ping + getK) // pipelined: the script takes its part
		c.want(pong + "$-1\r\n")
		c.Close()
		fake.Close()
		want := [][]string{{"PING"}, {"GET", "k"}}
		if got := fake.Commands(); !slices.EqualFunc(got, want, slices.Equal) {
			t.Errorf("commands %q, want %q", got, want)
		}
	})
}

func TestFakeRunsOneScriptPerConnection(t *testing.T) {
	overBoth(t, func(t *testing.T, fakeWith fakeMaker) {
		say := func(text string) func(*redistest.FakeConn) {
			return func(c *redistest.FakeConn) {
				c.Reply(text + string('0'+rune(c.Number())))
				c.Close()
			}
		}
		fake, dial := fakeWith(say("first"), say("later"))
		for _, want := range []string{"first1", "later2", "later3"} {
			c := dial()
			c.want(want)
			c.wantFIN()
		}
		if got := fake.Conns(); got != 3 {
			t.Errorf("%d connections, want 3", got)
		}
	})
}

func TestFakeEndings(t *testing.T) {
	overBoth(t, func(t *testing.T, fakeWith fakeMaker) {
		_, dial := fakeWith(
			func(c *redistest.FakeConn) {
				c.ReadCommand()
				c.Reply("half a re")
				c.Reset()
			},
			func(c *redistest.FakeConn) {
				c.ReadCommand()
				c.Close() // with a command unread, which makes no RST of it
			},
			func(c *redistest.FakeConn) {
				c.HalfClose()
				c.ExpectCommand("PING") // still heard
				c.Hang()
			},
		)
		c := dial()
		c.send(ping)
		c.want("half a re")
		c.wantRST()
		c = dial()
		c.send(ping + ping)
		c.wantFIN()
		c = dial()
		c.wantFIN()
		c.send(ping)
		c.send(ping)
	})
}

func TestFakeHangsAndHolds(t *testing.T) {
	overBoth(t, func(t *testing.T, fakeWith fakeMaker) {
		until := make(chan struct{})
		fake, dial := fakeWith(
			func(c *redistest.FakeConn) {
				c.ExpectCommand("PING")
				c.Hold(until)
				c.Reply(pong)
				c.Hang()
			},
			(*redistest.FakeConn).Hang,
			func(c *redistest.FakeConn) { c.Hold(nil) }, // for ever
		)
		c := dial()
		c.send(ping)
		c.wantSilence()
		close(until)
		c.want(pong)
		c.send(getK)
		c.wantSilence()
		dial().send("not RESP at all") // Hang takes anything
		dial()
		fake.Close()
		c.wantFIN()
	})
}

func TestFakeWithoutScriptHangs(t *testing.T) {
	overBoth(t, func(t *testing.T, fakeWith fakeMaker) {
		_, dial := fakeWith()
		c := dial()
		c.send(ping)
		c.wantSilence()
	})
}

func TestFakeServes(t *testing.T) {
	overBoth(t, func(t *testing.T, fakeWith fakeMaker) {
		pushers := make(chan *redistest.FakeConn, 1)
		_, dial := fakeWith(func(c *redistest.FakeConn) {
			pushers <- c
			c.Serve(func(args []string) string {
				if args[0] == "ECHO" {
					return "+" + args[1] + "\r\n"
				}
				return ""
			})
		})
		c := dial()
		c.send(ping + "*2\r\n$4\r\nECHO\r\n$2\r\nhi\r\n")
		c.want("+hi\r\n")
		(<-pushers).Reply(">2\r\n") // a push from outside the script
		c.want(">2\r\n")
	})
}

func TestFakeWriteSaysThatTheClientIsGone(t *testing.T) {
	overBoth(t, func(t *testing.T, fakeWith fakeMaker) {
		failed := make(chan error, 1)
		_, dial := fakeWith(func(c *redistest.FakeConn) {
			for {
				if _, err := c.Write(make([]byte, 1<<20)); err != nil {
					failed <- err
					return
				}
			}
		})
		dial().Close()
		if err := <-failed; !errors.Is(err, syscall.EPIPE) && !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("error %v; want that of a closed connection", err)
		}
	})
}

func TestFakeTimeIsThatOfTheBubble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var network redistest.Network
		fake := redistest.NewFakeOn(t, listen(t, &network), func(c *redistest.FakeConn) {
			c.ExpectCommand("PING")
			c.Hang()
		})
		c := dialIn(t, &network, fake.Addr())
		took := stopwatch(t)
		c.SetReadDeadline(time.Now().Add(time.Hour))
		c.send(ping)
		_, err := c.Read(make([]byte, 1))
		wantError(t, err, os.ErrDeadlineExceeded)
		took(time.Hour)
	})
}

func TestFakeNetConn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var network redistest.Network
		fake := redistest.NewFakeOn(t, listen(t, &network), func(c *redistest.FakeConn) {
			c.NetConn().(*redistest.MemConn).Drop()
			c.Reply(pong) // never arrives
			c.Hang()
		})
		c := dialIn(t, &network, fake.Addr())
		c.wantSilence()
	})
}

func TestFakeCloseRefusesDials(t *testing.T) {
	t.Parallel()
	fake := redistest.NewFake(t)
	if fake.URL() != "redis://"+fake.Addr() {
		t.Errorf("URL %s", fake.URL())
	}
	fake.Close()
	wantRefused(t, fake.Addr())
}

func TestFakeAnswersHandshakes(t *testing.T) {
	overBoth(t, func(t *testing.T, fakeWith fakeMaker) {
		fake, dial := fakeWith(func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.AnswerHandshake() // of a client that asks twice
			c.ExpectCommand("SELECT", "3")
			c.Reply("+OK\r\n")
			c.ExpectCommand("GET", "k")
			c.Close()
		})
		c := dial()
		c.send(command("HELLO", "3", "AUTH", "u", "p") + command("CLIENT", "SETNAME", "n") + command("client", "id"))
		c.want("%7\r\n" + helloFields(3) + "+OK\r\n:1\r\n")
		c.send(command("AUTH", "p") + command("CLIENT", "SETINFO", "LIB-NAME", "x"))
		c.want("+OK\r\n+OK\r\n")
		c.send(command("SELECT", "3")) // after the handshake it is a command as any other
		c.want("+OK\r\n")
		c.send(getK)
		c.wantFIN()
		fake.Close()
		if got := fake.Commands(); len(got) != 2 || got[0][0] != "SELECT" {
			t.Errorf("commands %q; want those after the handshake only", got)
		}
	})
}

func TestFakeHandshakeStopsBeforeOtherCommands(t *testing.T) {
	overBoth(t, func(t *testing.T, fakeWith fakeMaker) {
		_, dial := fakeWith(func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.Expect(getK)
			c.Reply("$1\r\nv\r\n")
		})
		c := dial()
		c.send(command("HELLO", "2") + command("HELLO", "4") + command("CLIENT", "TRACKING", "on") + getK)
		c.want("*14\r\n" + helloFields(2) + "-NOPROTO unsupported protocol version\r\n+OK\r\n$1\r\nv\r\n")
	})
}

// helloFields is the reply to HELLO on the first connection, after its length.
func helloFields(protocol int) string {
	return "$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$5\r\n7.2.0\r\n$5\r\nproto\r\n:" + strconv.Itoa(protocol) +
		"\r\n$2\r\nid\r\n:1\r\n$4\r\nmode\r\n$10\r\nstandalone\r\n$4\r\nrole\r\n$6\r\nmaster\r\n$7\r\nmodules\r\n*0\r\n"
}

// command is a command as clients send it.
func command(args ...string) string {
	var raw strings.Builder
	raw.WriteString("*" + strconv.Itoa(len(args)) + "\r\n")
	for _, arg := range args {
		raw.WriteString("$" + strconv.Itoa(len(arg)) + "\r\n" + arg + "\r\n")
	}
	return raw.String()
}
