package redis

import (
	"fmt"
	"testing"
)

// benchmarkBuild builds a command and appends it to a buffer, as every call does before it is sent.
func benchmarkBuild[T any](b *testing.B, build func() Cmd[T]) {
	c := build()
	buffer := c.Append(nil)
	b.SetBytes(int64(len(buffer)))
	b.ReportAllocs()
	for b.Loop() {
		c := build()
		buffer = c.Append(buffer[:0])
	}
}

func BenchmarkBuildGet(b *testing.B) {
	benchmarkBuild(b, func() Cmd[string] { return Get(anyKey) })
}

func BenchmarkBuildSet(b *testing.B) {
	benchmarkBuild(b, func() Cmd[struct{}] { return Set(anyKey, anyText, anyTime) })
}

func BenchmarkBuildHSet10(b *testing.B) {
	values := somePairs(10)
	benchmarkBuild(b, func() Cmd[int64] { return HSet(anyKey, values...) })
}

func BenchmarkBuildMGet100(b *testing.B) {
	keys := someKeys(100)
	benchmarkBuild(b, func() Cmd[[]Optional[string]] { return MGet(keys...) })
}

// BenchmarkBuildNew is the way of a command that has no constructor: its name is looked up.
func BenchmarkBuildNew(b *testing.B) {
	benchmarkBuild(b, func() Cmd[string] { return New[string]("GETRANGE", anyKey, 0, anyNumber) })
}

// somePairs is n fields, each with a value.
func somePairs(n int) (pairs []any) {
	for i := range n {
		pairs = append(pairs, fmt.Sprintf("field:%d", i), "a value")
	}
	return pairs
}

func someKeys(n int) (keys []string) {
	for i := range n {
		keys = append(keys, fmt.Sprintf("key:%d", i))
	}
	return keys
}
