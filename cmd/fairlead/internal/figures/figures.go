// Package figures writes numbers for people: durations with three digits that matter, counts with thousands apart.
package figures

import (
	"strconv"
	"time"
)

// Duration returns d in the unit that suits it, from ns to s: "450 ns", "85.1 µs", "1.23 ms", "12.0 s".
func Duration(d time.Duration) string {
	switch {
	case d < time.Microsecond:
		return strconv.FormatInt(d.Nanoseconds(), 10) + " ns"
	case d < time.Millisecond:
		return threeDigits(Micros(d)) + " µs"
	case d < time.Second:
		return threeDigits(Millis(d)) + " ms"
	}
	return threeDigits(d.Seconds()) + " s"
}

// Micros returns d in microseconds.
func Micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

// Millis returns d in milliseconds.
func Millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// threeDigits writes a number of 1 or more with three digits, or all those before the point.
func threeDigits(f float64) string {
	switch {
	case f < 9.995:
		return strconv.FormatFloat(f, 'f', 2, 64)
	case f < 99.95:
		return strconv.FormatFloat(f, 'f', 1, 64)
	}
	return strconv.FormatFloat(f, 'f', 0, 64)
}

// Count returns n with a comma between thousands: "1,234,567".
func Count(n int64) string {
	digits := strconv.FormatInt(n, 10)
	first := 0
	if n < 0 {
		first = 1
	}
	for i := len(digits) - 3; i > first; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// Counted returns a count with the noun it counts: "1 key", "2 keys".
func Counted(n int64, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return Count(n) + " " + noun
}
