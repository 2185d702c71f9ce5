package resp

import (
	"math"
	"strconv"
)

// AppendArray appends the header of an array of n elements; n elements must follow.
// A command is an array of bulk strings.
func AppendArray(b []byte, n int) []byte { return appendHeader(b, Array, n) }

// AppendBulk appends s as a bulk string. Whatever s holds, it stays one string: its length goes before it.
func AppendBulk(b []byte, s string) []byte {
	b = appendHeader(b, BulkString, len(s))
	b = append(b, s...)
	return append(b, '\r', '\n')
}

// AppendBulkHead appends what goes before the n bytes of a bulk string; [AppendBulkEnd] must follow them.
func AppendBulkHead(b []byte, n int) []byte { return appendHeader(b, BulkString, n) }

// AppendBulkEnd appends what goes behind the bytes of a bulk string.
func AppendBulkEnd(b []byte) []byte { return append(b, '\r', '\n') }

// AppendInt appends n as a bulk string of its decimal digits.
func AppendInt(b []byte, n int64) []byte {
	b = appendHeader(b, BulkString, intLen(n))
	b = strconv.AppendInt(b, n, 10)
	return append(b, '\r', '\n')
}

// AppendUint appends n as a bulk string of its decimal digits.
func AppendUint(b []byte, n uint64) []byte {
	b = appendHeader(b, BulkString, uintLen(n))
	b = strconv.AppendUint(b, n, 10)
	return append(b, '\r', '\n')
}

// AppendFloat appends f as a bulk string: the shortest decimal form that reads back as f, with an exponent only
// below 1e-6 and from 1e21 on, so that a whole number is one for Redis too; inf, -inf and nan as Redis spells them.
func AppendFloat(b []byte, f float64) []byte {
	var digits [32]byte
	d := appendFloatText(digits[:0], f)
	b = appendHeader(b, BulkString, len(d))
	b = append(b, d...)
	return append(b, '\r', '\n')
}

// FormatFloat returns f as [AppendFloat] sends it.
func FormatFloat(f float64) string { return string(appendFloatText(nil, f)) }

func appendFloatText(b []byte, f float64) []byte {
	switch abs := math.Abs(f); {
	case math.IsNaN(f):
		return append(b, "nan"...)
	case math.IsInf(f, 1):
		return append(b, "inf"...)
	case math.IsInf(f, -1):
		return append(b, "-inf"...)
	case abs != 0 && abs < 1e-6, abs >= 1e21:
		return strconv.AppendFloat(b, f, 'e', -1, 64)
	}
	return strconv.AppendFloat(b, f, 'f', -1, 64)
}

// AppendCommand appends a whole command.
func AppendCommand(b []byte, words ...string) []byte {
	b = AppendArray(b, len(words))
	for _, w := range words {
		b = AppendBulk(b, w)
	}
	return b
}

func appendHeader(b []byte, k Kind, n int) []byte {
	if 0 <= n && n < 10 {
		return append(b, byte(k), byte('0'+n), '\r', '\n')
	}
	if 10 <= n && n < 100 {
		return append(b, byte(k), byte('0'+n/10), byte('0'+n%10), '\r', '\n')
	}
	b = append(b, byte(k))
	b = strconv.AppendInt(b, int64(n), 10)
	return append(b, '\r', '\n')
}

func intLen(n int64) int {
	if n < 0 {
		return 1 + uintLen(-uint64(n))
	}
	return uintLen(uint64(n))
}

func uintLen(n uint64) int {
	digits := 1
	for n >= 10 {
		n /= 10
		digits++
	}
	return digits
}
