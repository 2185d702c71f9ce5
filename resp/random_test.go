package resp_test

import (
	"strconv"
	"strings"

	"github.com/fairlead-go/fairlead/resp"
)

// A source of choices: each byte is one. When it is dry, every choice is the first.
type source []byte

// below returns a choice of n.
func (s *source) below(n int) int {
	if len(*s) == 0 {
		return 0
	}
	c := int((*s)[0])
	*s = (*s)[1:]
	return c % n
}

// word returns up to 15 bytes.
func (s *source) word() string {
	n := min(s.below(16), len(*s))
	w := string((*s)[:n])
	*s = (*s)[n:]
	return w
}

// value returns a value as a Scanner would return it.
func (s *source) value(depth int) resp.Value {
	v := s.bare(depth)
	if s.below(8) == 7 && depth < 5 {
		v.Attrs = s.values(2+2*s.below(2), depth+1)
	}
	return v
}

func (s *source) bare(depth int) resp.Value {
	kinds := []resp.Kind{resp.Null, resp.SimpleString, resp.SimpleError, resp.Integer, resp.BulkString, resp.Boolean, resp.Double,
		resp.BigNumber, resp.BulkError, resp.VerbatimString, resp.Array, resp.Map, resp.Set, resp.Push}
	v := resp.Value{Kind: kinds[s.below(len(kinds))]}
	if v.Kind == resp.Push && depth > 0 {
		v.Kind = resp.Array
	}
	switch v.Kind {
	case resp.SimpleString, resp.SimpleError:
		v.Str = strings.NewReplacer("\r", " ", "\n", " ").Replace(s.word())
	case resp.BulkString, resp.BulkError:
		v.Str = s.word()
	case resp.VerbatimString:
		v.Format, v.Str = []string{"txt", "mkd"}[s.below(2)], s.word()
	case resp.Integer:
		for range s.below(9) {
			v.Int = v.Int<<8 | int64(s.below(256))
		}
	case resp.Boolean:
		v.Bool = s.below(2) == 1
	case resp.Double:
		v.Str = []string{"1.5", "-0", "inf", "-inf", "nan", "1e300", strconv.Itoa(s.below(256))}[s.below(7)]
		v.Float, _ = strconv.ParseFloat(v.Str, 64)
	case resp.BigNumber:
		v.Str = []string{"", "-"}[s.below(2)] + strings.Repeat(strconv.Itoa(s.below(256)), 1+s.below(9))
	case resp.Array, resp.Set, resp.Push:
		v.Elems = s.values(s.below(5), depth+1)
	case resp.Map:
		v.Elems = s.values(2*s.below(3), depth+1)
	}
	return v
}

func (s *source) values(n, depth int) (values []resp.Value) {
	for range n {
		if depth > 6 {
			values = append(values, resp.Value{Kind: resp.Null})
			continue
		}
		values = append(values, s.value(depth))
	}
	return values
}

// stream appends v with some of its strings and aggregates streamed.
func (s *source) stream(b []byte, v resp.Value) []byte {
	if len(v.Attrs) > 0 {
		b = append(b, '|')
		b = append(strconv.AppendInt(b, int64(len(v.Attrs)/2), 10), "\r\n"...)
		b = s.streamAll(b, v.Attrs)
		v.Attrs = nil
	}
	switch v.Kind {
	case resp.Array, resp.Set, resp.Map:
		if s.below(2) == 1 {
			b = s.streamAll(append(b, byte(v.Kind), '?', '\r', '\n'), v.Elems)
			return append(b, ".\r\n"...)
		}
		n := len(v.Elems)
		if v.Kind == resp.Map {
			n /= 2
		}
		b = append(strconv.AppendInt(append(b, byte(v.Kind)), int64(n), 10), "\r\n"...)
		return s.streamAll(b, v.Elems)
	case resp.BulkString:
		if s.below(2) == 1 {
			return s.streamString(b, v.Str)
		}
	}
	return resp.AppendReply(b, v)
}

func (s *source) streamAll(b []byte, values []resp.Value) []byte {
	for _, v := range values {
		b = s.stream(b, v)
	}
	return b
}

func (s *source) streamString(b []byte, text string) []byte {
	b = append(b, "$?\r\n"...)
	for text != "" {
		n := 1 + s.below(len(text))
		b = append(strconv.AppendInt(append(b, ';'), int64(n), 10), "\r\n"+text[:n]+"\r\n"...)
		text = text[n:]
	}
	return append(b, ";0\r\n"...)
}
