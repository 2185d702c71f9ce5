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
// # Structs
//
// A struct is read from fields with names, as HGETALL returns them, and written to them by [HSet], [HSetEX], [XAdd] and others that take
// names and values, by the same rules:
//
//	type User struct {
//		Name   string        `redis:"name"`
//		Secret string        `redis:"-"`                  // left out
//		Email  string        `redis:"email,omitempty"`    // not written while it is empty
//		Seen   time.Time     `redis:"seen,unixmilli"`     // a number
//		Limit  time.Duration `redis:"limit,seconds"`      // a number
//		Home   Address       `redis:"home.,prefix"`       // the fields "home.city", "home.street", …
//		Audit                                             // its fields count as User's own
//	}
//
// A field's name is that in its tag, letter for letter. Without a tag it is written under its own name, and read from that or the same in
// capitals or small letters; which of several such counts is not defined. Unexported fields are left out. The fields of an embedded
// struct count as the outer struct's own, unless a tag names it. With the option prefix so do those of any struct, or pointer to
// one, under names that begin with what the tag says.
//
// Read: what the struct has no field for is ignored; a field that the reply does not name keeps its zero value. So a hash that does not
// exist is read as a zero struct and is no error: ask for EXISTS, or read a map and look at its length, where the difference matters.
//
// Written: strings, []byte, [N]byte, integers, floats and bools (1 or 0), as a command's values are; what has a MarshalText or a
// MarshalBinary method (text if both) as that says; pointers to these, of which nil is not sent, so that the field keeps what it had; and an any
// that holds a command's value. The struct must have no marshaler of its own. A []byte must not be changed before the command is sent.
//
// The option omitempty does not write false, 0, "", nil, a zero time, a zero array and an empty slice. It means nothing when reading.
//
// A [time.Time] is written as [time.RFC3339Nano], in its own time zone, in the years 0 to 9999; with the option unix, unixmilli, unixmicro or
// unixnano as whole units since 1970, and what is left over is dropped. A [time.Duration] is written as text such as "1.5s"; with the
// option seconds, milliseconds, microseconds or nanoseconds as whole units. With such an option nothing else is read.
//
// Two fields of one name, an option that does not exist or does not fit the field's type, and a type that has no form in Redis are errors,
// of [Request.Err] before anything is sent, that name the struct, the field and its type.
//
// # Errors
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
