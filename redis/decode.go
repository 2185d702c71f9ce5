package redis

import "github.com/fairlead-go/fairlead/resp"

// A decoder turns one reply, which is no error, into a value. Null is Nil where a value is missing as a whole.

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

// readStrings reads a list of strings; a null among them is "".
func readStrings(r resp.Reply) ([]string, error) {
	return readSlice(r, func(e resp.Reply) (string, error) {
		if e.IsNull() {
			return "", nil
		}
		return e.Str()
	})
}

// readSlice reads an aggregate's elements one by one. Null is Nil.
func readSlice[E any](r resp.Reply, read func(resp.Reply) (E, error)) ([]E, error) {
	switch {
	case r.IsNull():
		return nil, Nil
	case !r.Kind().Aggregate():
		return nil, &resp.TypeError{Want: "a list", Got: r.Kind()}
	}
	list := make([]E, 0, r.Len())
	for c := r.Elements(); ; {
		e, ok := c.Next()
		if !ok {
			return list, nil
		}
		if err := e.Err(); err != nil {
			return nil, err
		}
		v, err := read(e)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
}

// readStringMap reads a map, or RESP2's list of keys and values in turn. Null is Nil.
func readStringMap(r resp.Reply) (map[string]string, error) {
	switch {
	case r.IsNull():
		return nil, Nil
	case !r.Kind().Aggregate() || r.Len()%2 != 0:
		return nil, &resp.TypeError{Want: "a map", Got: r.Kind()}
	}
	m := make(map[string]string, r.Len()/2)
	for c := r.Elements(); ; {
		k, ok := c.Next()
		if !ok {
			return m, nil
		}
		v, _ := c.Next()
		key, err := k.Str()
		if err != nil {
			return nil, err
		}
		value, err := v.Str()
		if err != nil {
			return nil, err
		}
		m[key] = value
	}
}
