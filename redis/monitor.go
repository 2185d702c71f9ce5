package redis

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A MonitorLine is a command that a server ran, as MONITOR tells it.
type MonitorLine struct {
	Time       time.Time // by the server's clock, to the microsecond
	DB         int
	ClientAddr string   // "127.0.0.1:54321", "[::1]:54321", "unix:/run/redis.sock"; "" if it was run by a script
	Lua        bool     // it was run by a script
	Args       []string // the command's name first, as it was written
}

// ParseMonitorLine reads a line of MONITOR, such as
//
//	1700000000.123456 [0 127.0.0.1:54321] "SET" "name" "Ada\n"
//
// without a leading "+". The error says what is wrong with a line that is none.
func ParseMonitorLine(text string) (l MonitorLine, err error) {
	stamp, rest, ok1 := strings.Cut(text, " [")
	origin, words, ok2 := strings.Cut(rest, `] "`)
	db, addr, ok3 := strings.Cut(origin, " ")
	if !ok1 || !ok2 || !ok3 {
		return l, notMonitor(text)
	}
	if l.Time, err = parseStamp(stamp); err != nil {
		return l, notMonitor(text)
	}
	if l.DB, err = strconv.Atoi(db); err != nil || l.DB < 0 {
		return l, notMonitor(text)
	}
	if addr == "lua" {
		l.Lua = true
	} else {
		l.ClientAddr = addr
	}
	for words = `"` + words; ; words = words[1:] {
		word, after, ok := unquote(words)
		if !ok || after != "" && after[0] != ' ' {
			return l, notMonitor(text)
		}
		l.Args = append(l.Args, word)
		if words = after; words == "" {
			return l, nil
		}
	}
}

func notMonitor(text string) error {
	const most = 80
	if len(text) > most {
		text = text[:most] + "…"
	}
	return fmt.Errorf("%q is no line of MONITOR", text)
}

// parseStamp reads seconds and, after a point, six digits of microseconds.
func parseStamp(s string) (time.Time, error) {
	seconds, micros, _ := strings.Cut(s, ".")
	sec, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return time.Time{}, err
	}
	usec, err := strconv.ParseUint(micros, 10, 32)
	if err != nil || len(micros) != 6 {
		return time.Time{}, strconv.ErrSyntax
	}
	return time.Unix(sec, int64(usec)*1000), nil
}

// unquote reads a word in the quotes that servers write, and returns what is behind it.
func unquote(s string) (word, rest string, ok bool) {
	if s == "" || s[0] != '"' {
		return "", "", false
	}
	s = s[1:]
	end := strings.IndexAny(s, `"\`)
	if end < 0 {
		return "", "", false
	}
	if s[end] == '"' { // nothing is escaped, as in most words
		return s[:end], s[end+1:], true
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return string(b), s[i+1:], true
		case c != '\\':
			b = append(b, c)
		case i+1 == len(s):
			return "", "", false
		default:
			c, n, ok := unescape(s[i+1:])
			if !ok {
				return "", "", false
			}
			b = append(b, c)
			i += n
		}
	}
	return "", "", false
}

// unescape reads what is behind a backslash, and returns how many bytes of it that takes.
func unescape(s string) (c byte, n int, ok bool) {
	switch s[0] {
	case '\\', '"':
		return s[0], 1, true
	case 'n':
		return '\n', 1, true
	case 'r':
		return '\r', 1, true
	case 't':
		return '\t', 1, true
	case 'a':
		return '\a', 1, true
	case 'b':
		return '\b', 1, true
	case 'x':
		if len(s) < 3 {
			return 0, 0, false
		}
		v, err := strconv.ParseUint(s[1:3], 16, 8)
		return byte(v), 3, err == nil
	}
	return 0, 0, false
}
