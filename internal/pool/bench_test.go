package pool

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/internal/budget"
	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redistest"
)

// openPool returns a pool of so many slots over a network in memory, in real time; it is closed with the benchmark or the test.
func openPool(t testing.TB, slots, shared int) *Pool {
	t.Helper()
	network := &redistest.Network{}
	l, err := network.Listen(redisAddr)
	if err != nil {
		t.Fatal(err)
	}
	redistest.NewFakeOn(t, l, answering)
	p := New(Config{
		Conn:        &conn.Config{Addr: redisAddr, Dialer: network.Dial, Timeout: 5 * time.Second},
		Slots:       budget.NewProcess(slots),
		Shared:      shared,
		WaitTimeout: time.Minute,
	})
	t.Cleanup(p.Close)
	return p
}

// checkOut takes a connection and gives it back; meanwhile is what its holder does with it.
func checkOut(p *Pool, meanwhile func()) error {
	c := p.TryGet("GET")
	if c == nil {
		var err error
		if c, err = p.Get(context.Background(), "GET"); err != nil {
			return err
		}
	}
	meanwhile()
	p.Put(c, true)
	return nil
}

func nothing() {}

// fill opens all the connections that a pool may have.
func fill(t testing.TB, p *Pool, slots int) {
	t.Helper()
	all := make([]*conn.Conn, slots)
	for i := range all {
		c, err := p.Get(context.Background(), "GET")
		if err != nil {
			t.Fatal(err)
		}
		all[i] = c
	}
	for _, c := range all {
		p.Put(c, true)
	}
}

func BenchmarkCheckOut(b *testing.B) {
	p := openPool(b, 1, 0)
	fill(b, p, 1)
	b.ReportAllocs()
	for b.Loop() {
		if err := checkOut(p, nothing); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCheckOutContended is many callers: with a connection for each they compete for the pool's lock alone, with
// fewer of them most wait until one comes back, as its holder lets others run.
func BenchmarkCheckOutContended(b *testing.B) {
	const slots = 8
	for _, callers := range []int{slots, 8 * slots} {
		b.Run(fmt.Sprintf("%d_for_%d", callers, slots), func(b *testing.B) {
			p := openPool(b, slots, 0)
			fill(b, p, slots)
			b.ReportAllocs()
			b.ResetTimer()
			var all sync.WaitGroup
			for i := range callers {
				share := b.N / callers
				if i < b.N%callers {
					share++
				}
				all.Go(func() {
					for range share {
						if err := checkOut(p, runtime.Gosched); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			all.Wait()
		})
	}
}

// openShared returns a pool that has its shared connection.
func openShared(t testing.TB) *Pool {
	t.Helper()
	p := openPool(t, 2, 1)
	if _, err := p.Shared(context.Background()); err != nil {
		t.Fatal(err)
	}
	return p
}

func BenchmarkPrimary(b *testing.B) {
	p := openShared(b)
	b.ReportAllocs()
	for b.Loop() {
		if p.Primary() == nil {
			b.Fatal("there is no shared connection")
		}
	}
}

func BenchmarkPrimaryContended(b *testing.B) {
	p := openShared(b)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if p.Primary() == nil {
				b.Error("there is no shared connection")
				return
			}
		}
	})
}
