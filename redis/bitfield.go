package redis

import (
	"errors"
	"fmt"
	"strconv"
)

// A BitFieldType is how an integer lies in a string: as so many bits, the highest first, with or without a sign.
// [Signed] and [Unsigned] make one; its methods make the operations of [BitField].
type BitFieldType struct {
	width  int
	signed bool
}

// Signed is the type of integers of width bits, 1 to 64, that may be negative: i5 is Signed(5).
func Signed(width int) BitFieldType { return BitFieldType{width, true} }

// Unsigned is the type of integers of width bits, 1 to 63, that are never negative: u8 is Unsigned(8).
func Unsigned(width int) BitFieldType { return BitFieldType{width, false} }

// String is the type as it is sent: "u8", "i64".
func (t BitFieldType) String() string {
	if t.signed {
		return "i" + strconv.Itoa(t.width)
	}
	return "u" + strconv.Itoa(t.width)
}

// Get reads the integer whose first bit is at offset; 0 beyond the end of the string.
func (t BitFieldType) Get(offset int64) BitFieldOp {
	return BitFieldOp{word: "GET", of: t, offset: offset}
}

// Set writes the integer whose first bit is at offset; its result is the one that was there before.
func (t BitFieldType) Set(offset, value int64) BitFieldOp {
	return BitFieldOp{word: "SET", of: t, offset: offset, value: value}
}

// IncrBy adds increment, which may be negative, to the integer whose first bit is at offset; its result is the sum.
func (t BitFieldType) IncrBy(offset, increment int64) BitFieldOp {
	return BitFieldOp{word: "INCRBY", of: t, offset: offset, value: increment}
}

// A BitFieldOp is one operation of [BitField], made by a [BitFieldType].
type BitFieldOp struct {
	word          string // "" is none
	of            BitFieldType
	offset, value int64
	indexed       bool
	overflow      Overflow
}

// Indexed returns the operation with its offset counted in integers of its type and not in bits: at 3, Unsigned(8) begins at bit 24.
func (o BitFieldOp) Indexed() BitFieldOp {
	o.indexed = true
	return o
}

// OnOverflow returns the operation, a Set or IncrBy, with what happens if its type cannot hold the result. It counts for this one alone.
func (o BitFieldOp) OnOverflow(how Overflow) BitFieldOp {
	o.overflow = how
	return o
}

// Overflow is what an operation of [BitField] does with a result that its type cannot hold; "" is OverflowWrap.
type Overflow string

const (
	OverflowWrap Overflow = "WRAP" // the bits that fit remain, as of Go's integers
	OverflowSat  Overflow = "SAT"  // it is the largest or the smallest number there is
	OverflowFail Overflow = "FAIL" // nothing is changed, and the result is not Found
)

// bitFieldOps sends operations. OVERFLOW counts for all that follow it, so it is sent where another one is wanted than before.
func (r *Request) bitFieldOps(ops []BitFieldOp) {
	r.room(4 * len(ops))
	now := OverflowWrap
	for i := range ops {
		o := &ops[i]
		if o.word != "GET" {
			want := o.overflow
			if want == "" {
				want = OverflowWrap
			}
			if want != now {
				r.text("OVERFLOW")
				r.word(string(want), string(OverflowWrap), string(OverflowSat), string(OverflowFail))
				now = want
			}
		}
		r.bitFieldOp(o)
	}
}

// bitFieldReads sends operations that may be none but Get.
func (r *Request) bitFieldReads(ops []BitFieldOp) {
	r.room(3 * len(ops))
	for i := range ops {
		r.bitFieldOp(&ops[i])
		if ops[i].word != "GET" {
			r.fail(errors.New("it only reads: use BITFIELD for operations other than Get"))
		}
	}
}

func (r *Request) bitFieldOp(o *BitFieldOp) {
	if err := o.check(); err != nil {
		r.fail(err)
	}
	offset := strconv.FormatInt(o.offset, 10)
	if o.indexed {
		offset = "#" + offset
	}
	r.text(o.word)
	r.text(o.of.String())
	r.text(offset)
	if o.word != "GET" {
		r.int(o.value)
	}
}

// check says why an operation cannot be sent.
func (o *BitFieldOp) check() error {
	widest := 63
	if o.of.signed {
		widest = 64
	}
	switch {
	case o.word == "":
		return errors.New("an operation is empty: make it by a type's method, such as Unsigned(8).Get(0)")
	case o.of.width < 1 || o.of.width > widest:
		return fmt.Errorf("there is no type %v: widths are 1 to 63 for Unsigned, 1 to 64 for Signed", o.of)
	case o.offset < 0:
		return fmt.Errorf("the offset %d is negative: offsets are counted from 0 at the start of the string", o.offset)
	case o.word == "GET" && o.overflow != "":
		return errors.New("a Get cannot overflow: use OnOverflow with Set or IncrBy")
	}
	return nil
}
