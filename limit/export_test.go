package limit

import (
	"context"
	"strings"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
)

// clocked is the script with the test's clock instead of the server's, by which nothing expires.
var clocked = redis.NewScript(instead(instead(source,
	"local time = redis.call('TIME')\nlocal now = time[1] * 1000000 + time[2]", "local now = tonumber(ARGV[4])"),
	", 'PX', string.format('%.0f', ttl)", ""))

func instead(s, old, other string) string {
	if strings.Count(s, old) != 1 {
		panic("the script has changed, so must this test: " + old)
	}
	return strings.Replace(s, old, other, 1)
}

// AllowAt is AllowN at a time in microseconds.
func (l *Limiter) AllowAt(ctx context.Context, key string, n, now int64) (Result, error) {
	r, err := fairlead.Do(ctx, l.client, clocked.Cmd([]string{key}, l.drain, n*l.cost, l.most(), now))
	if err != nil {
		return Result{}, err
	}
	taken, debt, err := read(r)
	return l.result(taken, debt, n), err
}
