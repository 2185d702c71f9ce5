package fairlead_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// onlyError demands that a loop gives one error and ends.
func onlyError(ctx context.Context, t *testing.T, c fairlead.Commands, args fairlead.ConsumeArgs) error {
	t.Helper()
	var errs []error
	for m, err := range c.Consume(ctx, args) {
		if err == nil {
			t.Errorf("the loop delivered %v", m)
			break
		}
		errs = append(errs, err)
	}
	is(t, "errors", len(errs), 1)
	return errors.Join(errs...)
}

func TestConsumeMisuse(t *testing.T) {
	t.Parallel()
	c, _ := nobody(t)
	good := fairlead.ConsumeArgs{Group: "g", Consumer: "ann", Streams: []string{"s"}}
	change := func(f func(*fairlead.ConsumeArgs)) fairlead.ConsumeArgs {
		args := good
		f(&args)
		return args
	}
	for _, test := range []struct {
		args fairlead.ConsumeArgs
		says string
	}{
		{fairlead.ConsumeArgs{}, "ConsumeArgs.Group is empty: write the name of the consumer group"},
		{change(func(a *fairlead.ConsumeArgs) { a.Consumer = "" }), "ConsumeArgs.Consumer is empty: give this loop a name that no other has"},
		{change(func(a *fairlead.ConsumeArgs) { a.Streams = nil }), "ConsumeArgs.Streams is empty"},
		{change(func(a *fairlead.ConsumeArgs) { a.Streams = []string{"a", "b", "a"} }), `ConsumeArgs.Streams has "a" twice`},
		{change(func(a *fairlead.ConsumeArgs) { a.Count = -1 }), "ConsumeArgs.Count is -1"},
		{change(func(a *fairlead.ConsumeArgs) { a.MinIdle = 60 }), "ConsumeArgs.MinIdle is 60ns, less than a millisecond: write a unit"},
	} {
		says(t, onlyError(background, t, c.Commands, test.args), test.says)
	}
	var none context.Context
	says(t, onlyError(none, t, c.Commands, good), "the context is nil")
	says(t, onlyError(background, t, c.DB(-1), good), "there is no database -1")
	says(t, onlyError(background, t, fairlead.Commands{}, good), "belong to no client")
	over, cancel := context.WithCancel(background)
	cancel()
	wraps(t, onlyError(over, t, c.Commands, good), context.Canceled)
	must(t, c.Close())
	wraps(t, onlyError(background, t, c.Commands, good), fairlead.ErrClosed)

	one := lend(t, open(t, redistest.Default(t).URL()))
	says(t, onlyError(background, t, one.Commands, good), "Consume needs a Client")
}

func TestConsumeEndsWhereTimeDoesNotHelp(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		stream := newKey(t)
		args := fairlead.ConsumeArgs{Group: "mail", Consumer: "ann", Streams: []string{stream}}
		err := onlyError(background, t, c.Commands, args)
		says(t, err, `there is no group "mail": create it by XGroupCreateMkStream, or set ConsumeArgs.CreateFrom`, stream)
		var server *fairlead.Error
		is(t, "the server's error is in it", errors.As(err, &server) && server.Code == "NOGROUP", true)

		must(t, c.Set(background, stream, "a string", 0))
		args.CreateFrom = "$"
		says(t, onlyError(background, t, c.Commands, args), "WRONGTYPE")
		args.Streams, args.CreateFrom = []string{stream + ":b"}, "the end"
		says(t, onlyError(background, t, c.Commands, args), "Invalid stream ID")
	})
}

