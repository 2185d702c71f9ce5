// Package redis is the vocabulary of Redis and Valkey as Go values: one constructor for each command, the types of their
// arguments and replies, and how a reply is read.
//
// A command is a [Cmd]: its words, how it behaves by the server's own command table, and the type its reply is read as.
// It is sent by fairlead.Do, or queued by fairlead.Queue; the methods of fairlead.Client do the former for you. A Cmd is a value: build it
// once, keep it, copy it, send it from any number of goroutines.
//
//	redis.Set("name", "Ada", time.Minute)          // Cmd[struct{}]
//	redis.ZRangeWithScores("board", 0, 9)          // Cmd[[]Z]
//	redis.New[int64]("MY.COMMAND", "key", 7)       // any command
//	redis.As[User](redis.HGetAll("user:1"))        // the same command, read as another type
//	redis.Idempotent(redis.Incr("visits"))         // may be sent again after it may have run
//
// Values are of a closed set: string, []byte, integers, floats and bool (1 or 0). Anything else is an error before a byte is sent.
// Where a reply says that there is nothing, the error is [Nil].
package redis
