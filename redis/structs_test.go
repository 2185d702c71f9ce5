package redis

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

type user struct {
	Name   string `redis:"name"`
	Age    int8
	Secret string `redis:"-"`
	Joined time.Time
	Tags   []string `redis:"tags,omitempty"`
	inside string
}

func TestStructs(t *testing.T) {
	t.Parallel()
	ada := user{Name: "Ada", Age: 36, Tags: []string{"x"}}
	reads(t, "%3\r\n+name\r\n+Ada\r\n+Age\r\n:36\r\n+tags\r\n*1\r\n+x\r\n", ada)
	reads(t, "*6\r\n+name\r\n+Ada\r\n+Age\r\n+36\r\n+tags\r\n~1\r\n+x\r\n", ada)
	reads(t, "*2\r\n*2\r\n+name\r\n+Ada\r\n*2\r\n+Age\r\n:36\r\n", user{Name: "Ada", Age: 36})
	reads(t, "%0\r\n", user{}) // HGETALL of a key that does not exist
	reads(t, "*0\r\n", user{})
	reads(t, "%1\r\n+name\r\n+Ada\r\n", &user{Name: "Ada"})
	reads(t, "*1\r\n%1\r\n+name\r\n+Ada\r\n", []user{{Name: "Ada"}})
	reads(t, "%2\r\n+name\r\n+Ada\r\n+unknown\r\n*1\r\n*0\r\n", user{Name: "Ada"})
	reads(t, "%1\r\n+NAME\r\n+Ada\r\n", user{})      // a tag is matched letter for letter
	reads(t, "%1\r\n+age\r\n:36\r\n", user{Age: 36}) // a field's own name is not
	reads(t, "%1\r\n+joined\r\n:0\r\n", user{Joined: time.Unix(0, 0).UTC()})
	reads(t, "%2\r\n+tags\r\n*1\r\n+a\r\n+tags\r\n_\r\n", user{}) // the last of several counts, even if it is null

	refuses[user](t, "+secret\r\n", "", "a redis.user", resp.SimpleString)
	refuses[user](t, "*1\r\n+name\r\n", "", "a redis.user: it has an odd number of elements", resp.Array)
	refuses[user](t, "%1\r\n+age\r\n:128\r\n", "field Age: ", "an int8: the number overflows it", resp.Integer)
	refuses[user](t, "%1\r\n+age\r\n%0\r\n", "field Age: ", "an int8", resp.Map)
	refuses[user](t, "%1\r\n*0\r\n:1\r\n", "the key of pair 0 (from 0): ", "a field's name", resp.Array)
	refuses[user](t, "*2\r\n*2\r\n+age\r\n:1\r\n:1\r\n", "pair 1 (from 0): ", "a pair in a list of pairs", resp.Integer)
	refuses[[]user](t, "*1\r\n%1\r\n+tags\r\n:1\r\n", "element 0 (from 0): field Tags: ", "a []string", resp.Integer)
}

func TestStructsLeaveFieldsOut(t *testing.T) {
	t.Parallel()
	u, err := as[user](t, "%2\r\n+Secret\r\n+s\r\n+inside\r\n+s\r\n")
	if err != nil || u.Secret != "" || u.inside != "" {
		t.Errorf("got %+v, %v; want neither the field that is tagged - nor the unexported one filled in", u, err)
	}
}

func TestStructsExactNameCountsMore(t *testing.T) {
	t.Parallel()
	reads(t, "%2\r\n+Age\r\n:1\r\n+age\r\n:2\r\n", user{Age: 1})
	reads(t, "%2\r\n+age\r\n:2\r\n+Age\r\n:1\r\n", user{Age: 1})
	type twins struct{ Kind, KIND int } // the first of them takes what matches neither exactly
	reads(t, "%3\r\n+Kind\r\n:1\r\n+KIND\r\n:2\r\n+kind\r\n:3\r\n", twins{Kind: 1, KIND: 2})
	reads(t, "%1\r\n+kind\r\n:3\r\n", twins{Kind: 3})
}

type base struct {
	ID      int `redis:"id"`
	Version int
}

type Audit struct {
	By      string
	Version int // hidden by that of the outer struct
}

type node struct {
	Value int
	Next  *node
}

func TestStructsEmbedded(t *testing.T) {
	t.Parallel()
	type doc struct {
		base // its type is unexported, its fields are not
		*Audit
		Version int
	}
	wire := "%3\r\n+id\r\n:7\r\n+by\r\n+Ada\r\n+version\r\n:2\r\n"
	reads(t, wire, doc{base: base{ID: 7}, Audit: &Audit{By: "Ada"}, Version: 2})
	reads(t, "%1\r\n+id\r\n:7\r\n", doc{base: base{ID: 7}}) // no Audit without a field of it

	type named struct {
		Audit `redis:"audit"`
	}
	reads(t, "%1\r\n+audit\r\n%1\r\n+By\r\n+Ada\r\n", named{Audit{By: "Ada"}})
	type without struct {
		*base `redis:"-"`
		Audit
	}
	reads(t, "%2\r\n+id\r\n:7\r\n+By\r\n+Ada\r\n", without{Audit: Audit{By: "Ada"}})
	type stamped struct {
		time.Time `redis:"at"`
		ID        int
	}
	refuses[stamped](t, "%1\r\n+at\r\n:0\r\n", "", "a redis.stamped", resp.Map) // it has become text, as Time's methods are its own
}

