package fairlead

import (
	"context"
	"iter"

	"github.com/fairlead-go/fairlead/redis"
)

// Keys walks over the keys of the database: all, those that match a pattern, or those of one type, as args says. Unlike KEYS it
// does not hold up the server. A key may come more than once. Break off when you like.
//
//	for key, err := range c.Keys(ctx, redis.ScanArgs{Match: "user:*"}) {
//		if err != nil {
//			return err
//		}
//		…
//	}
//
// The error, an *Error or a *CallError, comes once and is the last. With Match or Type the server still looks at all keys, about
// Count of them for each page; a few hundreds make the walk quicker. Since Redis 2.8.0, with Type since 6.0.0; O(N) for N keys in
// the database. [Commands.KeysMatching] is the command KEYS.
func (c Commands) Keys(ctx context.Context, args redis.ScanArgs) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, server := range c.keepers() {
			pages := elements(func(cursor uint64) (redis.Page[string], error) {
				return server.ScanWithArgs(ctx, cursor, args)
			})
			for key, err := range pages {
				if !yield(key, err) || err != nil {
					return
				}
			}
		}
	}
}

// keepers are the servers that have the keys between them, each with a cursor of its own.
func (c Commands) keepers() []Commands { return []Commands{c} }

// HashFields walks over the fields of a hash with their values, those that match a pattern, "" for all. count says about how many the
// server looks at for each page, 0 leaves it to the server; small hashes come in one page whatever it is. A field may come more
// than once, and with another value if that was changed. The error comes once and is the last; a key that does not exist has no
// fields. Since Redis 2.8.0; O(N) for N fields.
func (c Commands) HashFields(ctx context.Context, key, match string, count int64) iter.Seq2[redis.KV, error] {
	return elements(func(cursor uint64) (redis.Page[redis.KV], error) { return c.HScan(ctx, key, cursor, match, count) })
}

// HashFieldNames is HashFields without the values, which the server does not send. Since Redis 7.4.0 and Valkey 8.0.0: an older
// server answers with an error.
func (c Commands) HashFieldNames(ctx context.Context, key, match string, count int64) iter.Seq2[string, error] {
	return elements(func(cursor uint64) (redis.Page[string], error) {
		return c.HScanNoValues(ctx, key, cursor, match, count)
	})
}

// SetMembers walks over the members of a set, those that match a pattern, "" for all. count says about how many the server looks at for
// each page, 0 leaves it to the server; small sets come in one page whatever it is. A member may come more than once. The error
// comes once and is the last; a key that does not exist has no members. Since Redis 2.8.0; O(N) for N members.
func (c Commands) SetMembers(ctx context.Context, key, match string, count int64) iter.Seq2[string, error] {
	return elements(func(cursor uint64) (redis.Page[string], error) { return c.SScan(ctx, key, cursor, match, count) })
}

// SortedSetMembers walks over the members of a sorted set with their scores, in no order, those that match a pattern, "" for all. count
// says about how many the server looks at for each page, 0 leaves it to the server; small sets come in one page whatever it is. A
// member may come more than once, and with another score if that was changed. The error comes once and is the last; a key that
// does not exist has no members. Since Redis 2.8.0; O(N) for N members.
func (c Commands) SortedSetMembers(ctx context.Context, key, match string, count int64) iter.Seq2[redis.Z, error] {
	return elements(func(cursor uint64) (redis.Page[redis.Z], error) { return c.ZScan(ctx, key, cursor, match, count) })
}

// SortedSetMemberNames is SortedSetMembers without the scores, which the server does not send. Of Valkey alone, which has it in 9.1: others
// answer with an error.
func (c Commands) SortedSetMemberNames(ctx context.Context, key, match string, count int64) iter.Seq2[string, error] {
	return elements(func(cursor uint64) (redis.Page[string], error) {
		return c.ZScanNoScores(ctx, key, cursor, match, count)
	})
}

// elements walks over the elements of all pages, from cursor 0 until it is 0 again.
func elements[E any](page func(cursor uint64) (redis.Page[E], error)) iter.Seq2[E, error] {
	return func(yield func(E, error) bool) {
		for cursor := uint64(0); ; {
			p, err := page(cursor)
			if err != nil {
				var none E
				yield(none, err)
				return
			}
			for _, e := range p.Elements {
				if !yield(e, nil) {
					return
				}
			}
			if cursor = p.Cursor; cursor == 0 {
				return
			}
		}
	}
}
