package limit

import (
	"context"
	"fmt"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// source: KEYS the limit's; ARGV units that drain in a microsecond, units to add, the most that the debt may be then.
// It returns whether they were added, and the debt. The key holds the debt, when that was in microseconds, and the units it was in.
//
// Lua's numbers are floats, which are exact for integers up to 2^53; no debt is greater.
const source = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local drain = tonumber(ARGV[1])
local debt = 0
local kept = redis.call('GET', KEYS[1])
if kept then
  local was, at, unit = string.match(kept, '^(%d+) (%d+) (%d+)$')
  if not was then
    return redis.error_reply('ERR the key holds something else than a limit')
  end
  debt = tonumber(was)
  if unit ~= ARGV[1] then
    debt = math.min(math.ceil(debt / unit * drain), 9007199254740992)
  end
  debt = math.max(0, debt - math.max(0, now - at) * drain)
end
local after = debt + ARGV[2]
if after > tonumber(ARGV[3]) then
  return {0, debt}
end
if after > debt then
  local ttl = math.ceil(after / drain / 1000)
  redis.call('SET', KEYS[1], string.format('%.0f %.0f %s', after, now, ARGV[1]), 'PX', string.format('%.0f', ttl))
end
return {1, after}`

// mostUnits is the greatest debt there can be.
const mostUnits = 1 << 53

var script = redis.NewScript(source)

// take adds n events to the key's debt if it is no more than limit units then. It reports whether it did, and the debt.
func (l *Limiter) take(ctx context.Context, key string, n, limit int64) (taken bool, debt int64, err error) {
	r, err := fairlead.Do(ctx, l.client, script.Cmd([]string{key}, l.drain, n*l.cost, limit))
	if err != nil {
		return false, 0, fmt.Errorf("the limit %q could not be asked: %w", key, err)
	}
	return read(r)
}

func read(r resp.Reply) (taken bool, debt int64, err error) {
	e := r.Elements()
	flag, _ := e.Next()
	units, _ := e.Next()
	first, err1 := flag.Int()
	debt, err2 := units.Int()
	if err1 != nil || err2 != nil {
		return false, 0, fmt.Errorf("the server answered with %s, not with two integers", r.Format())
	}
	return first == 1, debt, nil
}
