package redis

import (
	"reflect"
	"strconv"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// The seconds of the years that RFC 3339 can write. Unix time in milliseconds is past them since 1978.
const (
	firstSecond = -62167219200 // 0000-01-01T00:00:00Z
	lastSecond  = 253402300799 // 9999-12-31T23:59:59Z
)

func fillTime(in *input, v reflect.Value) error {
	s, ok := in.scalar()
	if !ok || in.kind == resp.Boolean {
		return in.not("a time.Time")
	}
	t := v.Addr().Interface().(*time.Time)
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		if n < firstSecond || n > lastSecond {
			return in.not("a time.Time: as Unix time in seconds it is outside of the years 0 to 9999")
		}
		*t = time.Unix(n, 0).UTC()
		return nil
	}
	read, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return in.not("a time.Time: it is neither RFC 3339 text nor Unix time in seconds")
	}
	*t = read
	return nil
}

func fillDuration(in *input, v reflect.Value) error {
	s, ok := in.scalar()
	if !ok {
		return in.not("a time.Duration")
	}
	if s != "" && '0' <= s[len(s)-1] && s[len(s)-1] <= '9' {
		return in.not("a time.Duration: a number has no unit, so read an int64 and multiply it by the unit")
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		return in.not("a time.Duration: it is no text such as 1.5s")
	}
	v.SetInt(int64(d))
	return nil
}
