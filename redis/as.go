package redis

import (
	"fmt"
	"reflect"

	"github.com/fairlead-go/fairlead/resp"
)

// As returns the same command with its reply read as a T: As[int](Get("n")), As[User](HGetAll("user:1")).
//
// What a reply says decides, not how RESP2 or RESP3 spells it. A T can be:
//
//   - a string, or a []byte or [N]byte: a string, or a number as its digits. An array takes exactly N bytes.
//   - an integer: a number, or a string of decimal digits. A number that T cannot hold is an error, and so is a fraction.
//   - a float: a number, or a string of one, inf and nan included.
//   - a bool: true and false, an integer (true if it is not 0), or the text 1, 0, true, false or OK.
//   - a [math/big.Int]: a number, at most 65,536 digits long.
//   - a [time.Time]: text as of [time.RFC3339Nano], or Unix time in whole seconds, read as UTC, in the years 0 to 9999.
//   - a [time.Duration]: text such as "1.5s". A mere number is an error, because Redis has both seconds and milliseconds.
//   - a type whose pointer is an [encoding.TextUnmarshaler] or an [encoding.BinaryUnmarshaler]; if it is both, text is chosen.
//   - a slice or an array of these: the elements of a list, of a set, or of a map, whose keys and values come in turn.
//     An array takes a list of exactly its length.
//   - a map with strings or integers as keys: a map, a list of keys and values in turn, or a list of pairs.
//     A map whose values are empty structs is a set: it takes the elements of a list or of a set as its keys.
//   - a struct: what a map can be read from, with its fields as the keys. See below.
//   - a pointer to any of these, which is nil if the reply is null.
//   - any: int64, float64, bool, string (a big number's digits too), []any, map[string]any, and nil for null.
//   - a [resp.Reply] or a [resp.Value]: the reply as it came, a null or an error inside of it too.
//   - struct{}: nothing of the reply.
//
// A null is [Nil] unless T is a pointer, a resp.Reply or a resp.Value. A null inside of a list, a map or a struct leaves the zero value there.
// An error inside of a list, a map or a struct is returned.
//
// A struct's field is read from what is named by its tag, `redis:"name"`, letter for letter. Without a tag its own name is looked for,
// then the same in capitals or small letters; which of several such counts is not defined. The tag `redis:"-"` leaves a field out; unexported fields always are.
// The fields of an embedded struct count as the outer struct's own, unless a tag names it. What the struct has no field for is ignored;
// a field that the reply does not name keeps its zero value. So a hash that does not exist is read as a zero struct and is no error:
// ask for EXISTS, or read a map and look at its length, where the difference matters.
// The option omitempty after the name is allowed and means nothing when reading.
//
// A reply that cannot be read as a T is an error that wraps a [*resp.TypeError] and says where it is, but never the value.
// A T that no reply can be read as, such as a channel, is an error of [Request.Err].
func As[T, U any](c Cmd[U]) Cmd[T] {
	as := Cmd[T]{Request: c.Request, read: readReply[T]}
	as.reads(reflect.TypeFor[T]())
	as.named(reflect.TypeFor[T]())
	return as
}

// Convert reads as a T what a reply was read as before, by the rules of [As]. A missing element that has become ""
// stays "": to tell it apart use As before the command is sent, with pointers. A resp.Reply still is what the server sent:
// a null is [Nil]. The error wraps a *resp.TypeError.
func Convert[T any, R string | []string | map[string]string | resp.Reply](from R) (T, error) {
	switch from := any(from).(type) {
	case resp.Reply:
		return convert[T](replyInput(from))
	case string:
		return convert[T](textInput(from))
	case []string:
		return convert[T](listInput(from))
	default:
		return convert[T](mapInput(from.(map[string]string)))
	}
}

// named makes it an error to read a list of values without their names as a struct or a map: values would pass for names.
func (r *Request) named(t reflect.Type) {
	for r.err == nil && t.Kind() == reflect.Pointer { // without a plan, a pointer may lead to itself
		t = t.Elem()
	}
	paired := t.Kind() == reflect.Map || t.Kind() == reflect.Struct && t.NumField() > 0
	raw := t == reflect.TypeFor[resp.Value]() || t == reflect.TypeFor[resp.Reply]()
	if paired && !raw && (r.Name() == "HMGET" || r.Name() == "MGET") {
		r.fail(fmt.Errorf("the reply has values without their names, so it is no %v: read a slice, or HGETALL", t))
	}
}

// reads makes it an error of the command that no reply can be read as a t.
func (r *Request) reads(t reflect.Type) {
	if _, err := planFor(t); err != nil {
		r.fail(err)
	}
}
