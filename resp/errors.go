package resp

import (
	"fmt"
	"strings"
)

// An Error is the server's answer that a command failed.
type Error struct {
	Code    string // the first word, in capitals: "ERR", "WRONGTYPE", "LOADING"; "" if the server gave none
	Message string // the whole sentence as the server sent it, code included
}

// Error returns the server's sentence.
func (e *Error) Error() string { return e.Message }

// ParseError makes an Error of an error reply's text.
func ParseError(text string) *Error {
	code, _, _ := strings.Cut(text, " ")
	if !isCode(code) {
		code = ""
	}
	return &Error{Code: code, Message: text}
}

func isCode(word string) bool {
	for i := 0; i < len(word); i++ {
		c := word[i]
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return word != ""
}

// A ProtocolError says that the bytes read are not RESP, or are past a limit of [Limits].
// Nothing can be read after it: the place where the next reply begins is unknown.
type ProtocolError struct {
	Offset  int64  // of the element that is wrong, or of what stands where its CR LF belongs; the first byte read is 0
	Reason  string // what is wrong with it; the name of the limit, if it is past one
	Excerpt string // the bytes there, as far as they had arrived, quoted as redis-cli quotes, at most 32 of them
}

// Error names the reason, the offset and the bytes found there.
func (e *ProtocolError) Error() string {
	return fmt.Sprintf("the server broke the protocol at byte %d: %s (read %s)", e.Offset, e.Reason, e.Excerpt)
}

// A TypeError says that a reply is of another type than its reader asked for.
type TypeError struct {
	Want string // what was asked for, with its article: "an integer"
	Got  Kind   // what the server sent
}

// Error names both types.
func (e *TypeError) Error() string {
	got, article := e.Got.String(), "a "
	if strings.IndexByte("aiu", got[0]) >= 0 {
		article = "an "
	}
	return "the reply is " + article + got + ", not " + e.Want
}

const excerptLen = 32

func excerpt(b []byte) string {
	if len(b) > excerptLen {
		return string(appendQuoted(nil, string(b[:excerptLen]))) + "…"
	}
	return string(appendQuoted(nil, string(b)))
}
