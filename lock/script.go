package lock

import (
	"context"
	"fmt"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// The scripts compare the token, so that only its holder changes the lock. Two of them may run twice without harm, and so may
// be sent again when no reply came: whoever has the token already has the lock.
var (
	// acquire: KEYS lock [fence]; ARGV token, TTL, how long the fence is kept. It returns {1, fencing number} or {0, time left}.
	acquire = redis.NewScript(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  return {0, redis.call('PTTL', KEYS[1])}
end
local fence = 0
if KEYS[2] then
  local time = redis.call('TIME')
  local last = tonumber(redis.call('GET', KEYS[2]) or 0) or 0
  fence = math.max(last + 1, time[1] * 1000000 + time[2])
  redis.call('SET', KEYS[2], string.format('%.0f', fence), 'PX', ARGV[3])
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {1, fence}`)

	// extend: KEYS lock; ARGV token, TTL. It never shortens: one that was delayed on its way must not undo a later one.
	extend = redis.NewScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 1`)

	// release: KEYS lock; ARGV token. Sent twice it would say that the lock was lost, so it is not.
	release = redis.NewScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
return redis.call('DEL', KEYS[1])`)
)

// acquire asks for the lock once. It returns the fencing number, or got false and how long the holder has it still; negative:
// without end.
func (l *Lock) acquire(ctx context.Context, token string) (got bool, fence int64, left time.Duration, err error) {
	cmd := redis.Idempotent(acquire.Cmd(l.keys, token, l.ttl.Milliseconds(), (l.ttl + fenceKept).Milliseconds()))
	r, err := fairlead.Do(ctx, l.client, cmd)
	if err != nil {
		return false, 0, 0, err
	}
	e := r.Elements()
	flag, _ := e.Next()
	number, _ := e.Next()
	first, err1 := flag.Int()
	second, err2 := number.Int()
	switch {
	case err1 != nil || err2 != nil:
		return false, 0, 0, fmt.Errorf("the server answered with %s, not with two integers", r.Format())
	case first == 1:
		return true, second, 0, nil
	}
	return false, 0, time.Duration(second) * time.Millisecond, nil
}

// extend asks for the lock to last for ttl from now, and reports whether it is still the token's.
func (l *Lock) extend(ctx context.Context, token string, ttl time.Duration) (bool, error) {
	return l.compared(ctx, redis.Idempotent(extend.Cmd(l.keys[:1], token, ttl.Milliseconds())))
}

// release gives the lock up, and reports whether it was still the token's.
func (l *Lock) release(ctx context.Context, token string) (bool, error) {
	return l.compared(ctx, release.Cmd(l.keys[:1], token))
}

func (l *Lock) compared(ctx context.Context, cmd redis.Cmd[resp.Reply]) (bool, error) {
	r, err := fairlead.Do(ctx, l.client, cmd)
	if err != nil {
		return false, err
	}
	n, err := r.Int()
	return n == 1, err
}
