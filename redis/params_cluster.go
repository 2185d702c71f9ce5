package redis

import "fmt"

// HashSlots is how many slots a cluster has: keys are spread over the slots from 0 to HashSlots-1.
const HashSlots = 16384

// A SlotRange is a range of a cluster's slots, both ends included.
type SlotRange struct{ Start, End int64 }

// A SlotMove is which slots are to go to which node.
type SlotMove struct {
	Slots  []SlotRange // at least one
	NodeID string      // of the node that gets them
}

// slot sends the number of a slot.
func (r *Request) slot(n int) { r.slotNumber(int64(n)) }

func (r *Request) slotNumber(n int64) {
	if n < 0 || n >= HashSlots {
		r.fail(fmt.Errorf("%d is no slot: they are numbered from 0 to %d", n, HashSlots-1))
	}
	r.int(n)
}

func (r *Request) slots(ns []int) {
	r.room(len(ns))
	for _, n := range ns {
		r.slot(n)
	}
}

// slotRanges sends the ends of ranges.
func (r *Request) slotRanges(list []SlotRange) {
	r.room(2 * len(list))
	for _, s := range list {
		if s.Start > s.End {
			r.fail(fmt.Errorf("the range of slots from %d to %d ends before it starts", s.Start, s.End))
		}
		r.slotNumber(s.Start)
		r.slotNumber(s.End)
	}
}

// slotMoves sends the slots and the node of each move.
func (r *Request) slotMoves(list []SlotMove) {
	for _, m := range list {
		r.text("SLOTSRANGE")
		r.atLeastOne(len(m.Slots), "range of slots")
		r.slotRanges(m.Slots)
		r.text("NODE")
		r.text(m.NodeID)
	}
}
