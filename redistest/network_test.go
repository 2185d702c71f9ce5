package redistest_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/redistest"
)

const redisAddr = "redis:6379"

// inBubble runs a test with a connection of network and a fake clock: both ends, the dialling one first.
func inBubble(t *testing.T, network *redistest.Network, test func(t *testing.T, a, b *client)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := listen(t, network)
		a := dialIn(t, network, redisAddr)
		b, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		a.SetDeadline(time.Time{})
		test(t, a, &client{t, b})
		a.Close()
		b.Close()
	})
}

func listen(t *testing.T, network *redistest.Network) net.Listener {
	t.Helper()
	l, err := network.Listen(redisAddr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// wantError checks the error of the last step.
func wantError(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("error %v, want %v", err, want)
	}
}

// stopwatch returns a function that checks how long it is since the last call, by the fake clock: to the nanosecond.
func stopwatch(t *testing.T) func(want time.Duration) {
	last := time.Now()
	return func(want time.Duration) {
		t.Helper()
		if got := time.Since(last); got != want {
			t.Fatalf("took %v, want %v", got, want)
		}
		last = time.Now()
	}
}

func TestNetworkCarriesBytesBothWays(t *testing.T) {
	inBubble(t, &redistest.Network{}, func(t *testing.T, a, b *client) {
		a.send("GE")
		a.send("T k")
		a.send("") // no bytes, no event
		b.want("GET k")
		b.send("v")
		a.want("v")
		if a.RemoteAddr().String() != redisAddr || b.LocalAddr().String() != redisAddr ||
			a.LocalAddr().String() != b.RemoteAddr().String() || a.RemoteAddr().Network() != "tcp" {
			t.Errorf("the ends disagree on the addresses: %v→%v, %v→%v", a.LocalAddr(), a.RemoteAddr(), b.LocalAddr(), b.RemoteAddr())
		}
	})
}

func TestNetworkCopiesWhatIsWritten(t *testing.T) {
	inBubble(t, &redistest.Network{}, func(t *testing.T, a, b *client) {
		buf := []byte("one")
		a.Write(buf)
		copy(buf, "two") // a caller may use its buffer again
		b.want("one")
	})
}

func TestNetworkLatency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		network := &redistest.Network{Latency: 3 * time.Millisecond}
		l := listen(t, network)
		took := stopwatch(t)
		a := dialIn(t, network, redisAddr)
		took(6 * time.Millisecond) // there and back
		conn, _ := l.Accept()
		b := newClient(t, conn)
		took(0)
		a.send("x")
		took(0) // a write does not wait for the other end
		b.want("x")
		took(3 * time.Millisecond)
		a.Close()
		b.wantFIN()
		took(3 * time.Millisecond)
	})
}

func TestNetworkReadDeadline(t *testing.T) {
	inBubble(t, &redistest.Network{}, func(t *testing.T, a, b *client) {
		took := stopwatch(t)
		a.SetReadDeadline(time.Now().Add(time.Minute))
		_, err := a.Read(make([]byte, 1))
		wantError(t, err, os.ErrDeadlineExceeded)
		took(time.Minute)

		a.SetReadDeadline(time.Time{})
		time.AfterFunc(time.Hour, func() { a.SetReadDeadline(time.Now()) }) // as a cancelled context does it
		_, err = a.Read(make([]byte, 1))
		wantError(t, err, os.ErrDeadlineExceeded)
		took(time.Hour)

		var timeout net.Error
		if !errors.As(err, &timeout) || !timeout.Timeout() {
			t.Errorf("%v is no time-out to package net", err)
		}
		b.send("late")
		_, err = a.Read(make([]byte, 1))
		wantError(t, err, os.ErrDeadlineExceeded) // it stays until it is moved
		a.SetReadDeadline(time.Time{})
		a.want("late") // nothing was lost
	})
}

func TestNetworkWindow(t *testing.T) {
	inBubble(t, &redistest.Network{Window: 4}, func(t *testing.T, a, b *client) {
		took := stopwatch(t)
		a.SetWriteDeadline(time.Now().Add(time.Second))
		n, err := a.Write([]byte("123456"))
		wantError(t, err, os.ErrDeadlineExceeded)
		took(time.Second)
		if n != 4 {
			t.Errorf("%d bytes were sent, the window takes 4", n)
		}
		a.SetWriteDeadline(time.Time{})
		go a.Write([]byte("567890"))
		b.want("1234567890") // a read opens the window
	})
}

func TestNetworkCloseWakesItsOwnEnd(t *testing.T) {
	inBubble(t, &redistest.Network{Window: 1}, func(t *testing.T, a, b *client) {
		failed := make(chan error, 2)
		go func() { _, err := a.Read(make([]byte, 1)); failed <- err }()
		go func() { _, err := a.Write([]byte("12")); failed <- err }()
		synctest.Wait() // both wait now
		a.Close()
		wantError(t, <-failed, net.ErrClosed)
		wantError(t, <-failed, net.ErrClosed)
		wantError(t, a.Close(), net.ErrClosed)
		wantError(t, a.SetDeadline(time.Now()), net.ErrClosed)
		wantError(t, a.Conn.(*redistest.MemConn).CloseWrite(), net.ErrClosed)
	})
}

func TestNetworkFIN(t *testing.T) {
	inBubble(t, &redistest.Network{Latency: time.Millisecond}, func(t *testing.T, a, b *client) {
		b.send("bye")
		b.Close()
		a.want("bye") // what was written before comes first
		a.wantFIN()
		a.wantFIN()                        // for good
		a.send("x")                        // a kernel takes bytes for a socket that is gone
		a.send("x")                        // the RST is on its way
		<-time.After(2 * time.Millisecond) // now it has come
		_, err := a.Write([]byte("y"))
		wantError(t, err, syscall.EPIPE)
	})
}

