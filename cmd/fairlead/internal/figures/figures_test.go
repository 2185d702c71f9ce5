package figures_test

import (
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/figures"
)

func TestDuration(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0:                       "0 ns",
		999:                     "999 ns",
		1234:                    "1.23 µs",
		85_140:                  "85.1 µs",
		9_996:                   "10.0 µs", // rounding never makes a fourth digit
		99_960:                  "100 µs",
		1_230_000:               "1.23 ms",
		540 * time.Millisecond:  "540 ms",
		12 * time.Second:        "12.0 s",
		2 * time.Minute:         "120 s",
		1500 * time.Millisecond: "1.50 s",
	} {
		if got := figures.Duration(d); got != want {
			t.Errorf("Duration(%d ns) = %q, want %q", d, got, want)
		}
	}
}

func TestCount(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{
		0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -999: "-999", -1000: "-1,000", -123456: "-123,456",
	} {
		if got := figures.Count(n); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestCounted(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0 keys", 1: "1 key", 2000: "2,000 keys"} {
		if got := figures.Counted(n, "key"); got != want {
			t.Errorf("Counted(%d) = %q, want %q", n, got, want)
		}
	}
}
