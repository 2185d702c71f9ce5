package resp_test

import (
	"encoding/json"
	"errors"
	"math"
	"testing"

	"github.com/fairlead-go/fairlead/resp"
)

// parse returns the only reply in wire.
func parse(t testing.TB, wire string) resp.Reply {
	t.Helper()
	replies, err := scan(resp.NewScanner(resp.Limits{}), wire, len(wire))
	if err != nil || len(replies) != 1 {
		t.Fatalf("%q is %d replies and error %v, want one reply", wire, len(replies), err)
	}
	return replies[0]
}

// scan feeds wire to s in parts of at most size bytes, and returns all replies up to the first error.
func scan(s *resp.Scanner, wire string, size int) ([]resp.Reply, error) {
	var all []resp.Reply
	for wire != "" {
		n := copy(s.Room(), wire[:min(size, len(wire))])
		s.Grew(n)
		wire = wire[n:]
		replies, err := drain(s)
		all = append(all, replies...)
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

// drain returns the replies that are complete.
func drain(s *resp.Scanner) ([]resp.Reply, error) {
	var all []resp.Reply
	for {
		r, ok, err := s.Next()
		if !ok {
			return all, err
		}
		all = append(all, r)
	}
}

// broken returns err as what it must be.
func broken(t testing.TB, err error) resp.ProtocolError {
	t.Helper()
	var e *resp.ProtocolError
	if !errors.As(err, &e) {
		t.Fatalf("error %v, want a *ProtocolError", err)
	}
	return *e
}

// same reports whether two values are equal, two NaNs too.
func same(a, b resp.Value) bool {
	if math.IsNaN(a.Float) && math.IsNaN(b.Float) {
		a.Float, b.Float = 0, 0
	}
	if len(a.Elems) != len(b.Elems) || len(a.Attrs) != len(b.Attrs) {
		return false
	}
	for i := range a.Elems {
		if !same(a.Elems[i], b.Elems[i]) {
			return false
		}
	}
	for i := range a.Attrs {
		if !same(a.Attrs[i], b.Attrs[i]) {
			return false
		}
	}
	return a.Kind == b.Kind && a.Str == b.Str && a.Format == b.Format &&
		a.Int == b.Int && a.Float == b.Float && a.Bool == b.Bool
}

// wantJSON returns v as JSON, which must be valid.
func wantJSON(t testing.TB, v resp.Value) string {
	t.Helper()
	text := v.AppendJSON(nil)
	if !json.Valid(text) {
		t.Fatalf("%+v is %s, which is no JSON", v, text)
	}
	return string(text)
}
