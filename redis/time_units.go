package redis

import (
	"errors"
	"reflect"
	"time"
)

// fill fills in a time or a duration from how many units it is.
func (u unit) fill(in *input, v reflect.Value) error {
	n, err := in.int(u.of.String()+" in "+u.name, 64)
	if err != nil {
		return err
	}
	if u.of == typeDuration {
		d := time.Duration(n) * u.length
		if d/u.length != time.Duration(n) {
			return in.overflow(u.of.String())
		}
		v.SetInt(int64(d))
		return nil
	}
	perSecond := int64(time.Second / u.length)
	if s := n / perSecond; s < firstSecond || s > lastSecond {
		return in.not("a time.Time: in " + u.name + " it is outside of the years 0 to 9999")
	}
	*v.Addr().Interface().(*time.Time) = time.Unix(n/perSecond, n%perSecond*int64(u.length)).UTC()
	return nil
}

// timeText is t as the text that is read as the same moment.
func timeText(t time.Time) (string, error) {
	if err := fourDigits(t); err != nil {
		return "", err
	}
	if _, offset := t.Zone(); offset%60 != 0 { // the text has no place for seconds
		t = t.UTC()
	}
	return t.Format(time.RFC3339Nano), nil
}

func fourDigits(t time.Time) error {
	if y := t.UTC().Year(); y < 0 || y > 9999 || t.Year() < 0 || t.Year() > 9999 {
		return errors.New("a time.Time outside of the years 0 to 9999 cannot be sent")
	}
	return nil
}

// count returns how many whole units t is after the beginning of 1970; what is left over is dropped.
func (u unit) count(t time.Time) (int64, error) {
	if err := fourDigits(t); err != nil {
		return 0, err
	}
	switch u.length {
	case time.Second:
		return t.Unix(), nil
	case time.Millisecond:
		return t.UnixMilli(), nil
	case time.Microsecond:
		return t.UnixMicro(), nil
	}
	if n := t.UnixNano(); time.Unix(0, n).Equal(t) {
		return n, nil
	}
	return 0, errors.New("a time.Time outside of the years 1678 to 2261 cannot be sent in nanoseconds: they are too many for 64 bits")
}

// encode writes a time or a duration as its tag counts it, or as text.
func (u unit) encode(v reflect.Value) (arg, error) {
	if v.Type() == typeDuration {
		d := time.Duration(v.Int())
		if u.of == nil {
			return textArg(d.String()), nil
		}
		return intArg(int64(d / u.length)), nil
	}
	t := *v.Addr().Interface().(*time.Time)
	if u.of == nil {
		s, err := timeText(t)
		return textArg(s), err
	}
	n, err := u.count(t)
	return intArg(n), err
}
