package budget

import (
	"sync"
	"sync/atomic"
	"testing"
)

// usage compares what a budget says of itself.
func usage(t *testing.T, p *Process, held, peak, limit int, why string) {
	t.Helper()
	if h, k, l := p.Usage(); h != held || k != peak || l != limit {
		t.Errorf("%d held, %d at most, of %d; want %d, %d, %d: %s", h, k, l, held, peak, limit, why)
	}
}

func TestSlotsAreTakenUpToTheBound(t *testing.T) {
	t.Parallel()
	p := NewProcess(3)
	usage(t, p, 0, 0, 3, "nothing was taken yet")
	for range 3 {
		if !p.TryTake(0) {
			t.Fatal("a slot is free")
		}
	}
	usage(t, p, 3, 3, 3, "all are taken")
	if p.TryTake(0) {
		t.Error("a fourth slot of three")
	}
	usage(t, p, 3, 3, 3, "a try in vain takes nothing")
	p.Give()
	p.Give()
	usage(t, p, 1, 3, 3, "two came back; the most that were held stays known")
	if !p.TryTake(0) {
		t.Error("a slot that came back is not given again")
	}
	usage(t, p, 2, 3, 3, "one more")
}

func TestSpareSlotsStayFree(t *testing.T) {
	t.Parallel()
	p := NewProcess(3)
	if !p.TryTake(2) {
		t.Error("the first of three leaves two free")
	}
	if p.TryTake(2) {
		t.Error("the second of three leaves one free, two are to be spared")
	}
	if !p.TryTake(1) {
		t.Error("the second of three leaves one free")
	}
	if p.TryTake(1) {
		t.Error("the last one is to be spared")
	}
	if !p.TryTake(0) {
		t.Error("the last one is for who need spare none")
	}
	if NewProcess(1).TryTake(1) {
		t.Error("the only slot is to be spared")
	}
}

func TestBoundHoldsWhoeverTakes(t *testing.T) {
	t.Parallel()
	const limit, takers, rounds = 5, 16, 5000
	p := NewProcess(limit)
	var held, most, taken atomic.Int64
	var all sync.WaitGroup
	for taker := range takers {
		all.Go(func() {
			for range rounds {
				if !p.TryTake(taker % 2) {
					continue
				}
				taken.Add(1)
				n := held.Add(1)
				for m := most.Load(); n > m && !most.CompareAndSwap(m, n); {
					m = most.Load()
				}
				held.Add(-1)
				p.Give()
			}
		})
	}
	all.Wait()
	if most.Load() > limit || taken.Load() < rounds {
		t.Errorf("%d at the same time, %d in all; want %d at most, and many", most.Load(), taken.Load(), limit)
	}
	if h, peak, _ := p.Usage(); h != 0 || int64(peak) < most.Load() || peak > limit {
		t.Errorf("%d held after all came back, %d at most; want 0, and %d to %d", h, peak, most.Load(), limit)
	}
}
