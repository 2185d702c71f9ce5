package redis

import (
	"errors"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"strings"

	"github.com/fairlead-go/fairlead/resp"
)

// The methods of this file read one string or number. They take the name of the type that is wanted, for their errors.

func (in *input) string(name string) (string, error) {
	s, ok := in.scalar()
	if !ok {
		return "", in.not(article(name))
	}
	return s, nil
}

func (in *input) bytes(name string) ([]byte, error) {
	s, err := in.string(name)
	if err != nil {
		return nil, err
	}
	return []byte(s), nil
}

// whole is the number of an integer, and of a boolean as RESP2 spells it; and whether the input is one.
func (in *input) whole() (int64, bool) {
	if in.kind != resp.Integer && in.kind != resp.Boolean {
		return 0, false
	}
	n, err := in.reply.Int()
	return n, err == nil
}

func (in *input) int(name string, bits int) (int64, error) {
	n, ok := in.whole()
	if ok {
		if n<<(64-bits)>>(64-bits) != n {
			return 0, in.overflow(name)
		}
		return n, nil
	}
	s, err := in.string(name)
	if err != nil {
		return 0, err
	}
	n, err = strconv.ParseInt(s, 10, bits)
	if err != nil {
		return 0, in.noInteger(name, err)
	}
	return n, nil
}

func (in *input) uint(name string, bits int) (uint64, error) {
	if n, ok := in.whole(); ok {
		if n < 0 || bits < 64 && uint64(n)>>bits != 0 {
			return 0, in.overflow(name)
		}
		return uint64(n), nil
	}
	s, err := in.string(name)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseUint(s, 10, bits)
	if err != nil {
		if _, negative := strconv.ParseInt(s, 10, 64); negative == nil {
			return 0, in.overflow(name)
		}
		return 0, in.noInteger(name, err)
	}
	return n, nil
}

func (in *input) overflow(name string) error {
	return in.not(article(name) + ": the number overflows it")
}

// noInteger says why digits are no integer. It does not wrap the reason, which quotes them.
func (in *input) noInteger(name string, reason error) error {
	if errors.Is(reason, strconv.ErrRange) {
		return in.overflow(name)
	}
	return in.not(article(name) + ": it is no decimal integer")
}

func (in *input) float(name string, bits int) (float64, error) {
	if n, ok := in.whole(); ok {
		return float64(n), nil
	}
	s, err := in.string(name)
	if err != nil {
		return 0, err
	}
	f, err := strconv.ParseFloat(s, bits)
	switch {
	case s == "-nan": // as C libraries print it
		return math.NaN(), nil
	case errors.Is(err, strconv.ErrRange):
		return 0, in.overflow(name)
	case err != nil || strings.ContainsAny(s, "xX"):
		return 0, in.not(article(name) + ": it is no decimal number")
	}
	return f, nil
}

func (in *input) bool(name string) (bool, error) {
	if n, ok := in.whole(); ok {
		return n != 0, nil
	}
	s, err := in.string(name)
	if err != nil {
		return false, err
	}
	switch s {
	case "1", "true", "OK":
		return true, nil
	case "0", "false":
		return false, nil
	}
	return false, in.not(article(name) + ": it is none of 1, 0, true, false and OK")
}

// longestBig bounds the digits of a big number, because reading them takes more than linear time.
const longestBig = 64 << 10

func fillBig(in *input, v reflect.Value) error {
	s, ok := in.scalar()
	switch {
	case !ok:
		return in.not("a big.Int")
	case len(s) > longestBig:
		return in.not("a big.Int: it has more than 65,536 digits")
	}
	if _, ok := v.Addr().Interface().(*big.Int).SetString(s, 10); !ok {
		return in.not("a big.Int: it is no decimal integer")
	}
	return nil
}

// article puts "a" or "an" before a type's name.
func article(name string) string {
	if strings.ContainsAny(name[:1], "aeio") {
		return "an " + name
	}
	return "a " + name
}
