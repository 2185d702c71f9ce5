// Package dataset says what the server holds and what the drivers ask for. The server is filled with it before the
// first measurement, and every worker knows it without asking.
package dataset

import (
	"fmt"
	"strings"
)

// How much there is.
const (
	SmallKeys  = 1000      // keys of 16-byte values that fit into every cache
	WideKeys   = 1_000_000 // keys of 16-byte values that fit into none
	HashFields = 1000
	ListLength = 10000
	SmallValue = 16
)

// The keys of the aggregates.
const (
	Hash = "bench:hash"
	List = "bench:list"
)

// Sizes are the lengths of the large values that the server holds.
var Sizes = []int{1 << 10, 16 << 10, 256 << 10, 1 << 20, 8 << 20, 64 << 20}

// Value returns the text of n bytes that every value of this length is.
func Value(n int) string { return strings.Repeat("v", n) }

// LargeKey is the key of the value with n bytes.
func LargeKey(n int) string { return fmt.Sprintf("bench:large:%d", n) }

// LargeTarget is a key that goroutine g writes values with n bytes to.
func LargeTarget(n, g int) string { return fmt.Sprintf("bench:written:%d:%d", n, g) }

// Field is the name of a field of the hash.
func Field(i int) string { return fmt.Sprintf("field:%04d", i) }

// Keys is a list of keys in one piece of memory, so that a million of them is nothing to the garbage collector.
type Keys struct {
	text         string
	length, each int
}

// GetKeys are the small keys that are read.
func GetKeys() Keys { return keys("bench:get:", SmallKeys) }

// SetKeys are the small keys that are written.
func SetKeys() Keys { return keys("bench:set:", SmallKeys) }

// Wide are a million keys that are read and written.
func Wide() Keys { return keys("bench:wide:", WideKeys) }

const digits = 6

func keys(prefix string, n int) Keys {
	var b strings.Builder
	each := len(prefix) + digits
	b.Grow(n * each)
	for i := range n {
		b.WriteString(prefix)
		for power := 100_000; power > 0; power /= 10 {
			b.WriteByte('0' + byte(i/power%10))
		}
	}
	return Keys{b.String(), n, each}
}

// Len is how many keys there are.
func (k Keys) Len() int { return k.length }

// At returns a key.
func (k Keys) At(i int) string { return k.text[i*k.each : (i+1)*k.each] }

// First returns the first n keys.
func (k Keys) First(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = k.At(i)
	}
	return list
}