// TestConsumeCreatesItsGroupAgain: a group that vanishes while a loop runs is told of. If the loop may create it, it does, from
// the first entry on.
func TestConsumeCreatesItsGroupAgain(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *fairlead.Client) {
		stream := newKey(t)
		args := fairlead.ConsumeArgs{Group: "g", Consumer: "ann", Streams: []string{stream}, CreateFrom: "$", Count: 1}
		ctx, cancel := context.WithTimeout(background, patience)
		defer cancel()
		started := make(chan struct{})
		go func() {
			redistest.Eventually(noTest{}, patience, "the group is there", func() bool {
				groups, err := c.XInfoGroups(ctx, stream)
				return err == nil && len(groups) == 1
			})
			if _, err := c.XAdd(ctx, redis.XAddArgs{Stream: stream, ID: "7-0", Values: []string{"n", "1"}}); err != nil {
				t.Error(err)
			}
			close(started)
		}()
		var told []error
		var got []string
		for m, err := range c.Consume(ctx, args) {
			if err != nil {
				told = append(told, err)
				continue
			}
			got = append(got, m.Values["n"])
			if len(got) == 3 {
				break
			}
			if len(got) == 1 {
				<-started
				_, err := c.Del(ctx, stream)
				must(t, err)
				_, err = c.XAdd(ctx, redis.XAddArgs{Stream: stream, ID: "1-0", Values: []string{"n", "2"}}) // lower than before
				must(t, err)
				xadd(t, c, stream, "3")
			}
		}
		same(t, "what came, of the new stream what was added before the group too", got, []string{"1", "2", "3"})
		says(t, errors.Join(told...), `group "g" has vanished and is created again, from the first entry on`, "NOGROUP")
		is(t, "errors", len(told), 1)
	})
}

// TestConsumeTellsAndGoesOn: what passes is told, with pauses that grow, and the loop goes on. A reader that did not get its
// reply looks for what it was delivered.
func TestConsumeTellsAndGoesOn(t *testing.T) {
	reads := 0
	script := func(c *redistest.FakeConn) {
		c.AnswerHandshake()
		c.Serve(func(args []string) string {
			switch command := strings.Join(args, " "); {
			case command == "XPENDING s g 0-1 + 100 ann": // what is pending of before a restart, or may be since a read that failed
				return "*0\r\n"
			case command == "XPENDING s g 5-1 + 100 ann": // what is pending above the last one that came
				return "*1\r\n*4\r\n$3\r\n6-0\r\n$3\r\nann\r\n:3\r\n:1\r\n"
			case command == "XPENDING s g 6-1 + 100 ann":
				return "*0\r\n"
			case command == "XPENDING s g 6-0 6-0 1 ann":
				return "*1\r\n*4\r\n$3\r\n6-0\r\n$3\r\nann\r\n:3\r\n:1\r\n"
			case command == "XRANGE s 6-0 6-0":
				return "*1\r\n*2\r\n$3\r\n6-0\r\n*2\r\n$1\r\nn\r\n$3\r\nsix\r\n"
			case command == "XCLAIM s g ann 3 6-0 RETRYCOUNT 2 JUSTID":
				return "*1\r\n$3\r\n6-0\r\n"
			case strings.HasPrefix(command, "XREADGROUP"):
				reads++
				is(t, "the read", command, "XREADGROUP GROUP g ann COUNT 100 BLOCK 5000 STREAMS s >")
				switch reads {
				case 1:
					return "-LOADING Redis is loading the dataset in memory\r\n"
				case 2, 3, 4, 5, 6, 7: // looking for what is pending works, and is no reason to pause for less
					return "-MISCONF Errors writing to the AOF file: No space left on device\r\n"
				case 8:
					return "%1\r\n$1\r\ns\r\n*1\r\n*2\r\n$3\r\n5-0\r\n*2\r\n$1\r\nn\r\n$4\r\nfive\r\n"
				}
				c.Reset() // the reply is lost
			}
			return ""
		})
	}
	o := fairlead.Options{Retry: fairlead.Retry{MaxRetries: -1}}
	inMemory(t, "told, and gone on", o, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		var said []string
		began := time.Now()
		for m, err := range c.Consume(background, fairlead.ConsumeArgs{Group: "g", Consumer: "ann", Streams: []string{"s"}, MinIdle: -1}) {
			if err != nil {
				said = append(said, err.Error())
				continue
			}
			if m.ID == "5-0" {
				is(t, "deliveries", m.Deliveries, 1)
				waited := time.Since(began)
				// Seven failures: 8, 16, 32 … 512 ms, of which at least half.
				is(t, "pauses", waited > 1016*time.Millisecond/2 && waited < 1016*time.Millisecond, true)
				continue
			}
			is(t, "what was lost on its way", m.ID+" "+m.Values["n"], "6-0 six")
			is(t, "deliveries", m.Deliveries, 2)
			break
		}
		is(t, "errors", len(said), 8)
		is(t, "the first", strings.HasPrefix(said[0], "LOADING"), true)
		is(t, "the second", strings.HasPrefix(said[1], "MISCONF"), true)
		is(t, "the last", strings.Contains(said[7], "connection reset"), true)
	}, script)
}
