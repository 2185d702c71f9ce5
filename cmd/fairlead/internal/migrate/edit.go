package migrate

import (
	"bytes"
	"cmp"
	"go/token"
	"slices"
)

// edits are changes of one file. Each is small, so that changes inside of what is changed do not meet.
type edits struct {
	file *token.File
	list []edit
}

// An edit replaces what is between two offsets by a text. An insertion either opens what follows or closes what is before.
type edit struct {
	from, to int
	text     string
	closes   bool
	order    int
}

func (e *edits) add(from, to token.Pos, text string, closes bool) {
	e.list = append(e.list, edit{e.file.Offset(from), e.file.Offset(to), text, closes, len(e.list)})
}

// replace puts text in the place of the code from one position to another.
func (e *edits) replace(from, to token.Pos, text string) { e.add(from, to, text, false) }

// open inserts text before what begins at a position; what encloses it must be opened earlier.
func (e *edits) open(at token.Pos, text string) { e.add(at, at, text, false) }

// close inserts text behind what ends at a position; what encloses it must be closed earlier, which writes it further behind.
func (e *edits) close(at token.Pos, text string) { e.add(at, at, text, true) }

// apply returns the text with the changes made; those inside of what another one replaces have no effect.
func (e *edits) apply(src []byte) []byte {
	slices.SortStableFunc(e.list, func(a, b edit) int {
		switch {
		case a.from != b.from:
			return a.from - b.from
		case a.closes != b.closes: // first close what ends here
			if a.closes {
				return -1
			}
			return 1
		case a.closes:
			return b.order - a.order
		}
		if byLength := cmp.Compare(min(a.to-a.from, 1), min(b.to-b.from, 1)); byLength != 0 {
			return byLength // then open, then replace
		}
		return a.order - b.order
	})
	var out bytes.Buffer
	at := 0
	for _, c := range e.list {
		if c.from < at {
			continue
		}
		if c.from > at {
			out.Write(src[at:c.from])
		}
		out.WriteString(c.text)
		at = c.to
	}
	out.Write(src[at:])
	return out.Bytes()
}
