package redis

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// JSONSetArgs is one value that [JSONMSetArgs] sets.
type JSONSetArgs struct {
	Key, Path string // an empty path is the whole document
	Value     any    // a string or []byte is JSON text, anything else is encoded by encoding/json
}

// path sends a path of a document. An empty one is the whole: servers would choose for themselves if none came, and differently
// for RESP2 and RESP3.
func (r *Request) path(p string) {
	if p == "" {
		p = "."
	}
	r.text(p)
}

// paths sends the paths to read, that of the whole document if there are none.
func (r *Request) paths(ps []string) {
	if len(ps) == 0 {
		r.path("")
		return
	}
	r.room(len(ps))
	for _, p := range ps {
		r.path(p)
	}
}

// json sends a value as JSON: text as it is, anything else encoded.
func (r *Request) json(v any) {
	switch v := v.(type) {
	case string:
		r.jsonText(len(v), v)
		return
	case []byte:
		r.jsonText(len(v), v)
		return
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // no browser reads it
	if err := encoder.Encode(v); err != nil {
		r.fail(&unwritten{fmt.Sprintf("a value of type %T has no form in JSON", v), err})
	}
	r.text(strings.TrimSuffix(text.String(), "\n"))
}

func (r *Request) jsonText(length int, v any) {
	if length == 0 {
		r.fail(errors.New(`an empty text is no JSON: send "null", or "\"\"" for an empty string`))
	}
	r.value(v)
}

func (r *Request) jsons(vs []any) {
	r.room(len(vs))
	for _, v := range vs {
		r.json(v)
	}
}

// jsonTriples sends keys, paths and values in turn.
func (r *Request) jsonTriples(vs []any) {
	if len(vs)%3 != 0 {
		r.fail(fmt.Errorf("%d arguments are no keys, paths and values in turn: give three for each value", len(vs)))
	}
	r.room(len(vs))
	for i, v := range vs {
		switch i % 3 {
		case 0:
			r.value(v)
			r.last().becomeKey()
		case 1:
			r.jsonPath(v)
		case 2:
			r.json(v)
		}
	}
}

// jsonPath sends a path among values of other kinds.
func (r *Request) jsonPath(v any) {
	if p, ok := v.(string); ok {
		r.path(p)
		return
	}
	r.value(v)
}

func (r *Request) jsonDocs(docs []JSONSetArgs) {
	r.atLeastOne(len(docs), "value to set")
	r.room(3 * len(docs))
	for i := range docs {
		r.key(docs[i].Key)
		r.path(docs[i].Path)
		r.json(docs[i].Value)
	}
}

// span sends a part of an array, unless it is the whole.
func (r *Request) span(start, stop int64) {
	if start != 0 || stop != 0 {
		r.int(start)
		r.int(stop)
	}
}
