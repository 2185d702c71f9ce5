package redis

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// A Vector is what [VAdd] adds and [VSim] searches for: a [VectorValues], a [VectorFP32], or, for searches, a [VectorRef].
type Vector interface{ vector() }

// VectorValues is a vector of numbers, which are sent as text.
type VectorValues struct{ Val []float64 }

// VectorFP32 is a vector as bytes, which takes the server the least work: four for each number, a float32, the lowest first.
// [FP32] makes them of numbers.
type VectorFP32 struct{ Val []byte }

// VectorRef stands for the vector of an element of the same set.
type VectorRef struct{ Name string }

func (VectorValues) vector() {}
func (VectorFP32) vector()   {}
func (VectorRef) vector()    {}

// FP32 returns the vector of these numbers.
func FP32(values ...float32) VectorFP32 {
	b := make([]byte, 0, 4*len(values))
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return VectorFP32{Val: b}
}

var errNoVector = errors.New("needs a vector: a VectorValues, a VectorFP32 or, to search, a VectorRef")

// vector sends a vector that is to be added.
func (r *Request) vector(v Vector) {
	switch v.(type) {
	case VectorRef, *VectorRef:
		r.text("")
		r.fail(errors.New("a VectorRef is only for searches: read the element's vector by VEmb to add it"))
	default:
		r.query(v)
	}
}

// query sends a vector to search for.
func (r *Request) query(v Vector) {
	switch v := v.(type) {
	case VectorValues:
		r.vectorValues(v.Val)
		return
	case VectorFP32:
		r.vectorFP32(v.Val)
		return
	case VectorRef:
		r.vectorRef(v.Name)
		return
	case *VectorValues:
		if v != nil {
			r.vectorValues(v.Val)
			return
		}
	case *VectorFP32:
		if v != nil {
			r.vectorFP32(v.Val)
			return
		}
	case *VectorRef:
		if v != nil {
			r.vectorRef(v.Name)
			return
		}
	}
	r.fail(errNoVector)
}

func (r *Request) vectorValues(values []float64) {
	r.text("VALUES")
	r.int(int64(len(values)))
	r.atLeastOne(len(values), "number in the vector")
	r.floats(values)
}

func (r *Request) vectorFP32(b []byte) {
	r.text("FP32")
	r.atLeastOne(len(b), "number in the vector")
	if len(b)%4 != 0 {
		r.fail(fmt.Errorf("a vector of %d bytes has no four for each number: use FP32 to make them", len(b)))
	}
	r.value(b)
}

func (r *Request) vectorRef(name string) {
	r.text("ELE")
	r.text(name)
}

// reduce sends to how many dimensions vectors are reduced, which goes before the vector.
func (a *VAddArgs) reduce(r *Request) {
	if a.Reduce != 0 {
		r.text("REDUCE")
		r.int(a.Reduce)
	}
}

// attributes sends JSON, or an empty text, which takes the attributes away.
func (r *Request) attributes(v any) {
	switch v {
	case nil, "":
		r.value(v)
		return
	}
	if b, ok := v.([]byte); ok {
		r.value(b)
		return
	}
	r.json(v)
}
