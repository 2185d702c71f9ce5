package redis

import (
	"fmt"

	"github.com/fairlead-go/fairlead/resp"
)

// An input is what a value is read from: a reply, or what a reply was read as before.
type input struct {
	kind  resp.Kind
	reply resp.Reply // the zero Reply if it was read before
	text  string     // then: the string
	texts []string   // or the list, or the map's keys and values in turn
}

func replyInput(r resp.Reply) input  { return input{kind: r.Kind(), reply: r} }
func textInput(s string) input       { return input{kind: resp.BulkString, text: s} }
func listInput(texts []string) input { return input{kind: resp.Array, texts: texts} }
func mapInput(m map[string]string) input {
	texts := make([]string, 0, 2*len(m))
	for k, v := range m {
		texts = append(texts, k, v)
	}
	return input{kind: resp.Map, texts: texts}
}

// isReply reports whether the input is a reply that was not read before.
func (in *input) isReply() bool { return in.reply.Kind() != 0 }

// err is the server's error if the input is one.
func (in *input) err() error { return in.reply.Err() }

// not is the error of an input that is not what was wanted. It never says what the input holds.
func (in *input) not(want string) error { return &resp.TypeError{Want: want, Got: in.kind} }

// scalar is the text of a string or a number, and whether the input is one.
func (in *input) scalar() (string, bool) {
	switch {
	case in.kind == 0 || in.kind == resp.Null || in.kind.Aggregate():
		return "", false
	case in.isReply():
		return in.reply.Text(), true
	}
	return in.text, true
}

// len is how many elements an aggregate has, a map's keys and values counted each.
func (in *input) len() int {
	if in.isReply() {
		return in.reply.Len()
	}
	return len(in.texts)
}

// elements walks over the elements of an aggregate.
func (in *input) elements() elements {
	return elements{replies: in.reply.Elements(), texts: in.texts}
}

type elements struct {
	replies resp.Cursor
	texts   []string
}

// next makes in the next element; it reports false after the last.
func (e *elements) next(in *input) bool {
	if len(e.texts) > 0 {
		*in = textInput(e.texts[0])
		e.texts = e.texts[1:]
		return true
	}
	r, ok := e.replies.Next()
	if ok {
		*in = replyInput(r)
	}
	return ok
}

// pairs walks over the keys and values of a map. RESP2 has them as a list with the keys and values in turn;
// where RESP2 has a list in turn, RESP3 may have a list of pairs, such as members with their scores.
type pairs struct {
	elements
	count  int
	nested bool
}

// pairs returns a walk over keys and values; want says what they were to become if the input has none.
func (in *input) pairs(want string) (pairs, error) {
	p := pairs{elements: in.elements(), count: in.len() / 2}
	var first input
	peek := p.elements
	switch {
	case in.kind != resp.Map && in.kind != resp.Array:
		return pairs{}, in.not(want)
	case in.kind == resp.Array && peek.next(&first) && first.kind == resp.Array:
		p.nested, p.count = true, in.len()
	case in.len()%2 != 0:
		return pairs{}, in.not(want + ": it has an odd number of elements")
	}
	return p, nil
}

// next makes key and value the next pair; it reports false after the last.
func (p *pairs) next(key, value *input) (bool, error) {
	if !p.elements.next(key) {
		return false, nil
	}
	if !p.nested {
		return p.elements.next(value), nil
	}
	if key.kind != resp.Array || key.len() != 2 {
		return false, key.not("a pair in a list of pairs")
	}
	pair := key.elements()
	return pair.next(key) && pair.next(value), nil
}

// inElement says where an error is: i is the element's place, counted from 0.
func inElement(i int, err error) error { return fmt.Errorf("element %d (from 0): %w", i, err) }
