package fairlead

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// What errors tell to write where a value is wrong.
const (
	wantTime  = "a time above 0, in seconds or as a Go duration: 0.25 or 250ms"
	wantBound = wantTime + "; none for no bound; or leave the option away for the default"
	wantTruth = "true or false"
)

func wantCount(least, most int) string {
	return fmt.Sprintf("a whole number from %d to %d", least, most)
}

// noBound is how a bound that does not exist is kept in Options.
const noBound time.Duration = -1

var errNotNumber = errors.New("not a number")

// parseCount reads decimal digits, without a sign.
func parseCount(value string) (int, error) {
	if strings.Trim(value, "0123456789") != "" {
		return 0, errNotNumber
	}
	return strconv.Atoi(value)
}

// parseTime reads a number of seconds or a Go duration. It is never negative.
func parseTime(value string) (time.Duration, error) {
	if strings.Trim(value, "0123456789.") == "" {
		value += "s"
	}
	d, err := time.ParseDuration(value)
	if err != nil || d < 0 {
		return 0, errNotNumber
	}
	return d, nil
}

// parseBound reads a time or one of the words for noBound.
func parseBound(value string) (time.Duration, error) {
	switch strings.ToLower(value) {
	case "none", "forever", "never", "-1":
		return noBound, nil
	}
	return parseTime(value)
}

// parseTruth reads what is on or off; nil: the value is empty.
func parseTruth(value string) (*bool, error) {
	switch strings.ToLower(value) {
	case "":
		return nil, nil
	case "1", "t", "true", "y", "yes", "on":
		return new(true), nil
	case "0", "f", "false", "n", "no", "off":
		return new(false), nil
	}
	return nil, errNotNumber
}

// showCount is the reverse of parseCount; 0 is not shown.
func showCount(count int) string {
	if count == 0 {
		return ""
	}
	return strconv.Itoa(count)
}

// showBound is the reverse of parseBound.
func showBound(d time.Duration) string {
	if d < 0 {
		return "none"
	}
	return showTime(d)
}

// showTime is the reverse of parseTime. Only the µ of microseconds needs encoding.
func showTime(d time.Duration) string { return percentEncode(d.String()) }

// percentEncode writes text so that it may stand anywhere in a URL.
func percentEncode(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}
