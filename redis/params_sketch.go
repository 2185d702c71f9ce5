package redis

import (
	"maps"
	"slices"
)

// weights sends sketches with the weights they are merged by, in the order of their keys.
func (r *Request) weights(sketches map[string]int64) {
	r.atLeastOne(len(sketches), "sketch to merge")
	r.room(2*len(sketches) + 2)
	keys := slices.Sorted(maps.Keys(sketches))
	r.int(int64(len(keys)))
	r.keys(keys)
	r.text("WEIGHTS")
	for _, k := range keys {
		r.int(sketches[k])
	}
}
