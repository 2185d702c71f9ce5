package fairlead

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Settings whose values have a form of their own: how each is read, and how it is written.

func setDB(d *draft, value string) string {
	db, err := parseCount(value)
	if err != nil || db > highestDB {
		return wantCount(0, highestDB)
	}
	d.options.DB = db
	return ""
}

// showSocketDB: only a unix socket's URL has its database among the options, because its path is the socket's.
func showSocketDB(o *Options) string {
	if o.Network != "unix" {
		return ""
	}
	return showCount(o.DB)
}

func setProtocol(d *draft, value string) string {
	switch value {
	case "2", "3":
		d.options.Protocol = int(value[0] - '0')
		return ""
	}
	return "2 or 3, the version of RESP"
}

func showProtocol(o *Options) string { return showCount(o.Protocol) }

func setMode(d *draft, value string) string {
	for _, mode := range []Mode{Shared, Exclusive} {
		if strings.EqualFold(value, mode.String()) {
			d.options.Mode = mode
			return ""
		}
	}
	return "shared or exclusive"
}

func setPoolTimeout(d *draft, value string) string {
	wait, err := parseBound(value)
	if err != nil {
		return wantTime + "; 0 to fail at once; none to wait as long as the context allows"
	}
	if wait == 0 {
		wait = FailAtOnce
	}
	d.options.PoolTimeout = wait
	return ""
}

func showPoolTimeout(o *Options) string {
	if o.PoolTimeout == FailAtOnce {
		return "0"
	}
	return showBound(o.PoolTimeout)
}

const wantLimit = wantTime + "; none or 0 for never"

func setIdleTimeout(d *draft, value string) string {
	limit, err := parseBound(value)
	if err != nil {
		return wantLimit
	}
	if limit == 0 {
		limit = noBound
	}
	d.options.IdleTimeout = limit
	return ""
}

func setMaxLifetime(d *draft, value string) string {
	limit, err := parseBound(value)
	if err != nil {
		return wantLimit
	}
	d.options.MaxLifetime = max(limit, 0)
	return ""
}

func showMaxLifetime(o *Options) string {
	if o.MaxLifetime == 0 {
		return ""
	}
	return showTime(o.MaxLifetime)
}

func setProbes(d *draft, value string) string {
	const want = "idle:interval:count, two times of at most 32767 s and a number up to 127, as in 15:5:3"
	fields := strings.Split(value, ":")
	if len(fields) != 3 {
		return want
	}
	idle, errIdle := parseTime(fields[0])
	interval, errInterval := parseTime(fields[1])
	count, errCount := parseCount(fields[2])
	if errIdle != nil || errInterval != nil || errCount != nil || min(idle, interval) == 0 || count == 0 ||
		max(idle, interval) > longestProbe || count > mostProbes {
		return want
	}
	probes := &d.options.KeepAlive
	probes.Idle, probes.Interval, probes.Count = idle, interval, count
	return ""
}

func showProbes(o *Options) string {
	probes := &o.KeepAlive
	if probes.Idle < 0 {
		return ""
	}
	return fmt.Sprintf("%s:%s:%d", showSeconds(probes.Idle), showSeconds(probes.Interval), probes.Count)
}

// showSeconds writes whole seconds without their unit, as redis-py's options have them.
func showSeconds(d time.Duration) string {
	if d%time.Second == 0 {
		return strconv.Itoa(int(d / time.Second))
	}
	return showTime(d)
}

func showKeepAlive(o *Options) string {
	if o.KeepAlive.Idle < 0 {
		return "false"
	}
	return ""
}

func setHealthCheck(d *draft, value string) string {
	interval, err := parseBound(value)
	if err != nil || interval > longestProbe {
		return "a time of at most 32767 s, in seconds or as a Go duration: 30 or 30s; 0 for the default"
	}
	d.healthCheck = max(interval, 0)
	return ""
}

func showRetryOnTimeout(o *Options) string {
	if o.Retry.OnTimeout {
		return "true"
	}
	return ""
}

func setMaxRetries(d *draft, value string) string {
	if limit, err := parseBound(value); err == nil && limit == noBound || value == "0" {
		d.options.Retry.MaxRetries = -1
		return ""
	}
	count, err := parseCount(value)
	if err != nil {
		return "a whole number; 0 for never"
	}
	d.options.Retry.MaxRetries = count
	return ""
}

func showMaxRetries(o *Options) string { return strconv.Itoa(max(o.Retry.MaxRetries, 0)) }
