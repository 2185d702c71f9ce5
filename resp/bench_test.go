package resp_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/resp"
)

// benchmarkScan scans the same replies again and again, as they come from one read.
func benchmarkScan(b *testing.B, wire string, replies int) {
	s := resp.NewScanner(resp.Limits{})
	b.SetBytes(int64(len(wire)))
	b.ReportAllocs()
	for b.Loop() {
		for rest := wire; rest != ""; {
			n := copy(s.Room(), rest)
			s.Grew(n)
			rest = rest[n:]
			if rest != "" {
				if _, ok, err := s.Next(); ok || err != nil {
					b.Fatal("a reply before it was complete", err)
				}
			}
		}
		for range replies {
			if _, ok, err := s.Next(); !ok {
				b.Fatal("no reply", err)
			}
		}
	}
}

func BenchmarkScanGet(b *testing.B) { benchmarkScan(b, "$16\r\n0123456789abcdef\r\n", 1) }

func BenchmarkScanOK(b *testing.B) { benchmarkScan(b, "+OK\r\n", 1) }

func BenchmarkScanInteger(b *testing.B) { benchmarkScan(b, ":1234567\r\n", 1) }

func BenchmarkScanNull(b *testing.B) { benchmarkScan(b, "_\r\n", 1) }

func BenchmarkScanPipeline(b *testing.B) {
	benchmarkScan(b, strings.Repeat("$16\r\n0123456789abcdef\r\n", 100), 100)
}

func BenchmarkScanMGet1000(b *testing.B) {
	benchmarkScan(b, "*1000\r\n"+strings.Repeat("$16\r\n0123456789abcdef\r\n", 1000), 1)
}

// Replies of many elements arrive in more than one read: those of a socket, of 64 KiB at most.
func BenchmarkScanAggregate(b *testing.B) {
	for _, c := range []struct{ name, wire string }{
		{"List10000", "*10000\r\n" + strings.Repeat("$16\r\n0123456789abcdef\r\n", 10_000)},
		{"ListOfSizes", "*10000\r\n" + strings.Repeat("$1\r\n0\r\n$16\r\n0123456789abcdef\r\n$100\r\n"+strings.Repeat("x", 100)+"\r\n$-1\r\n", 2500)},
		{"Map1000", "%1000\r\n" + strings.Repeat("$10\r\nfield:0001\r\n$16\r\n0123456789abcdef\r\n", 1000)},
		{"PairsWithScores1000", "*1000\r\n" + strings.Repeat("*2\r\n$10\r\nfield:0001\r\n,12.5\r\n", 1000)},
		{"Integers1000", "*1000\r\n" + strings.Repeat(":123456\r\n", 1000)},
		{"Three", "*3\r\n$3\r\nabc\r\n$3\r\nabc\r\n:1\r\n"},
	} {
		b.Run(c.name, func(b *testing.B) { benchmarkScan(b, c.wire, 1) })
	}
}

func BenchmarkScanLargeString(b *testing.B) {
	for _, size := range []int{4 << 10, 64 << 10, 1 << 20} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			benchmarkScan(b, fmt.Sprintf("$%d\r\n%s\r\n", size, strings.Repeat("x", size)), 1)
		})
	}
}

func BenchmarkReadMGet1000(b *testing.B) {
	r := parse(b, "*1000\r\n"+strings.Repeat("$16\r\n0123456789abcdef\r\n", 1000))
	b.ReportAllocs()
	for b.Loop() {
		n, elements := 0, r.Elements()
		for e, ok := elements.Next(); ok; e, ok = elements.Next() {
			n += len(e.Text())
		}
		if n != 16000 {
			b.Fatal(n)
		}
	}
}

func BenchmarkReadPairs1000(b *testing.B) {
	r := parse(b, "*1000\r\n"+strings.Repeat("*2\r\n$10\r\nfield:0001\r\n,12.5\r\n", 1000))
	b.ReportAllocs()
	for b.Loop() {
		n, elements := 0, r.Elements()
		for e, ok := elements.Next(); ok; e, ok = elements.Next() {
			pair := e.Elements()
			name, _ := pair.Next()
			score, _ := pair.Next()
			n += len(name.Text()) + len(score.Text())
		}
		if n != 14000 {
			b.Fatal(n)
		}
	}
}

func BenchmarkAppendCommand(b *testing.B) {
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = resp.AppendCommand(buf[:0], "SET", "key:000001", "0123456789abcdef")
	}
}

func BenchmarkAppendInt(b *testing.B) {
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = resp.AppendInt(buf[:0], 1234567890)
	}
}

func BenchmarkAppendFloat(b *testing.B) {
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = resp.AppendFloat(buf[:0], 3.14159)
	}
}
