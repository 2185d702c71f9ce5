package redis

import (
	"github.com/fairlead-go/fairlead/resp"
)

// A decoder turns one reply, which is no error, into a value. Null is Nil where a value is missing as a whole.
// Every decoder reads what the server says under RESP2 and under RESP3 into the same value.

func readString(r resp.Reply) (string, error) {
	if r.IsNull() {
		return "", Nil
	}
	return r.Str()
}

func readInt(r resp.Reply) (int64, error) {
	if r.IsNull() {
		return 0, Nil
	}
	return r.Int()
}

func readFloat(r resp.Reply) (float64, error) {
	if r.IsNull() {
		return 0, Nil
	}
	return r.Float()
}

// readBool reads a flag: 1, true or OK; a null means that a condition was not met, which is false and no error.
func readBool(r resp.Reply) (bool, error) {
	if r.IsNull() {
		return false, nil
	}
	return r.Bool()
}

// readOK reads a status; what it says beyond success is of no use.
func readOK(r resp.Reply) (struct{}, error) {
	if r.IsNull() {
		return struct{}{}, Nil
	}
	return struct{}{}, nil
}

// readText reads an element that is a string; a null is "".
func readText(r resp.Reply) (string, error) {
	if r.IsNull() {
		return "", nil
	}
	return r.Str()
}

// readStrings reads a list of strings; a null among them is "".
func readStrings(r resp.Reply) ([]string, error) {
	if err := noList(r); err != nil {
		return nil, err
	}
	list := make([]string, r.Len())
	c := r.Elements()
	for i := range list {
		e, _ := c.Next()
		if e.Kind() == resp.BulkString {
			list[i] = e.Text()
			continue
		}
		v, err := readText(e)
		if err != nil {
			return nil, err
		}
		list[i] = v
	}
	return list, nil
}

func readInts(r resp.Reply) ([]int64, error) { return readSlice(r, resp.Reply.Int) }

func readFloats(r resp.Reply) ([]float64, error) { return readSlice(r, resp.Reply.Float) }

func readBools(r resp.Reply) ([]bool, error) { return readSlice(r, resp.Reply.Bool) }

// readOptionals reads a list of strings and nulls.
func readOptionals(r resp.Reply) ([]Optional[string], error) {
	if err := noList(r); err != nil {
		return nil, err
	}
	list := make([]Optional[string], r.Len())
	c := r.Elements()
	for i := range list {
		e, _ := c.Next()
		if e.Kind() == resp.BulkString {
			list[i] = Optional[string]{Value: e.Text(), Found: true}
			continue
		}
		v, err := readOptional(e)
		if err != nil {
			return nil, err
		}
		list[i] = v
	}
	return list, nil
}

func readOptional(r resp.Reply) (Optional[string], error) {
	if r.IsNull() {
		return Optional[string]{}, nil
	}
	s, err := r.Str()
	return Optional[string]{Value: s, Found: err == nil}, err
}

func readOptionalFloats(r resp.Reply) ([]Optional[float64], error) {
	return readSlice(r, readOptionalFloat)
}

func readOptionalFloat(r resp.Reply) (Optional[float64], error) {
	if r.IsNull() {
		return Optional[float64]{}, nil
	}
	f, err := r.Float()
	return Optional[float64]{Value: f, Found: err == nil}, err
}

// readSlice reads an aggregate's elements one by one. Null is Nil.
func readSlice[E any](r resp.Reply, read func(resp.Reply) (E, error)) ([]E, error) {
	if err := noList(r); err != nil {
		return nil, err
	}
	list := make([]E, r.Len())
	c := r.Elements()
	for i := range list {
		e, _ := c.Next()
		if err := e.Err(); err != nil {
			return nil, err
		}
		v, err := read(e)
		if err != nil {
			return nil, err
		}
		list[i] = v
	}
	return list, nil
}

// noList says why a reply is no list of elements: Null is Nil.
func noList(r resp.Reply) error {
	switch {
	case r.IsNull():
		return Nil
	case !r.Kind().Aggregate():
		return &resp.TypeError{Want: "a list", Got: r.Kind()}
	}
	return nil
}

// readStringMap reads a map, or RESP2's list of keys and values in turn. Null is Nil.
func readStringMap(r resp.Reply) (map[string]string, error) {
	m := make(map[string]string, pairCount(r))
	err := eachPair(r, func(key, value resp.Reply) error {
		if key.Kind() == resp.BulkString && value.Kind() == resp.BulkString { // as nearly always
			m[key.Text()] = value.Text()
			return nil
		}
		k, err := key.Str()
		if err != nil {
			return err
		}
		m[k], err = readText(value)
		return err
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

func readStringSet(r resp.Reply) (map[string]struct{}, error) {
	list, err := readStrings(r)
	if err != nil {
		return nil, err
	}
	set := make(map[string]struct{}, len(list))
	for _, s := range list {
		set[s] = struct{}{}
	}
	return set, nil
}