func TestNetworkHalfClose(t *testing.T) {
	inBubble(t, &redistest.Network{}, func(t *testing.T, a, b *client) {
		half := a.Conn.(*redistest.MemConn)
		if err := half.CloseWrite(); err != nil {
			t.Fatal(err)
		}
		b.wantFIN()
		b.send("still there")
		a.want("still there")
		_, err := a.Write([]byte("x"))
		wantError(t, err, syscall.EPIPE)
		b.Close()
		a.wantFIN()
	})
}

func TestNetworkRST(t *testing.T) {
	inBubble(t, &redistest.Network{Window: 8}, func(t *testing.T, a, b *client) {
		b.send("part")
		a.send("87654321")
		failed := make(chan error)
		go func() { _, err := a.Write([]byte("x")); failed <- err }()
		synctest.Wait() // the window is full
		b.Conn.(*redistest.MemConn).Reset()
		wantError(t, <-failed, syscall.ECONNRESET)
		a.want("part") // it had arrived
		a.wantRST()
		_, err := b.Read(make([]byte, 1))
		wantError(t, err, net.ErrClosed)
	})
}

func TestNetworkCloseWithUnreadBytesResets(t *testing.T) {
	inBubble(t, &redistest.Network{}, func(t *testing.T, a, b *client) {
		a.send("never read")
		b.Close()
		a.wantRST() // as TCP does it
	})
}

func TestNetworkDropHoldsEverythingBack(t *testing.T) {
	network := &redistest.Network{Window: 4, Latency: time.Millisecond}
	inBubble(t, network, func(t *testing.T, a, b *client) {
		network.Drop(redisAddr)
		network.Drop(redisAddr) // twice is once
		a.send("1234")          // the kernel takes it and sends it in vain
		a.SetWriteDeadline(time.Now().Add(time.Second))
		_, err := a.Write([]byte("5"))
		wantError(t, err, os.ErrDeadlineExceeded)

		b.SetReadDeadline(time.Now().Add(time.Hour))
		_, err = b.Read(make([]byte, 1))
		wantError(t, err, os.ErrDeadlineExceeded)
		b.SetReadDeadline(time.Time{})

		a.Close() // the FIN does not pass either
		took := stopwatch(t)
		network.Restore(redisAddr)
		network.Restore(redisAddr)
		b.want("1234")
		b.wantFIN()
		took(time.Millisecond)
	})
}

func TestNetworkDropOfOneConnection(t *testing.T) {
	network := &redistest.Network{}
	inBubble(t, network, func(t *testing.T, a, b *client) {
		b.Conn.(*redistest.MemConn).Drop()
		a.send("x")
		other := dialIn(t, network, redisAddr) // a new connection works
		other.Close()
		b.SetReadDeadline(time.Now().Add(time.Minute))
		_, err := b.Read(make([]byte, 1))
		wantError(t, err, os.ErrDeadlineExceeded)
		b.SetReadDeadline(time.Time{})
		b.Conn.(*redistest.MemConn).Restore()
		b.want("x")
	})
}

func TestNetworkPeerClosedWhileDropped(t *testing.T) {
	network := &redistest.Network{Window: 4}
	inBubble(t, network, func(t *testing.T, a, b *client) {
		network.Drop(redisAddr)
		b.Close()
		a.send("1234") // nobody here knows yet
		a.SetWriteDeadline(time.Now().Add(time.Second))
		_, err := a.Write([]byte("5"))
		wantError(t, err, os.ErrDeadlineExceeded)
		a.SetWriteDeadline(time.Time{})
		network.Restore(redisAddr)
		a.wantFIN()
		_, err = a.Write([]byte("5"))
		wantError(t, err, syscall.EPIPE) // the four bytes were answered with RST
	})
}

func TestNetworkDialErrors(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		network := &redistest.Network{Latency: time.Millisecond}
		took := stopwatch(t)
		_, err := network.Dial(t.Context(), "tcp", redisAddr)
		wantError(t, err, syscall.ECONNREFUSED)
		took(2 * time.Millisecond)

		l := listen(t, network)
		_, err = network.Listen(redisAddr)
		wantError(t, err, syscall.EADDRINUSE)

		short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		_, err = network.Dial(short, "tcp", redisAddr)
		wantError(t, err, context.DeadlineExceeded)
		took(time.Millisecond)

		network.Drop(redisAddr)
		long, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		_, err = network.Dial(long, "tcp", redisAddr)
		wantError(t, err, context.DeadlineExceeded)
		took(time.Hour) // nobody answers a dial to a machine that vanished

		time.AfterFunc(time.Minute, func() { network.Restore(redisAddr) })
		dialIn(t, network, redisAddr)
		took(time.Minute + 2*time.Millisecond)
		l.Close()
	})
}

func TestNetworkListenerClose(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		network := &redistest.Network{}
		l := listen(t, network)
		a := dialIn(t, network, redisAddr)
		l.Close()
		a.wantRST() // nobody will ever accept it
		_, err := l.Accept()
		wantError(t, err, net.ErrClosed)
		wantError(t, l.Close(), net.ErrClosed)

		again := listen(t, network) // the address is free
		go func() {
			conn, err := again.Accept()
			if err == nil {
				io.WriteString(conn, "hello")
				conn.Close()
			}
		}()
		synctest.Wait()
		b := dialIn(t, network, redisAddr)
		b.want("hello")
		b.wantFIN()
		if again.Addr().String() != redisAddr {
			t.Errorf("listening on %v", again.Addr())
		}
	})
}
