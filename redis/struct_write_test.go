package redis

import (
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// wireWords are the words of a command after its name.
func wireWords(t *testing.T, r Request) (words []string) {
	t.Helper()
	if err := r.Err(); err != nil {
		t.Fatalf("%s: %v", r.Name(), err)
	}
	for w := range r.Args() {
		words = append(words, w)
	}
	return words
}

// there and back: v is written as these fields and values, and read from them as it was.
func thereAndBack[T any](t *testing.T, v T, want ...string) {
	t.Helper()
	c := HSet("k", v)
	words := wireWords(t, c.Request)
	if !slices.Equal(words[1:], want) {
		t.Errorf("%T is written as\n%q, want\n%q", v, words[1:], want)
	}
	wire := fmt.Sprintf("%%%d\r\n", len(want)/2)
	for _, w := range words[1:] {
		wire += fmt.Sprintf("$%d\r\n%s\r\n", len(w), w)
	}
	got, err := as[T](t, wire)
	if err != nil || !reflect.DeepEqual(got, v) {
		t.Errorf("%q is read as\n%+v, %v, want\n%+v", words[1:], got, err, v)
	}
	// A pointer to the struct is written alike.
	if c := HSet("k", &v); !slices.Equal(wireWords(t, c.Request), words) {
		t.Errorf("*%T is written as %q", v, wireWords(t, c.Request))
	}
}

type (
	color  int8   // writes and reads itself, by its value
	secret string // the same, by a pointer
	blob   struct{ b []byte }
)

func (c color) MarshalText() ([]byte, error) {
	if c < 0 {
		return nil, errNoColor
	}
	return []byte{"rgb"[c]}, nil
}
func (c *color) UnmarshalText(b []byte) error { *c = color(strings.IndexByte("rgb", b[0])); return nil }

var errNoColor = errors.New("no such color: hunter2")

func (s *secret) MarshalText() ([]byte, error)    { return []byte("x" + *s), nil }
func (s *secret) UnmarshalText(b []byte) error    { *s = secret(b[1:]); return nil }
func (b blob) MarshalBinary() ([]byte, error)     { return b.b, nil }
func (b *blob) UnmarshalBinary(from []byte) error { b.b = slices.Clone(from); return nil }

func TestStructsThereAndBack(t *testing.T) {
	t.Parallel()
	type kind string
	type flags struct {
		S  string `redis:"s"`
		K  kind
		B  []byte
		A  [2]byte
		I8 int8
		U  uint64
		F  float64
		T  bool
		N  bool
	}
	thereAndBack(t, flags{"a\r\nb", "k", []byte("\x00\xff"), [2]byte{'x', 'y'}, -128, 1<<64 - 1, 1.5, true, false},
		"s", "a\r\nb", "K", "k", "B", "\x00\xff", "A", "xy", "I8", "-128", "U", "18446744073709551615", "F", "1.5", "T", "1", "N", "0")

	type own struct {
		Color  color
		Secret secret
		Blob   blob
		Addr   netip.Addr
		Big    big.Int
		URL    *url.URL // of MarshalBinary
	}
	page, _ := url.Parse("https://example.com/a?b")
	thereAndBack(t, own{1, "y", blob{[]byte("b\x00")}, netip.MustParseAddr("::1"), *big.NewInt(1 << 62), page},
		"Color", "g", "Secret", "xy", "Blob", "b\x00", "Addr", "::1", "Big", "4611686018427387904", "URL", "https://example.com/a?b")

	type whole struct {
		Text  *string
		Deep  **int
		Gone  *string // nil is not sent
		Any   any
		Empty any
	}
	text, n := "", 7
	deep := &n
	thereAndBack(t, whole{Text: &text, Deep: &deep, Any: "a"}, "Text", "", "Deep", "7", "Any", "a")

	type user struct {
		base // its type is unexported, its fields are not
		*Audit
		Version int
	}
	thereAndBack(t, user{base: base{ID: 7}, Audit: &Audit{By: "Ada"}, Version: 2}, "id", "7", "By", "Ada", "Version", "2")
	thereAndBack(t, user{base: base{ID: 7}}, "id", "7", "Version", "0") // nothing of the Audit that is not there
}

func TestStructsOmitEmpty(t *testing.T) {
	t.Parallel()
	type sparse struct {
		S string        `redis:"s,omitempty"`
		I int           `redis:",omitempty"`
		B []byte        `redis:",omitempty"`
		T time.Time     `redis:",omitempty"`
		D time.Duration `redis:",omitempty"`
		P *int          `redis:",omitempty"`
		C color         `redis:",omitempty"`
		X int
	}
	thereAndBack(t, sparse{}, "X", "0")
	zero := 0
	thereAndBack(t, sparse{P: &zero}, "P", "0", "X", "0") // a pointer that is there is not empty
	if words := wireWords(t, HSet("k", sparse{B: []byte{}}).Request); !slices.Equal(words, []string{"k", "X", "0"}) {
		t.Errorf("an empty slice is sent: %q", words)
	}
}

func TestStructsPrefix(t *testing.T) {
	t.Parallel()
	type geo struct{ Lat, Lon float64 }
	type address struct {
		City string `redis:"city"`
		Geo  *geo   `redis:"geo.,prefix"`
	}
	type user struct {
		City string   `redis:"city"`
		Home address  `redis:"home.,prefix"`
		Work *address `redis:"work.,prefix"`
	}
	thereAndBack(t, user{City: "a", Home: address{"b", &geo{1, 2}}}, "city", "a", "home.city", "b", "home.geo.Lat", "1", "home.geo.Lon", "2")
	thereAndBack(t, user{Work: &address{City: "w"}}, "city", "", "home.city", "", "work.city", "w")
	reads(t, "%1\r\n+home.geo.lat\r\n,5\r\n", user{Home: address{Geo: &geo{Lat: 5}}}) // small letters, as without a prefix
}

func TestStructsTimes(t *testing.T) {
	t.Parallel()
	type times struct {
		Text  time.Time
		S     time.Time  `redis:",unix"`
		Ms    time.Time  `redis:",unixmilli"`
		Us    *time.Time `redis:",unixmicro"`
		Ns    time.Time  `redis:",unixnano"`
		Span  time.Duration
		Rest  time.Duration  `redis:",seconds"`
		Pause *time.Duration `redis:",milliseconds"`
		Micro time.Duration  `redis:",microseconds"`
		Nano  time.Duration  `redis:",nanoseconds"`
	}
	at := time.Date(2023, 11, 14, 22, 13, 20, 123456789, time.UTC)
	us, milli := at.Truncate(time.Microsecond), -5*time.Millisecond
	thereAndBack(t, times{at, at.Truncate(time.Second), at.Truncate(time.Millisecond), &us, at, 1500 * time.Millisecond, time.Minute, &milli, 7000, 7},
		"Text", "2023-11-14T22:13:20.123456789Z", "S", "1700000000", "Ms", "1700000000123", "Us", "1700000000123456", "Ns", "1700000000123456789",
		"Span", "1.5s", "Rest", "60", "Pause", "-5", "Micro", "7", "Nano", "7")

	words := wireWords(t, HSet("k", struct {
		At   time.Time     `redis:",unix"`
		Left time.Duration `redis:",seconds"`
	}{at, 1999 * time.Millisecond}).Request)
	if !slices.Equal(words[1:], []string{"At", "1700000000", "Left", "1"}) {
		t.Errorf("what is left of a unit is not dropped: %q", words)
	}
	before := struct {
		T time.Time `redis:",unixmilli"`
	}{time.UnixMilli(-1).UTC()}
	thereAndBack(t, before, "T", "-1")
	odd := time.Date(1960, 1, 1, 0, 0, 0, 0, time.FixedZone("LMT", -2670)) // 44 minutes and 30 seconds west
	words = wireWords(t, HSet("k", struct{ T time.Time }{odd}).Request)
	if read, err := time.Parse(time.RFC3339Nano, words[2]); err != nil || !read.Equal(odd) {
		t.Errorf("%v is written as %s, which is %v", odd, words[2], read)
	}

	type u struct {
		T time.Time     `redis:",unixmilli"`
		D time.Duration `redis:",seconds"`
	}
	refuses[u](t, "%1\r\n+T\r\n+2023-11-14T22:13:20Z\r\n", "field T: ", "a time.Time in unixmilli: it is no decimal integer", resp.SimpleString)
	refuses[u](t, "%1\r\n+T\r\n:253402300800000\r\n", "field T: ", "a time.Time: in unixmilli it is outside of the years 0 to 9999", resp.Integer)
	refuses[u](t, "%1\r\n+D\r\n:9223372037\r\n", "field D: ", "a time.Duration: the number overflows it", resp.Integer)
	refuses[u](t, "%1\r\n+D\r\n+1s\r\n", "field D: ", "a time.Duration in seconds: it is no decimal integer", resp.SimpleString)
}

// TestStructsInCommands: every command that takes names and values takes a struct instead.
func TestStructsInCommands(t *testing.T) {
	t.Parallel()
	type pair struct {
		A string `redis:"a"`
		B int    `redis:"b"`
		C string `redis:"c,omitempty"`
	}
	v := &pair{"x", 1, ""}
	for _, test := range []struct {
		request Request
		want    string
	}{
		{HSet("k", v).Request, "k a x b 1"},
		{HMSet("k", v).Request, "k a x b 1"},
		{HSetEX("k", v).Request, "k FIELDS 2 a x b 1"}, // what is empty is not counted either
		{HSetEXWithArgs("k", HSetEXArgs{FNX: true}, *v).Request, "k FNX FIELDS 2 a x b 1"},
		{MSet(v).Request, "a x b 1"},
		{XAdd(XAddArgs{Stream: "s", Values: v}).Request, "s * a x b 1"},
		{XAdd(XAddArgs{Stream: "s", Values: *v}).Request, "s * a x b 1"},
		{VSetAttr("k", "e", map[string]int{"n": 1}).Request, `k e {"n":1}`},
		{VSetAttr("k", "e", struct{ N bool }{true}).Request, `k e {"N":true}`},
		{VSetAttr("k", "e", []byte(`{"n":2}`)).Request, `k e {"n":2}`},
	} {
		if got := strings.Join(wireWords(t, test.request), " "); got != test.want {
			t.Errorf("%s: got %s, want %s", test.request.Name(), got, test.want)
		}
	}
	m := MSet(v)
	if keys := slices.Collect(m.Keys()); !slices.Equal(keys, []string{"a", "b"}) {
		t.Errorf("MSET has the keys %q", keys)
	}
	long := HSet("k", pair{A: strings.Repeat("x", LongValue)})
	if !long.HasLong() {
		t.Error("a long field is no long value")
	}
	m2, err := Convert[pair](XMessage{Values: map[string]string{"a": "x", "b": "1"}}.Values) // an entry of a stream
	if err != nil || m2 != *v {
		t.Errorf("the entry is read as %v, %v", m2, err)
	}
}

// TestStructsAreCopied: what a command was given can change once it is built, but for the bytes of a []byte.
func TestStructsAreCopied(t *testing.T) {
	t.Parallel()
	v := struct {
		S string
		A [1]byte
		P *int
	}{"s", [1]byte{'a'}, new(int)}
	c := HSet("k", &v)
	v.S, v.A[0], *v.P = "t", 'b', 1
	if words := wireWords(t, c.Request); !slices.Equal(words, []string{"k", "S", "s", "A", "a", "P", "0"}) {
		t.Errorf("the command has become %q", words)
	}
}

// grow makes the stack so much larger that it moves.
func grow(n int) (sum int) {
	var room [1 << 10]byte
	for i := range room {
		room[i] = byte(n + i)
	}
	if n > 0 {
		sum = grow(n - 1)
	}
	return sum + int(room[n%len(room)])
}

// A restless value moves the stack of its caller while it writes itself.
type restless struct {
	text *string
	list []string
}

func (r restless) MarshalText() ([]byte, error) {
	grow(500)
	return []byte(*r.text + strings.Join(r.list, "")), nil
}

// TestStructsOnStacksThatMove: what a struct on a stack holds is found again after the stack has moved.
func TestStructsOnStacksThatMove(t *testing.T) {
	t.Parallel()
	done := make(chan []string)
	go func() { // on a new stack, which is small
		s, n := "text", 7
		list := [2]string{"a", "b"}
		c := HSet("k", struct {
			R restless
			P *int
		}{restless{&s, list[:]}, &n})
		done <- wireWords(t, c.Request)
	}()
	if words := <-done; !slices.Equal(words, []string{"k", "R", "textab", "P", "7"}) {
		t.Errorf("got %q", words)
	}
}

func TestStructsThatCannotBeSent(t *testing.T) {
	t.Parallel()
	type twice struct {
		A string `redis:"x"`
		B string `redis:"x"`
	}
	type inner struct {
		City string `redis:"city"`
	}
	type prefixedTwice struct {
		A string `redis:"home.city"`
		B inner  `redis:"home.,prefix"`
	}
	type list struct {
		First *node `redis:"first.,prefix"`
	}
	type onlyReads struct{ At unread }
	const sendable = "use a string, []byte, integer, float, bool, time.Time, time.Duration, a pointer to one of these, " +
		`or a type with a MarshalText method; the tag redis:"-" leaves the field out`
	for _, test := range []struct {
		v    any
		want string
	}{
		{twice{}, "struct redis.twice: field B: field A is named x too: give one of them another tag"},
		{prefixedTwice{}, "struct redis.prefixedTwice: field City: field A is named home.city too: give one of them another tag"},
		{struct{ Done chan int }{}, "struct struct { Done chan int }: field Done: a chan int cannot be sent: " + sendable},
		{struct{ L []string }{}, "struct struct { L []string }: field L: a []string cannot be sent: " + sendable},
		{struct{ Err error }{}, "struct struct { Err error }: field Err: an error cannot be sent: " + sendable},
		{&list{}, "struct redis.list: field Next: a redis.node cannot be sent in one field"},
		{selfish{}, "struct redis.selfish: field Self: its tag has the option prefix, but a redis.selfish is inside of itself: its fields would have no end"},
		{onlyReads{}, "struct redis.onlyReads: field At: a redis.unread cannot be sent: it reads itself, but has no MarshalText or MarshalBinary method"},
		{struct{ In inner }{}, "struct struct { In redis.inner }: field In: a redis.inner cannot be sent in one field: a tag as in redis:\"home.,prefix\""},
		{struct{ x int }{}, "struct struct { x int } has no exported field to send: export one"},
		{(*inner)(nil), "a nil *redis.inner has no fields to send"},
		{struct{ P *int }{new(int)}, "struct struct { P *int } is nothing but a pointer: give a pointer to the struct"},
		{struct {
			A int `redis:",omitempty"`
		}{}, "needs at least one field that is not empty"},
		{struct{ C color }{-1}, "struct struct { C redis.color }: field C: a redis.color cannot be sent: its marshaler refused it"},
		{struct{ V any }{[]int{}}, "struct struct { V interface {} }: field V: a value of type []int cannot be sent"},
		{struct{ T time.Time }{time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}, "struct struct { T time.Time }: field T: a time.Time outside of the years 0 to 9999 cannot be sent"},
		{nanoseconds{time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC)}, "struct redis.nanoseconds: field T: a time.Time outside of the years 1678 to 2261 cannot be sent in nanoseconds"},
		{netip.Addr{}, "1 arguments do not make pairs of a name and a value: the last one has none"}, // it is one text
		{time.Time{}, "1 arguments do not make pairs of a name and a value: the last one has none"},
	} {
		for _, r := range []Request{HSet("k", test.v).Request, HSetEX("k", test.v).Request} {
			if err := r.Err(); err == nil || !strings.HasPrefix(err.Error(), r.Name()+": "+test.want) {
				t.Errorf("%T:\ngot  %v\nwant %s: %s", test.v, err, r.Name(), test.want)
			}
		}
	}
	colorless, function := HSet("k", struct{ C color }{-1}), VSetAttr("k", "e", func() {})
	if err := colorless.Err(); !errors.Is(err, errNoColor) || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("%v: want the marshaler's error to be found, but not to be quoted", err)
	}
	if err := function.Err(); err == nil || err.Error() != "VSETATTR: a value of type func() has no form in JSON" {
		t.Errorf("VSETATTR of a func: %v", err)
	}
	only := struct{ P *int }{new(int)}
	if words := wireWords(t, HSet("k", &only).Request); !slices.Equal(words, []string{"k", "P", "0"}) {
		t.Errorf("by a pointer it is sent as %q", words)
	}
}