// Loop embeds itself, which only a pointer can.
type Loop struct {
	*Loop
	Turns int
}

func TestStructsThatHoldThemselves(t *testing.T) {
	t.Parallel()
	list := "%2\r\n+value\r\n:1\r\n+next\r\n*4\r\n+value\r\n:2\r\n+next\r\n_\r\n"
	reads(t, list, node{Value: 1, Next: &node{Value: 2}})
	reads(t, "%1\r\n+turns\r\n:3\r\n", Loop{Turns: 3})
}

func TestStructsOfManyFields(t *testing.T) {
	t.Parallel()
	var fields []reflect.StructField
	wire := "%40\r\n"
	for i := range 40 {
		fields = append(fields, reflect.StructField{Name: fmt.Sprint("F", i), Type: reflect.TypeFor[int]()})
		wire += fmt.Sprintf("+f%d\r\n:%d\r\n", i, i)
	}
	p, err := planFor(reflect.StructOf(fields))
	if err != nil {
		t.Fatal(err)
	}
	v := reflect.New(reflect.StructOf(fields)).Elem()
	in := replyInput(fromWire(t, wire))
	if err := p.fill(&in, v); err != nil {
		t.Fatal(err)
	}
	for i := range 40 {
		if got := v.Field(i).Int(); got != int64(i) {
			t.Errorf("field %d: got %d", i, got)
		}
	}
}

// wantNoPlan checks that no reply can be read as a T, and that the command says so before it is sent.
func wantNoPlan[T any](t *testing.T, want string) {
	t.Helper()
	for _, c := range []Cmd[T]{New[T]("GET", "k"), As[T](New[string]("GET", "k"))} {
		if err := c.Err(); err == nil || !strings.HasPrefix(err.Error(), "GET: "+want) {
			t.Errorf("%v:\ngot  %v\nwant GET: %s", reflect.TypeFor[T](), err, want)
		}
		if _, err := c.Read(fromWire(t, ":1\r\n")); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v: Read gives %v, want %s", reflect.TypeFor[T](), err, want)
		}
	}
}

func TestTypesThatNoReplyFits(t *testing.T) {
	t.Parallel()
	type self *self
	type twice struct {
		A string `redis:"x"`
		B string `redis:"x"`
	}
	type mistagged struct {
		A string `redis:"a,omitemtpy"`
	}
	type unreachable struct{ *base }
	type left struct{ base }
	type inner struct {
		left
		Inner chan int `redis:"-"`
	}
	type C1 struct{ X int }
	type C2 struct{ X int }
	type ambiguous struct {
		C1
		C2
	}
	type decided struct {
		C1
		C2
		X int
	}
	const see = ": see redis.As for the types that it can be"
	wantNoPlan[chan int](t, "no reply can be read as a chan int"+see)
	wantNoPlan[func()](t, "no reply can be read as a func()"+see)
	wantNoPlan[complex128](t, "no reply can be read as a complex128"+see)
	wantNoPlan[uintptr](t, "no reply can be read as a uintptr"+see)
	wantNoPlan[error](t, "no reply can be read as an error"+see)
	wantNoPlan[[]chan int](t, "no reply can be read as a chan int")
	wantNoPlan[[2]chan int](t, "no reply can be read as a chan int")
	wantNoPlan[*chan int](t, "no reply can be read as a chan int")
	wantNoPlan[map[string]chan int](t, "no reply can be read as a chan int")
	wantNoPlan[map[struct{}]int](t, "no reply can be read as a map[struct {}]int: a map's keys must be strings or integers")
	wantNoPlan[map[float64]int](t, "no reply can be read as a map[float64]int: a map's keys must be strings or integers")
	wantNoPlan[self](t, "no reply can be read as a redis.self: it is a pointer to a pointer more than 8 times over")
	wantNoPlan[struct{ Done chan int }](t, `struct struct { Done chan int }: field Done: no reply can be read as a chan int`+see+
		`; the tag redis:"-" leaves the field out`)
	wantNoPlan[strings.Reader](t, "struct strings.Reader has no exported field to read into: export one, or give it an UnmarshalText method")
	wantNoPlan[twice](t, "struct redis.twice: field B: field A is named x too: give one of them another tag")
	wantNoPlan[mistagged](t, "struct redis.mistagged: field A: its tag has the option "+`"omitemtpy", which does not exist: there are omitempty; prefix`)
	wantNoPlan[struct{ mistagged }](t, "struct struct { redis.mistagged }: field A: its tag has the option")
	wantNoPlan[unreachable](t, "struct redis.unreachable: field base: a pointer to an unexported struct cannot be filled in: "+
		`embed it by value, or tag it redis:"-"`)
	wantNoPlan[ambiguous](t, "struct redis.ambiguous: field X: field X is named X too: give one of them another tag")
	reads(t, "%1\r\n+x\r\n:1\r\n", decided{X: 1}) // as in Go, the outer X ends the dispute of the inner ones
	reads(t, "%1\r\n+id\r\n:1\r\n", inner{left: left{base{ID: 1}}})
}
