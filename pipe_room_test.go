package fairlead_test

import (
	"context"
	"errors"
	"strconv"
	"testing"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// TestPipesShareRoom: later pipes, smaller and larger, use the memory of earlier ones and take nothing from their replies.
func TestPipesShareRoom(t *testing.T) {
	t.Parallel()
	c := openTo(t, &fairlead.Options{Addr: redistest.Default(t).Addr()})
	type echo struct {
		want  string
		reply *fairlead.Reply[string]
	}
	var all []echo
	word := []byte("000000")
	for round, n := range []int{1, 8, 9, 40, 41, 5000, 3, 1025, 168, 169, 16, 17, 2} {
		p := c.Pipeline()
		if round%2 == 1 {
			p = c.TxPipeline()
		}
		for i := range n {
			copy(word, strconv.Itoa(100_000+10_000*round+i))
			all = append(all, echo{string(word), fairlead.Queue(p, redis.New[string]("ECHO", word))})
		}
		must(t, p.Exec(background))
		if p.Len() != n {
			t.Errorf("Len is %d after Exec, want %d", p.Len(), n)
		}
	}
	for _, e := range all {
		if got, err := e.reply.Result(); err != nil || got != e.want {
			t.Fatalf("the reply is %q, %v; want %q", got, err, e.want)
		}
	}
}

// TestAbandonedPipeKeepsItsCommands: commands that a connection may still hold are not handed to the next pipe.
func TestAbandonedPipeKeepsItsCommands(t *testing.T) {
	t.Parallel()
	c := openTo(t, &fairlead.Options{Addr: redistest.Default(t).Addr()})
	key := newKey(t)
	for range 50 {
		ctx, cancel := context.WithCancel(background)
		given, next := c.Pipeline(), c.Pipeline()
		for range 300 {
			fairlead.Queue(given, redis.Append(key, "x"))
			fairlead.Queue(next, redis.Append(key+":next", "y"))
		}
		go cancel()
		if err := given.Exec(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		must(t, next.Exec(background))
	}
	if n, err := c.StrLen(background, key+":next"); n != 50*300 || err != nil {
		t.Errorf("the pipes that were not given up appended %d bytes, %v; want %d", n, err, 50*300)
	}
}
