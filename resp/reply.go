package resp

import "strconv"

// A Reply is one complete reply of a server, taken off the wire but not interpreted.
// It is an immutable value that owns its bytes; the strings read from an aggregate share them. So a string that is kept keeps
// all of them, and at most as many again: use [strings.Clone] on what little of a large reply is to outlive the rest.
// The zero Reply is no reply at all; its kind is 0.
//
// It has four words, so that the compiler keeps it in registers.
type Reply struct {
	kind       Kind
	attributed bool   // there are attributes before it
	n          int64  // Integer: its value. Boolean: 1 or 0. Aggregates: elements, the keys and values of a map counted each
	text       string // what payload returns; of an attributed reply all its bytes, from its attributes on
}

// Status returns a simple string as a reply, such as OK.
func Status(text string) Reply { return Reply{kind: SimpleString, text: text} }

// Kind returns the reply's type on the wire; RESP2's nil strings and nil arrays are Null.
func (r Reply) Kind() Kind { return r.kind }

// IsNull reports whether the reply is a null of RESP3 or one of RESP2's nils.
func (r Reply) IsNull() bool { return r.kind == Null }

// Err returns the reply as a *Error if it is an error of the server, else nil.
func (r Reply) Err() error {
	if r.kind == SimpleError || r.kind == BulkError {
		return ParseError(r.payload())
	}
	return nil
}

// Text returns the payload of a string of any kind, of an error, and of a number as the server wrote it;
// a boolean is 1 or 0, a verbatim string comes without its format. It is "" for all others.
func (r Reply) Text() string {
	if r.kind == BulkString && !r.attributed {
		return r.text
	}
	return r.otherText()
}

// otherText is Text of any reply.
func (r Reply) otherText() string {
	switch r.kind {
	case VerbatimString:
		return r.payload()[4:]
	case Integer, Boolean:
		return strconv.FormatInt(r.n, 10)
	}
	if r.kind.Aggregate() {
		return ""
	}
	return r.payload()
}

// Size is how many bytes of the reply are kept: those of its text, or of all its elements with their headers.
func (r Reply) Size() int { return len(r.text) }

// payload is what a string, an error, a double or a big number says. Of an aggregate it is the bytes of the elements.
func (r Reply) payload() string {
	if r.attributed {
		_, bare := cutAttributes(r.text)
		return cutLast(bare).text
	}
	return r.text
}

// Format returns the three letters a verbatim string begins with ("txt", "mkd"), "" for all others.
func (r Reply) Format() string {
	if r.kind == VerbatimString {
		return r.payload()[:3]
	}
	return ""
}

// Int returns an integer, a boolean as 1 or 0, or a string or big number of decimal digits as a number.
// The error is the server's *Error, a *TypeError, or a *strconv.NumError (which does not quote the string)
// where the digits are none or do not fit.
func (r Reply) Int() (int64, error) {
	switch r.kind {
	case Integer, Boolean:
		return r.n, nil
	case BulkString, SimpleString, BigNumber, VerbatimString:
		n, err := strconv.ParseInt(r.Text(), 10, 64)
		return n, withoutValue(err)
	}
	return 0, r.not("an integer")
}

// Float returns a double, or an integer or string of a number as a float64; inf, -inf and nan included.
// The errors are those of [Reply.Int].
func (r Reply) Float() (float64, error) {
	switch r.kind {
	case Integer:
		return float64(r.n), nil
	case Double, BulkString, SimpleString, BigNumber, VerbatimString:
		if f, ok := parseFloat(r.Text()); ok {
			return f, nil
		}
		return 0, withoutValue(&strconv.NumError{Func: "ParseFloat", Err: strconv.ErrSyntax})
	}
	return 0, r.not("a number")
}

// Bool returns a boolean, or an integer as "not 0", or the strings OK, 1 and 0 as Redis means them.
// The error is the server's *Error or a *TypeError.
func (r Reply) Bool() (bool, error) {
	switch r.kind {
	case Boolean, Integer:
		return r.n != 0, nil
	case SimpleString, BulkString:
		switch r.payload() {
		case "OK", "1":
			return true, nil
		case "0":
			return false, nil
		}
	}
	return false, r.not("a boolean")
}

// Str returns a string of any kind, or a number as its digits.
// The error is the server's *Error or a *TypeError; a null is none of them.
func (r Reply) Str() (string, error) {
	switch r.kind {
	case BulkString, SimpleString, VerbatimString, Integer, Double, BigNumber, Boolean:
		return r.Text(), nil
	}
	return "", r.not("a string")
}

// not is the error of a reply that is not what was asked for: what the server says, if it says it failed.
func (r Reply) not(want string) error {
	if err := r.Err(); err != nil {
		return err
	}
	return &TypeError{Want: want, Got: r.kind}
}

// withoutValue takes the string out of an error of strconv: replies are nobody's but the caller's.
func withoutValue(err error) error {
	if e, ok := err.(*strconv.NumError); ok {
		e.Num = "the reply"
	}
	return err
}

// Len returns how many elements an aggregate has, a map's keys and values counted each; 0 for all others.
func (r Reply) Len() int {
	if r.kind.Aggregate() {
		return int(r.n)
	}
	return 0
}

// Elements returns a cursor over an aggregate's elements: a map's keys and values in turn.
// Of a reply that is no aggregate it returns a cursor without elements.
func (r Reply) Elements() Cursor {
	if r.kind.Aggregate() {
		return Cursor{all: r.payload()}
	}
	return Cursor{}
}

// Attributes returns the attributes that came before the reply, as a reply of kind Attribute, and whether there were any.
// Of several in a row it is the last.
func (r Reply) Attributes() (Reply, bool) {
	if !r.attributed {
		return Reply{}, false
	}
	last, _ := cutAttributes(r.text)
	_, line, after := header(last)
	n, _ := parseLength(line)
	return Reply{kind: Attribute, n: int64(elements(Attribute, n)), text: after}, true
}
