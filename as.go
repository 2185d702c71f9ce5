package fairlead

import (
	"errors"

	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// As reads a string, a list or a map of strings, or the reply of a script, as a command has just returned it, as a T:
//
//	n, err := fairlead.As[int](c.Get(ctx, "n"))
//	ids, err := fairlead.As[[]int64](c.SMembers(ctx, "ids"))
//	u, err := fairlead.As[User](c.HGetAll(ctx, "user:1"))
//	n, err := fairlead.As[int](c.Eval(ctx, "return #ARGV", nil, 1, 2))
//
// [redis.As] tells what a T can be; it does the same for a command that is not sent yet, where null elements still can be told
// from empty strings. An error of the command is returned as it is, [redis.Nil] included, and T is zero then. What cannot be read
// as a T is an error that wraps a *resp.TypeError.
//
// HGETALL answers with an empty map where there is no such key, so As[User] gives a zero User and no error, as the reply
// itself does. Where the difference matters, look at the length of the map first, or ask for EXISTS.
func As[T any, R string | []string | map[string]string | resp.Reply](reply R, err error) (T, error) {
	if err != nil {
		var none T
		return none, err
	}
	return redis.Convert[T](reply)
}

// Found turns the error [redis.Nil] into found being false, so that what does not exist is no error:
//
//	v, found, err := fairlead.Found(c.Get(ctx, "name"))
//	n, found, err := fairlead.Found(fairlead.As[int](c.Get(ctx, "n")))
//
// With any other error found is false, and the error is returned as it is. Where a command answers that something is missing
// with an empty list or map, which is no Nil, found is true.
func Found[T any](v T, err error) (_ T, found bool, _ error) {
	if errors.Is(err, redis.Nil) {
		return v, false, nil
	}
	return v, err == nil, err
}
