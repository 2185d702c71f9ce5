package fairlead_test

import (
	"fmt"
	"testing"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

var counters = redis.NewLibrary(`#!lua name=counters
redis.register_function('hit', function(keys, args)
	return redis.call('INCRBY', keys[1], args[1])
end)
redis.register_function{function_name='hits', flags={'no-writes'}, callback=function(keys)
	return redis.call('GET', keys[1])
end}`)

func TestLibraryIsBroughtToAServerThatLacksIt(t *testing.T) {
	forgetful(t, func(t *testing.T, c *fairlead.Client, _ *redistest.Server) {
		for round := range 2 {
			n, err := fairlead.As[int](counters.Call(background, c, "hit", []string{"k"}, 5))
			must(t, err)
			is(t, "the first call", n, 10*round+5)
			n, err = fairlead.As[int](counters.Call(background, lend(t, c), "hit", []string{"k"}, 5))
			must(t, err)
			is(t, "the second, over a Conn", n, 10*round+10)
			must(t, c.FunctionFlush(background))
		}
		n, err := fairlead.As[int](counters.CallRO(background, c, "hits", []string{"k"}))
		must(t, err)
		is(t, "a function that only reads", n, 20)
		is(t, "commands", calls(t, c, "fcall", "fcall_ro", "function|load"), "fcall 6, fcall_ro 2, function|load 3")
		_, found, err := fairlead.Found(fairlead.As[int](counters.CallRO(background, c, "hits", []string{"none"})))
		is(t, "a null", fmt.Sprint(found, err), "false <nil>")

		p := c.TxPipeline() // the server has the library by now
		hit := fairlead.Queue(p, redis.As[int](redis.FCall("hit", []string{"k"}, 1)))
		must(t, p.Exec(background))
		n, err = hit.Result()
		is(t, "in a transaction", fmt.Sprint(n, err), "21 <nil>")
	})
}

func TestLibraryOfAnotherVersion(t *testing.T) {
	forgetful(t, func(t *testing.T, c *fairlead.Client, _ *redistest.Server) {
		old := redis.NewLibrary("#!lua name=counters\nredis.register_function('older', function() return 'old' end)")
		must(t, old.Load(background, c))
		_, err := counters.Call(background, c, "hit", []string{"k"}, 1)
		says(t, err, "ERR Function not found: its library is there; is the name right? If it is an older version, Library.Load replaces it")
		v, err := fairlead.As[string](old.Call(background, c, "older", nil))
		is(t, "the old one is still there", fmt.Sprint(v, " ", err), "old <nil>")

		must(t, counters.Load(background, c))
		n, err := fairlead.As[int](counters.Call(background, c, "hit", []string{"k"}, 1))
		is(t, "after Load", fmt.Sprint(n, err), "1 <nil>")
		_, err = old.Call(background, c, "older", nil)
		says(t, err, "an older version")
	})
}

func TestLibraryErrors(t *testing.T) {
	forgetful(t, func(t *testing.T, c *fairlead.Client, _ *redistest.Server) {
		_, err := redis.NewLibrary("return 1").Call(background, c, "f", nil)
		says(t, err, "ERR Missing library metadata")
		_, err = redis.NewLibrary("#!lua name=bad\nthis is no Lua").Call(background, c, "f", nil)
		says(t, err, "ERR Error compiling function")
		_, err = counters.Call(background, c, "missing", nil)
		says(t, err, "ERR Function not found") // the library is there now, and has no such function
		_, err = counters.Call(background, c, "hit", []string{"k"}, struct{}{})
		says(t, err, "FCALL", "a value of type struct {} cannot be sent", "it was not sent")
		_, err = counters.CallRO(background, c, "hit", []string{"k"}, 1)
		says(t, err, "ERR Can not execute a script with write flag using *_ro command.")

		_, err = new(redis.Library).Call(background, c, "f", nil)
		says(t, err, "FCALL", "make libraries by NewLibrary", "it was not sent")
		says(t, new(redis.Library).Load(background, c), "FUNCTION LOAD", "make libraries by NewLibrary", "it was not sent")
	})
}
