package fairlead_test

import (
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redistest"
)

// TestConsumeSlowly: what waited in the queue for more than half of MinIdle may be another consumer's by now. The loop asks
// before it delivers such an entry, and keeps it for longer.
func TestConsumeSlowly(t *testing.T) {
	var asked []string
	script := serve(func(args []string) string {
		command := strings.Join(args, " ")
		switch args[0] {
		case "XAUTOCLAIM":
			return "*3\r\n$3\r\n0-0\r\n*0\r\n*0\r\n"
		case "XREADGROUP":
			return "%1\r\n$1\r\ns\r\n*4\r\n" +
				"*2\r\n$3\r\n4-0\r\n*0\r\n*2\r\n$3\r\n5-0\r\n*0\r\n*2\r\n$3\r\n6-0\r\n*0\r\n*2\r\n$3\r\n7-0\r\n*0\r\n"
		}
		asked = append(asked, command)
		switch command {
		case "XPENDING s g 0-1 + 100 ann": // nothing of before a restart
			return "*0\r\n"
		case "XPENDING s g 6-0 6-0 1 ann": // bob has claimed it
			return "*0\r\n"
		case "XPENDING s g 7-0 7-0 1 ann":
			return "*1\r\n*4\r\n$3\r\n7-0\r\n$3\r\nann\r\n:31000\r\n:1\r\n"
		case "XCLAIM s g ann 31000 7-0 JUSTID":
			return "*1\r\n$3\r\n7-0\r\n"
		}
		return "-ERR not in this test\r\n"
	})
	inMemory(t, "slowly", fairlead.Options{}, func(t *testing.T, c *fairlead.Client, _ *redistest.Fake) {
		var got []string
		for m, err := range c.Consume(background, fairlead.ConsumeArgs{Group: "g", Consumer: "ann", Streams: []string{"s"}}) {
			must(t, err)
			got = append(got, m.ID)
			is(t, "deliveries", m.Deliveries, 1)
			if m.ID == "5-0" {
				pass(31 * time.Second) // MinIdle is a minute
			}
			if m.ID == "7-0" {
				break
			}
		}
		same(t, "delivered", got, []string{"4-0", "5-0", "7-0"})
		same(t, "asked", asked, []string{
			"XPENDING s g 0-1 + 100 ann", "XPENDING s g 6-0 6-0 1 ann", "XPENDING s g 7-0 7-0 1 ann", "XCLAIM s g ann 31000 7-0 JUSTID",
		})
	}, script)
}
