package resp

import "math"

// Limits bound what a server may make this process read. A zero or negative field means its default.
// A reply past a limit is a [ProtocolError], and the connection that read it is closed.
type Limits struct {
	Bulk     int // bytes of one string; default 512 MiB, Redis's proto-max-bulk-len
	Elements int // elements of one aggregate, a map's pairs counted once; default 1,048,576, at most 2^30-1
	Depth    int // aggregates inside aggregates; default 64, at most 255
	Line     int // bytes of one line: a simple string, an error, a number; default 64 KiB
	Reply    int // bytes of one whole reply; default 2 GiB-1, at most a quarter of the largest int
}

const (
	maxDepth    = 255             // what the recursive readers of a complete reply may use of the stack
	maxElements = 1<<30 - 1       // a map's keys and values together still fit 31 bits
	maxBytes    = math.MaxInt / 4 // fourfold growth of a buffer still fits an int, where that has 32 bits too
)

func (l Limits) withDefaults() Limits {
	set := func(field *int, otherwise, most int) {
		if *field <= 0 {
			*field = otherwise
		}
		*field = min(*field, most)
	}
	set(&l.Bulk, 512<<20, maxBytes)
	set(&l.Elements, 1<<20, maxElements)
	set(&l.Depth, 64, maxDepth)
	set(&l.Line, 64<<10, maxBytes)
	set(&l.Reply, math.MaxInt32, maxBytes)
	return l
}
