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

// LargeKey is the key of the value with n bytes.
func LargeKey(n int) string { return fmt.Sprintf("bench:large:%d", n) }

// LargeValue returns the value of LargeKey(n): its key, over and over.
func LargeValue(n int) string {
	key := LargeKey(n) + "\n"
	return strings.Repeat(key, n/len(key)+1)[:n]
}

// LargeTarget is a key that goroutine g writes values with n bytes to.
func LargeTarget(n, g int) string { return fmt.Sprintf("bench:written:%d:%d", n, g) }

// Fields are the names of the hash's fields, sorted, and their values.
func Fields() (names, values []string) {
	return numbered("field:%04d", HashFields), numbered("in field%08d", HashFields)
}

// Elements are the list's.
func Elements() []string { return numbered("element %08d", ListLength) }

// numbered writes so many numbers.
func numbered(format string, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(format, i)
	}
	return list
}

// Keys is a list of keys in one piece of memory, so that a million of them is nothing to the garbage collector. Each has a value of
// its own, so that a reply to another command than one's own is noticed.
type Keys struct {
	text         string // the keys without a gap
	length, each int
}

// GetKeys are the small keys that are read.
func GetKeys() Keys { return keys("get:", SmallKeys) }

// SetKeys are the small keys that are written.
func SetKeys() Keys { return keys("set:", SmallKeys) }

// Wide are a million keys that are read and written.
func Wide() Keys { return keys("wide:", WideKeys) }

const (
	digits = 6
	common = "bench:" // what all keys begin with
)

func keys(kind string, n int) Keys {
	var b strings.Builder
	prefix := common + kind
	each := len(prefix) + digits
	b.Grow((n + 1) * each)
	for i := range n {
		b.WriteString(prefix)
		for power := 100_000; power > 0; power /= 10 {
			b.WriteByte('0' + byte(i/power%10))
		}
	}
	b.WriteString(prefix) // for the last value
	return Keys{b.String(), n, each}
}

// Len is how many keys there are.
func (k Keys) Len() int { return k.length }

// At returns a key.
func (k Keys) At(i int) string { return k.text[i*k.each : (i+1)*k.each] }

// Value returns the value of a key: 16 bytes that lie in the text already, from within the key to the begin of the next one.
func (k Keys) Value(i int) string {
	at := i*k.each + len(common)
	return k.text[at : at+SmallValue]
}

// First returns the first n keys.
func (k Keys) First(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = k.At(i)
	}
	return list
}

// FirstValues returns the values of the first n keys.
func (k Keys) FirstValues(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = k.Value(i)
	}
	return list
}
