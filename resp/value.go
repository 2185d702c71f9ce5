package resp

// A Value is a reply as a tree: for printing, for raw access to what a server sent, and to build what a fake server sends.
// Reading a [Reply] through its methods costs less.
type Value struct {
	Kind   Kind    // the type on the wire; RESP2's nil strings and nil arrays are Null
	Str    string  // strings and errors: their bytes; doubles and big numbers: their digits as the server wrote them
	Format string  // verbatim strings: the three letters before the text, "txt" or "mkd"
	Int    int64   // integers
	Float  float64 // doubles
	Bool   bool    // booleans
	Elems  []Value // elements of an aggregate: of a map its keys and values in turn; nil where there are none
	Attrs  []Value // keys and values, in turn, of the attributes before the reply; nil where there are none
}

// Value returns the reply as a tree. Its strings share the reply's memory.
func (r Reply) Value() Value {
	v := Value{Kind: r.kind}
	switch r.kind {
	case Integer:
		v.Int = r.n
	case Boolean:
		v.Bool = r.n != 0
	case Double:
		v.Str = r.payload()
		v.Float, _ = parseFloat(v.Str)
	case VerbatimString:
		v.Str, v.Format = r.Text(), r.Format()
	default:
		v.Str = r.Text()
	}
	v.Elems = r.values()
	if attributes, ok := r.Attributes(); ok {
		v.Attrs = attributes.values()
	}
	return v
}

func (r Reply) values() []Value {
	if r.Len() == 0 {
		return nil
	}
	values := make([]Value, 0, r.Len())
	elements := r.Elements()
	for e, ok := elements.Next(); ok; e, ok = elements.Next() {
		values = append(values, e.Value())
	}
	return values
}
