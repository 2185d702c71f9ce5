package resp

import (
	"strconv"
	"strings"
)

func known(k Kind) bool {
	switch k {
	case SimpleString, SimpleError, Integer, Null, Boolean, Double, BigNumber, BulkString, BulkError, VerbatimString,
		chunk, streamEnd:
		return true
	}
	return k.Aggregate()
}

// checkLine says what is wrong with an element that is one line, or "".
func checkLine(k Kind, line string) string {
	if strings.IndexByte(line, '\r') >= 0 {
		return "a carriage return within a line"
	}
	switch k {
	case Integer:
		if _, ok := parseInt(line); !ok {
			return "an integer that is none, or does not fit 64 bits"
		}
	case Null:
		if line != "" {
			return "a null with a value"
		}
	case Boolean:
		if line != "t" && line != "f" {
			return "a boolean that is neither t nor f"
		}
	case Double:
		if _, ok := parseFloat(line); !ok {
			return "a double that is no number"
		}
	case BigNumber:
		if !isBigNumber(line) {
			return "a big number that is no number"
		}
	case streamEnd:
		if line != "" {
			return "the end of a stream with a value"
		}
	}
	return ""
}

func parseInt(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

func isBigNumber(line string) bool {
	if line != "" && (line[0] == '-' || line[0] == '+') {
		line = line[1:]
	}
	return line != "" && strings.Trim(line, "0123456789") == ""
}

// parseFloat reads what Redis writes: decimal digits with or without an exponent, inf, -inf and nan.
// Beyond what a float64 holds it is infinite or 0, as in Redis.
func parseFloat(s string) (f float64, ok bool) {
	switch s {
	case "-nan", "NaN": // some C libraries' spelling, passed on by old servers
		s = "nan"
	case "inf", "+inf", "-inf", "nan", "Inf", "-Inf", "INF", "-INF":
	default:
		for i := 0; i < len(s); i++ {
			if !isFloatByte(s[i]) {
				return 0, false // else ParseFloat would take hexadecimals, underscores and words
			}
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil || f != 0
}

func isFloatByte(c byte) bool {
	return '0' <= c && c <= '9' || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E'
}
