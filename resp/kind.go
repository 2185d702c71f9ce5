package resp

// A Kind is the first byte of a reply: its type on the wire.
// Kinds above RESP2's five came with RESP3 (Redis 6.0).
type Kind byte

const (
	SimpleString Kind = '+' // a short status such as OK
	SimpleError  Kind = '-' // an error sentence that begins with its code
	Integer      Kind = ':' // a signed 64-bit number
	BulkString   Kind = '$' // any bytes, with their length
	Array        Kind = '*' // an ordered list of replies

	Null           Kind = '_' // nothing there; RESP2's $-1 and *-1 are read as Null too
	Boolean        Kind = '#' // true or false
	Double         Kind = ',' // a floating point number, inf and nan included
	BigNumber      Kind = '(' // an integer of any size
	BulkError      Kind = '!' // an error sentence of any bytes, with its length
	VerbatimString Kind = '=' // text that begins with its format: "txt:" or "mkd:"
	Map            Kind = '%' // pairs of replies
	Set            Kind = '~' // replies without an order
	Attribute      Kind = '|' // pairs about the reply that follows
	Push           Kind = '>' // an array that answers no command

	chunk     Kind = ';' // one part of a streamed string
	streamEnd Kind = '.' // ends a streamed aggregate
)

// String is the kind's name in the RESP3 specification.
func (k Kind) String() string {
	switch k {
	case SimpleString:
		return "simple string"
	case SimpleError:
		return "simple error"
	case Integer:
		return "integer"
	case BulkString:
		return "bulk string"
	case Array:
		return "array"
	case Null:
		return "null"
	case Boolean:
		return "boolean"
	case Double:
		return "double"
	case BigNumber:
		return "big number"
	case BulkError:
		return "bulk error"
	case VerbatimString:
		return "verbatim string"
	case Map:
		return "map"
	case Set:
		return "set"
	case Attribute:
		return "attribute"
	case Push:
		return "push"
	}
	return "unknown kind"
}

// Aggregate reports whether a reply of this kind holds other replies.
func (k Kind) Aggregate() bool {
	switch k {
	case Array, Map, Set, Attribute, Push:
		return true
	}
	return false
}
