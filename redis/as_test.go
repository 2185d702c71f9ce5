package redis

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

func TestAsKeepsTheCommand(t *testing.T) {
	t.Parallel()
	blocking := New[[]string]("BLPOP", "k", 5)
	c := As[map[string]int](blocking)
	if got, want := string(c.Append(nil)), string(blocking.Append(nil)); got != want {
		t.Errorf("got %q, want the same command %q", got, want)
	}
	if wait, blocks := c.Blocks(); !blocks || wait != 5*time.Second {
		t.Errorf("waits %v, %v; want 5s", wait, blocks)
	}
	m, err := c.Read(fromWire(t, "*2\r\n+k\r\n$1\r\n7\r\n"))
	if err != nil || !reflect.DeepEqual(m, map[string]int{"k": 7}) {
		t.Errorf("got %v, %v; want the pair as a map", m, err)
	}
	if c := As[int](Idempotent(New[string]("MY.INCR", "n"))); !c.Repeatable() {
		t.Error("As forgets that the command is idempotent")
	}
}

func TestAsKeepsTheFirstError(t *testing.T) {
	t.Parallel()
	c := As[chan int](New[string]("GET", struct{}{}))
	want := "GET: a value of type struct {} cannot be sent: convert it to a string, []byte, integer, float or bool"
	if err := c.Err(); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	var zero Cmd[string]
	if c := As[int](zero); c.Err() == nil {
		t.Error("a zero command became one that can be sent")
	}
}

// converts checks Convert, from which a reply that was read before becomes a T.
func converts[T any, R string | []string | map[string]string](t *testing.T, from R, want T) {
	t.Helper()
	got, err := Convert[T](from)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%q: got %#v, %v; want %#v", from, got, err, want)
	}
}

func convertRefuses[T any, R string | []string | map[string]string](t *testing.T, from R, where, want string, got resp.Kind) {
	t.Helper()
	_, err := Convert[T](from)
	sentence := where + (&resp.TypeError{Want: want, Got: got}).Error()
	var mismatch *resp.TypeError
	if !errors.As(err, &mismatch) || err.Error() != sentence {
		t.Errorf("%q:\ngot  %v\nwant %s", from, err, sentence)
	}
}

func TestConvert(t *testing.T) {
	t.Parallel()
	converts(t, "7", 7)
	converts(t, "7", "7")
	converts(t, "7", []byte("7"))
	converts(t, "7", uint64(7))
	converts(t, "7", int64(7))
	converts(t, "7", 7.0)
	converts(t, "1", true)
	converts[any](t, "7", "7")
	converts(t, "", "")
	converts(t, "1.5s", 1500*time.Millisecond)
	converts(t, []string{"1", "2"}, []int8{1, 2})
	converts(t, []string{"1", "2"}, [2]uint16{1, 2})
	converts(t, []string{"a", "1"}, map[string]int{"a": 1})
	converts(t, []string{"a", "b"}, map[string]struct{}{"a": {}, "b": {}})
	converts(t, []string{"name", "Ada"}, user{Name: "Ada"})
	converts[any](t, []string{"a"}, []any{"a"})
	converts(t, []string(nil), []int{})
	converts(t, map[string]string{"name": "Ada", "age": "36", "more": "x"}, user{Name: "Ada", Age: 36})
	converts(t, map[string]string{"7": "1"}, map[int]bool{7: true})
	converts[any](t, map[string]string{"a": "1"}, map[string]any{"a": "1"})
	converts(t, map[string]string{}, user{})
	converts(t, map[string]string(nil), map[string]int{})

	convertRefuses[int](t, "secret", "", "an int: it is no decimal integer", resp.BulkString)
	convertRefuses[[]int](t, "1", "", "a []int", resp.BulkString)
	convertRefuses[int](t, []string{"1"}, "", "an int", resp.Array)
	convertRefuses[[]int](t, []string{"1", ""}, "element 1 (from 0): ", "an int: it is no decimal integer", resp.BulkString)
	convertRefuses[user](t, map[string]string{"age": "128"}, "field Age: ", "an int8: the number overflows it", resp.BulkString)
	convertRefuses[resp.Reply](t, "7", "", "a resp.Reply any more: it was read before", resp.BulkString)
	convertRefuses[[]resp.Value](t, []string{"7"}, "element 0 (from 0): ", "a resp.Value any more: it was read before", resp.BulkString)
	if _, err := Convert[chan int]("7"); err == nil {
		t.Error("a string became a channel")
	}
}
