package redis

import "time"

// Lengths of time that TTL and its kin return for keys and fields that do not expire, or do not exist.
const (
	NoExpiry = time.Duration(-1) // it stays for ever
	NotFound = time.Duration(-2) // it does not exist
)

// An Optional is an element of a list that may be missing: what MGet returns for a key that does not exist.
// It is a struct and not a pointer, so that a list of them is one allocation and a missing one cannot crash its reader.
type Optional[T any] struct {
	Value T    // the zero value where Found is false
	Found bool // whether there is one
}

// A KV is a key or a field's name with one value.
type KV struct{ Key, Value string }

// KeyValues are elements of the list at Key.
type KeyValues struct {
	Key    string
	Values []string
}

// A Z is a member of a sorted set with its score.
type Z struct {
	Score  float64
	Member string
}

// A ZWithKey is a member of the sorted set at Key.
type ZWithKey struct {
	Z
	Key string
}

// ZsWithKey are members of the sorted set at Key.
type ZsWithKey struct {
	Key     string
	Members []Z
}

// A RankScore is a member's place in a sorted set and its score.
type RankScore struct {
	Rank  int64
	Score float64
}

// A Page is what one call of a SCAN command returned.
type Page[T any] struct {
	Cursor   uint64 // where the next call goes on; 0: there is no more
	Elements []T    // may be empty before the end
}

// LCSMatches tell where two strings have parts of their longest common subsequence.
type LCSMatches struct {
	Matches []LCSMatch // the last one first
	Len     int64      // the length of the longest common subsequence, in bytes
}

// An LCSMatch is a part that both strings have.
type LCSMatch struct {
	Key1, Key2 LCSRange
	Len        int64 // in bytes; 0 unless LCSArgs.WithMatchLen asked for it
}

// An LCSRange is a range of bytes, both ends included, counted from 0.
type LCSRange struct{ Start, End int64 }

// A WaitAOFCount says in how many append-only files the writes are.
type WaitAOFCount struct {
	Local    int64 // this server's: 1 or 0
	Replicas int64 // those of replicas
}
