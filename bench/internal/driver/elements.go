package driver

import (
	"fmt"
	"slices"

	"github.com/fairlead-go/fairlead/redis"
)

// Elements is the reply of MGET, HGETALL or LRANGE in the shape that its client gives it; one field is set.
type Elements struct {
	Strings  []string
	Values   []any
	Optional []redis.Optional[string]
	Fields   map[string]string
	Dropped  Dropped
}

// Dropped is a reply whose elements were read and thrown away, but for its ends. Of pairs the first is kept, as they come in no order.
type Dropped struct {
	Count, Bytes        int
	Pairs               bool
	First, Second, Last kept
}

// kept is an element; those that are looked at are no longer.
type kept struct {
	text [16]byte
	n    int
}

func (k *kept) String() string { return string(k.text[:k.n]) }

// add takes note of element i of n.
func (d *Dropped) add(i, n int, element []byte) {
	d.Bytes += len(element)
	if i == 0 {
		d.First.keep(element)
	}
	if i == 1 {
		d.Second.keep(element)
	}
	if i == n-1 {
		d.Last.keep(element)
	}
}

func (k *kept) keep(element []byte) { k.n = copy(k.text[:], element) }

// Len is how many elements came. The fields of a hash count once, with their values.
func (e Elements) Len() int {
	return len(e.Strings) + len(e.Values) + len(e.Optional) + len(e.Fields) + e.Dropped.Count
}

// Wanted is what Elements should be.
type Wanted struct {
	Fields []string // of a hash, sorted; nil for a list
	Values []string
}

// Check looks at every element.
func (w Wanted) Check(e Elements) error { return w.check(e, 1) }

// Glance looks at the number of elements, the first, the middle and the last.
func (w Wanted) Glance(e Elements) error { return w.check(e, max(1, (len(w.Values)-1)/2)) }

// check looks at the number of elements, at every step-th and at the last. Of a dropped reply there are only the ends.
func (w Wanted) check(e Elements, step int) error {
	n := len(w.Values)
	if e.Len() != n {
		return fmt.Errorf("%d elements came, not %d", e.Len(), n)
	}
	if e.Dropped.Count > 0 {
		return w.ends(&e.Dropped)
	}
	for i := 0; i < n; i += step {
		if err := w.at(e, i); err != nil {
			return err
		}
	}
	return w.at(e, n-1)
}

// at looks at one element.
func (w Wanted) at(e Elements, i int) error {
	got := ""
	switch {
	case e.Strings != nil:
		got = e.Strings[i]
	case e.Values != nil:
		got, _ = e.Values[i].(string)
	case e.Optional != nil:
		got = e.Optional[i].Value
	case w.Fields != nil:
		got = e.Fields[w.Fields[i]]
	}
	if got != w.Values[i] {
		return fmt.Errorf("element %d is %q, not %q", i, got, w.Values[i])
	}
	return nil
}

// ends looks at what is left of a dropped reply.
func (w Wanted) ends(d *Dropped) error {
	n := len(w.Values)
	if d.Pairs {
		i, known := slices.BinarySearch(w.Fields, d.First.String())
		if !known || d.Second.String() != w.Values[i] {
			return fmt.Errorf("the first field is %q and its value %q", d.First.String(), d.Second.String())
		}
		return nil
	}
	if d.First.String() != w.Values[0] || d.Last.String() != w.Values[n-1] {
		return fmt.Errorf("the ends are %q and %q, not %q and %q", d.First.String(), d.Last.String(), w.Values[0], w.Values[n-1])
	}
	return nil
}

// notOK is the error of a status that is not OK.
func notOK(command, status string) error {
	return fmt.Errorf("%s was answered with %q, not OK", command, status)
}
