package redis

import (
	"encoding/json"

	"github.com/fairlead-go/fairlead/resp"
)

// readEach reads what a command did to each match of a path. Paths of the older syntax match one value: their single reply
// becomes a list of one. Null is Nil: the key does not exist.
func readEach[E any](r resp.Reply, read func(resp.Reply) (E, error)) ([]Optional[E], error) {
	if r.IsNull() {
		return nil, Nil
	}
	element := func(r resp.Reply) (o Optional[E], err error) {
		if r.IsNull() {
			return o, nil
		}
		o.Value, err = read(r)
		o.Found = err == nil
		return o, err
	}
	if r.Kind().Aggregate() {
		return readSlice(r, element)
	}
	one, err := element(r)
	if err != nil {
		return nil, err
	}
	return []Optional[E]{one}, nil
}

func readEachInt(r resp.Reply) ([]Optional[int64], error) { return readEach(r, resp.Reply.Int) }

func readEachString(r resp.Reply) ([]Optional[string], error) { return readEach(r, resp.Reply.Str) }

func readEachBool(r resp.Reply) ([]Optional[bool], error) { return readEach(r, readJSONBool) }

// readJSONBool reads 1 or 0, or the word that JSON has for it.
func readJSONBool(r resp.Reply) (bool, error) {
	switch r.Text() {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return r.Bool()
}

// readEachNumber reads numbers, or the text of JSON that RESP2 has instead of them: of one number, or of a list.
func readEachNumber(r resp.Reply) ([]Optional[float64], error) {
	if text := r.Text(); r.Kind() == resp.BulkString && len(text) > 0 && (text[0] == '[' || text == "null") {
		return readNumbersText(r)
	}
	return readEach(r, resp.Reply.Float)
}

func readNumbersText(r resp.Reply) ([]Optional[float64], error) {
	text := r.Text()
	if text == "null" {
		return []Optional[float64]{{}}, nil
	}
	var numbers []*float64
	if err := json.Unmarshal([]byte(text), &numbers); err != nil {
		return nil, &resp.TypeError{Want: "a list of numbers as JSON", Got: r.Kind()} // its own words would quote the text
	}
	list := make([]Optional[float64], len(numbers))
	for i, n := range numbers {
		if n != nil {
			list[i] = Optional[float64]{Value: *n, Found: true}
		}
	}
	return list, nil
}

// readEachKeys reads lists of keys, with null for what is no object, or the single list that paths of the older syntax have.
func readEachKeys(r resp.Reply) ([][]string, error) {
	if err := noList(r); err != nil {
		return nil, err
	}
	c := r.Elements()
	if first, ok := c.Next(); ok && !first.Kind().Aggregate() && !first.IsNull() {
		keys, err := readStrings(r)
		if err != nil {
			return nil, err
		}
		return [][]string{keys}, nil
	}
	return readSlice(r, func(r resp.Reply) ([]string, error) {
		if r.IsNull() {
			return nil, nil
		}
		return readStrings(r)
	})
}

// readJSONTypes reads the names of types: a list, or one for paths of the older syntax, either in one more list under RESP3.
func readJSONTypes(r resp.Reply) ([]string, error) {
	if c := r.Elements(); r.Len() == 1 {
		if only, _ := c.Next(); only.Kind().Aggregate() || only.IsNull() {
			r = only
		}
	}
	switch {
	case r.IsNull():
		return nil, Nil
	case r.Kind().Aggregate():
		return readStrings(r)
	}
	name, err := r.Str()
	if err != nil {
		return nil, err
	}
	return []string{name}, nil
}
