package redis

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/resp"
)

// benchmarkDecode reads the same complete reply again and again, as the caller of a command does.
func benchmarkDecode[T any](b *testing.B, c Cmd[T], wire string) {
	reply := fromWire(b, wire)
	b.SetBytes(int64(len(wire)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Read(reply); err != nil {
			b.Fatal(err)
		}
	}
}

const sixteen = "$16\r\n0123456789abcdef\r\n"

// wireList is an array of n strings, each of 16 bytes.
func wireList(n int) string { return fmt.Sprintf("*%d\r\n%s", n, strings.Repeat(sixteen, n)) }

// wirePairs is head, and then n pairs: each time before, another name, and value.
func wirePairs(head, before string, n int, value string) string {
	var b strings.Builder
	b.WriteString(head)
	for i := range n {
		fmt.Fprintf(&b, "%s$10\r\nfield:%04d\r\n%s", before, i, value)
	}
	return b.String()
}

func BenchmarkDecodeList(b *testing.B) {
	for _, n := range []int{3, 100, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmarkDecode(b, LRange("k", 0, -1), wireList(n)) })
	}
}

func BenchmarkDecodeOptionals1000(b *testing.B) { benchmarkDecode(b, MGet("k"), wireList(1000)) }

func BenchmarkDecodeOptionalsHalfNull1000(b *testing.B) {
	benchmarkDecode(b, MGet("k"), "*1000\r\n"+strings.Repeat(sixteen+"$-1\r\n", 500))
}

func BenchmarkDecodeMap(b *testing.B) {
	for _, n := range []int{5, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			benchmarkDecode(b, HGetAll("k"), wirePairs(fmt.Sprintf("%%%d\r\n", n), "", n, sixteen))
		})
	}
}

func BenchmarkDecodeMapOfLists1000(b *testing.B) {
	benchmarkDecode(b, HGetAll("k"), wirePairs("*1000\r\n", "*2\r\n", 1000, sixteen))
}

func BenchmarkDecodeSet1000(b *testing.B) {
	benchmarkDecode(b, SMembersMap("k"), wirePairs("~1000\r\n", "", 500, sixteen))
}

func BenchmarkDecodeScores1000(b *testing.B) {
	for name, wire := range map[string]string{
		"RESP2": wirePairs("*2000\r\n", "", 1000, "$4\r\n12.5\r\n"),
		"RESP3": wirePairs("*1000\r\n", "*2\r\n", 1000, ",12.5\r\n"),
	} {
		b.Run(name, func(b *testing.B) { benchmarkDecode(b, ZRangeWithScores("k", 0, -1), wire) })
	}
}

func BenchmarkDecodeInts1000(b *testing.B) {
	benchmarkDecode(b, As[[]int64](LRange("k", 0, -1)), "*1000\r\n"+strings.Repeat("$6\r\n123456\r\n", 1000))
}

func BenchmarkDecodeStruct(b *testing.B) {
	type user struct {
		Name  string `redis:"name"`
		Email string `redis:"email"`
		Age   int    `redis:"age"`
	}
	const ann = "$4\r\nname\r\n$3\r\nAnn\r\n$5\r\nemail\r\n$11\r\nann@example\r\n$3\r\nage\r\n$2\r\n42\r\n"
	benchmarkDecode(b, As[user](HGetAll("k")), "%3\r\n"+ann)
}

// BenchmarkScanAndDecode is both passes over a reply, which arrives in parts of 16 KiB.
func BenchmarkScanAndDecode(b *testing.B) {
	b.Run("List10000", func(b *testing.B) { benchmarkBoth(b, LRange("k", 0, -1), wireList(10_000)) })
	b.Run("Map1000", func(b *testing.B) { benchmarkBoth(b, HGetAll("k"), wirePairs("%1000\r\n", "", 1000, sixteen)) })
	b.Run("Optionals1000", func(b *testing.B) { benchmarkBoth(b, MGet("k"), wireList(1000)) })
}

func benchmarkBoth[T any](b *testing.B, c Cmd[T], wire string) {
	s := resp.NewScanner(resp.Limits{})
	b.SetBytes(int64(len(wire)))
	b.ReportAllocs()
	for b.Loop() {
		reply, err := scanParts(s, wire, 16<<10)
		if err == nil {
			_, err = c.Read(reply)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

// scanParts gives wire, which is one reply, to the scanner in parts of at most size bytes.
func scanParts(s *resp.Scanner, wire string, size int) (r resp.Reply, err error) {
	for ok := false; !ok && err == nil; {
		room := s.Room()
		n := copy(room[:min(len(room), size)], wire)
		s.Grew(n)
		wire = wire[n:]
		r, ok, err = s.Next()
	}
	return r, err
}
