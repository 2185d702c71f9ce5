package fairlead

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A streamID is the id of a stream's entry: milliseconds and a number.
type streamID struct{ ms, seq uint64 }

// parseStreamID reads an id as servers write it, with both parts.
func parseStreamID(text string) (id streamID, err error) {
	ms, seq, _ := strings.Cut(text, "-")
	if id.ms, err = strconv.ParseUint(ms, 10, 64); err == nil {
		id.seq, err = strconv.ParseUint(seq, 10, 64)
	}
	if err != nil {
		return streamID{}, fmt.Errorf("the server gave %.40q as the id of an entry", text)
	}
	return id, nil
}

// String returns the id as servers write it.
func (id streamID) String() string {
	return strconv.FormatUint(id.ms, 10) + "-" + strconv.FormatUint(id.seq, 10)
}

func (id streamID) less(other streamID) bool {
	return id.ms < other.ms || id.ms == other.ms && id.seq < other.seq
}

// next returns the lowest id above; of the highest one, that itself.
func (id streamID) next() streamID {
	switch {
	case id.seq < math.MaxUint64:
		return streamID{id.ms, id.seq + 1}
	case id.ms < math.MaxUint64:
		return streamID{id.ms + 1, 0}
	}
	return id
}
