package redis

import (
	"errors"
	"fmt"
)

// bit sends the value of a bit.
func (r *Request) bit(b int) {
	if b != 0 && b != 1 {
		r.fail(fmt.Errorf("a bit is 0 or 1, not %d", b))
	}
	r.int(int64(b))
}

// bitRange sends where a range of bytes begins and ends, or less of it.
func (r *Request) bitRange(pos []int64) {
	if len(pos) > 2 {
		r.fail(errors.New("takes two positions at most: the first and the last byte"))
	}
	r.ints(pos)
}
