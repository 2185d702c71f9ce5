package worker

import "testing"

func TestQuantiles(t *testing.T) {
	t.Parallel()
	var h histogram
	for ns := range int64(10000) {
		h.add(int(ns), (ns+1)*1000) // 1 µs to 10 ms
	}
	for _, test := range []struct{ q, want float64 }{{0.5, 5000}, {0.99, 9900}, {0.999, 9990}} {
		if got := h.quantile(test.q); got < test.want || got > test.want*1.016 {
			t.Errorf("quantile %v is %v µs, want %v and at most 1.6 %% more", test.q, got, test.want)
		}
	}
}

func TestBucketsHoldTheirNumbers(t *testing.T) {
	t.Parallel()
	last := -1
	for _, ns := range []int64{-5, 0, 1, 63, 64, 65, 127, 128, 129, 1000, 4095, 4096, 1e6, 1e9, 1 << 41} {
		b := bucket(ns)
		if b < last {
			t.Errorf("%d ns are in bucket %d, before the bucket of a smaller number", ns, b)
		}
		last = b
		if top := highest(b); top < ns || float64(top) > max(float64(ns), 0)*1.016 {
			t.Errorf("%d ns are in a bucket up to %d ns", ns, top)
		}
	}
}

func TestAnEmptyHistogramHasNoQuantile(t *testing.T) {
	t.Parallel()
	var h histogram
	if got := h.quantile(0.5); got != 0 {
		t.Errorf("the median of nothing is %v", got)
	}
	h.add(0, 1<<60)
	if got := h.quantile(0.5); got <= 0 {
		t.Errorf("what is longer than the longest counts as the longest, not as %v", got)
	}
}
