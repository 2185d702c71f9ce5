package resp_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/resp"
)

// benchmarkLarge scans one reply again and again, in reads of 64 KiB.
func benchmarkLarge(b *testing.B, wire string) {
	s := resp.NewScanner(resp.Limits{})
	b.SetBytes(int64(len(wire)))
	b.ReportAllocs()
	for b.Loop() {
		replies := 0
		for rest := wire; rest != ""; {
			n := copy(s.Room(), rest[:min(len(rest), 64<<10)])
			s.Grew(n)
			rest = rest[n:]
			if _, ok, err := s.Next(); err != nil {
				b.Fatal(err)
			} else if ok {
				replies++
			}
		}
		if replies != 1 {
			b.Fatal(replies, "replies")
		}
	}
}

func BenchmarkLargeBulk(b *testing.B) {
	for _, size := range []int{32 << 10, 256 << 10, 1 << 20, 64 << 20} {
		b.Run(fmt.Sprint(size), func(b *testing.B) { benchmarkLarge(b, bulk(size)) })
	}
}

func BenchmarkLargeArray(b *testing.B) {
	for _, size := range []int{16, 256 << 10, 1 << 20} {
		n := (4 << 20) / size
		b.Run(fmt.Sprint(size), func(b *testing.B) { benchmarkLarge(b, fmt.Sprintf("*%d\r\n%s", n, strings.Repeat(bulk(size), n))) })
	}
}
