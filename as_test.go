package fairlead_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

type person struct {
	Name string `redis:"name"`
	Age  uint8
}

func TestAsReadsWhatCommandsReturn(t *testing.T) {
	t.Parallel()
	if n, err := fairlead.As[int]("42", nil); n != 42 || err != nil {
		t.Errorf("a string as an int: got %d, %v", n, err)
	}
	if ids, err := fairlead.As[[]int64]([]string{"1", "2"}, nil); !reflect.DeepEqual(ids, []int64{1, 2}) || err != nil {
		t.Errorf("a list as []int64: got %v, %v", ids, err)
	}
	ada := person{Name: "Ada", Age: 36}
	if p, err := fairlead.As[person](map[string]string{"name": "Ada", "age": "36"}, nil); p != ada || err != nil {
		t.Errorf("a map as a struct: got %v, %v", p, err)
	}
	if p, err := fairlead.As[person](map[string]string{}, nil); p != (person{}) || err != nil {
		t.Errorf("HGETALL of nothing: got %v, %v; want a zero struct and no error", p, err)
	}
}

func TestAsPassesErrorsThrough(t *testing.T) {
	t.Parallel()
	for _, want := range []error{redis.Nil, errors.New("no route to host")} {
		// The reply beside an error is not looked at: these digits are not the answer.
		if n, err := fairlead.As[int]("42", want); n != 0 || err != want {
			t.Errorf("got %d, %v; want 0, %v", n, err, want)
		}
	}
	var mismatch *resp.TypeError
	if n, err := fairlead.As[uint8]("256", nil); n != 0 || !errors.As(err, &mismatch) {
		t.Errorf("got %d, %v; want a *resp.TypeError", n, err)
	}
}

func TestFound(t *testing.T) {
	t.Parallel()
	broken := errors.New("connection reset")
	for _, test := range []struct {
		value string
		err   error
		found bool
		want  error
	}{
		{"v", nil, true, nil},
		{"", nil, true, nil}, // an empty string is there
		{"", redis.Nil, false, nil},
		{"", fmt.Errorf("command 3: %w", redis.Nil), false, nil},
		{"", broken, false, broken},
	} {
		v, found, err := fairlead.Found(test.value, test.err)
		if v != test.value || found != test.found || err != test.want {
			t.Errorf("Found(%q, %v): got %q, %v, %v; want %v, %v", test.value, test.err, v, found, err, test.found, test.want)
		}
	}
	if n, found, err := fairlead.Found(fairlead.As[int]("", redis.Nil)); n != 0 || found || err != nil {
		t.Errorf("Found(As(Nil)): got %d, %v, %v; want 0, false and no error", n, found, err)
	}
}