type (
	unread      string
	nanoseconds struct {
		T time.Time `redis:",unixnano"`
	}
	selfish struct {
		Self *selfish `redis:"self.,prefix"`
	}
)

func (*unread) UnmarshalText([]byte) error { return nil }

// TestTagsThatCannotWork: a tag that is wrong is wrong for reading and for writing, and says so before anything is sent.
func TestTagsThatCannotWork(t *testing.T) {
	t.Parallel()
	type inner struct{ X int }
	badTag[struct {
		A int `redis:",unix"`
	}](t, "field A: its tag counts it in unix, which is for a time.Time, and it is an int")
	badTag[struct {
		A *time.Time `redis:",seconds"`
	}](t, "field A: its tag counts it in seconds, which is for a time.Duration, and it is a *time.Time")
	badTag[struct {
		A time.Time `redis:",unix,unixmilli"`
	}](t, "field A: its tag counts it in unixmilli and in something else")
	badTag[struct {
		A inner `redis:",prefix"`
	}](t, `field A: its tag has the option prefix, but not what the names begin with`)
	badTag[struct {
		A inner `redis:"a.,prefix,omitempty"`
	}](t, "field A: its tag has both prefix and omitempty: give omitempty to the fields inside")
	badTag[struct {
		A map[string]int `redis:"a.,prefix"`
	}](t, "field A: its tag has the option prefix, which is for structs, and it is a map[string]int")
	badTag[struct {
		A string `redis:"a,string"`
	}](t, `field A: its tag has the option "string", which does not exist`)
}

func badTag[T any](t *testing.T, want string) {
	t.Helper()
	var v T
	want = fmt.Sprintf("struct %T: %s", v, want)
	for _, r := range []Request{HSet("k", v).Request, As[T](HGetAll("k")).Request} {
		if err := r.Err(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}
