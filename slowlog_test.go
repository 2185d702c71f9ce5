package fairlead_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redistest"
)

// slowEntries is a reply to SLOWLOG GET.
func slowEntries(ids ...int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "*%d\r\n", len(ids))
	for _, id := range ids {
		fmt.Fprintf(&b, "*6\r\n:%d\r\n:1700000000\r\n:15000\r\n*1\r\n$4\r\nKEYS\r\n$11\r\n127.0.0.1:1\r\n$0\r\n\r\n", id)
	}
	return b.String()
}

// TestFollowSlowLog: each is seen once, and what is missing is said.
func TestFollowSlowLog(t *testing.T) {
	t.Parallel()
	inMemory(t, "a day of a server", fairlead.Options{Retry: fairlead.Retry{MaxRetries: -1}},
		func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
			start := time.Now()
			ctx, cancel := context.WithTimeout(background, 65*time.Second)
			defer cancel()
			var got []string
			for e, err := range c.FollowSlowLog(ctx, 0) {
				at := time.Since(start)
				switch {
				case errors.Is(err, fairlead.ErrGap):
					got = append(got, fmt.Sprintf("%v gap: %v", at, err))
				case err != nil:
					got = append(got, fmt.Sprintf("%v %v", at, err))
				default:
					got = append(got, fmt.Sprintf("%v entry %d", at, e.ID))
				}
			}
			same(t, "what came", got, []string{
				"20s entry 8", "20s entry 9",
				"30s ERR not now",
				"40s entry 10",
				"50s gap: 3 slow commands were dropped by the server between two looks: look more often, or raise its slowlog-max-len",
				"50s entry 14", "50s entry 15",
				"1m0s gap: the slow log began anew, as that of a server that was restarted: slow commands may be missing",
				"1m0s entry 0",
				"1m5s context deadline exceeded",
			})
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("SLOWLOG", "GET", "1") // where it begins
			c.Reply(slowEntries(7))
			for _, reply := range []string{
				slowEntries(7, 6),
				slowEntries(9, 8, 7, 6),
				"-ERR not now\r\n",
				slowEntries(10, 9, 8),
				slowEntries(15, 14),
				slowEntries(0),
			} {
				c.ExpectCommand("SLOWLOG", "GET", "-1")
				c.Reply(reply)
			}
			c.Hang()
		})
	inMemory(t, "an empty log, and a loop that is left", fairlead.Options{},
		func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
			for e, err := range c.FollowSlowLog(background, time.Minute) {
				must(t, err)
				is(t, "entry", e.ID, 31)
				break
			}
		}, func(c *redistest.FakeConn) {
			c.AnswerHandshake()
			c.ExpectCommand("SLOWLOG", "GET", "1")
			c.Reply(slowEntries())
			c.ExpectCommand("SLOWLOG", "GET", "-1")
			c.Reply(slowEntries())
			c.ExpectCommand("SLOWLOG", "GET", "-1")
			c.Reply(slowEntries(31)) // numbers go on after SLOWLOG RESET
			c.Hang()
		})
}

func TestFollowSlowLogOfAServer(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.Config("slowlog-log-slower-than 0"))
	c := open(t, server.URL())
	_, err := c.Ping(background)
	must(t, err)
	asked := false
	for e, err := range c.FollowSlowLog(background, 10*time.Millisecond) {
		must(t, err)
		if !asked {
			asked = true
			must(t, c.Set(background, "slow:key", "v", 0))
		}
		if e.Args[0] == "SET" {
			same(t, "arguments", e.Args, []string{"SET", "slow:key", "v"})
			break
		}
	}
}
