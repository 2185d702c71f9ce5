package fairlead_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

const exampleSource = `package redis

import "context"

type Mode int

const (
	// Shared is the first.
	Shared Mode = iota + 1
	Exclusive
	hidden
	_
	Last
)

const Limit, slots = 512 << 20, 16384

var (
	Nil       error = errNil
	ErrClosed       = errors.New("this text is free to change")
	Default         = &Options{DB: 1}
	quiet           = 1
)

// Cmd is generic.
type Cmd[T any] struct {
	Request // embedded
	*base
	Read    func(p []byte) (T, error) // how
	Limits  struct {
		// Bulk has a comment.
		Bulk int
	}
	Name, Other string ` + "`json:\"name\"`" + `
	private int
}

type base struct { Age int; inner int }

func (b *base) Touch() {}
func (b *base) touch() {}

type private struct { Field int }

func (p private) Method() {}

type Error = resp.Error

type RoundTripper interface {
	Do(ctx context.Context,
		c Cmd[int]) error
	closed()
	error
}

type Reply interface { string | []string }

func (c Cmd[T]) Copy(
	dst []byte, // where to
) Cmd[T] { return c }
func New[T any](name string, args ...any) Cmd[T] { type Local struct{ X int }; return Cmd[T]{} }
func help() {}
`

// TestAPISurface shows what a line looks like for each kind of name, and which names have none.
func TestAPISurface(t *testing.T) {
	t.Parallel()
	tree := fstest.MapFS{
		"redis/cmd.go":        {Data: []byte(exampleSource)},
		"redis/sock_linux.go": {Data: []byte("package redis; func Both() {}")},
		"redis/sock_other.go": {Data: []byte("package redis; func Both() {}")}, // on other systems; still one name
		"redis/cmd_test.go":   {Data: []byte("package redis; func InTest() {}")},
	}
	want := []string{
		"redis: const Exclusive Mode = 1 + 1",
		"redis: const Last Mode = 4 + 1",
		"redis: const Limit = 512 << 20",
		"redis: const Shared Mode = 0 + 1",
		"redis: func (*base) Touch()", // Cmd embeds base, so Cmd has it
		"redis: func (Cmd[T]) Copy(dst []byte) Cmd[T]",
		"redis: func Both()",
		"redis: func New[T any](name string, args ...any) Cmd[T]",
		"redis: type Cmd struct, Limits struct{ Bulk int }",
		"redis: type Cmd struct, Name string `json:\"name\"`",
		"redis: type Cmd struct, Other string `json:\"name\"`",
		"redis: type Cmd struct, Read func(p []byte) (T, error)",
		"redis: type Cmd struct, embeds Request",
		"redis: type Cmd[T any] struct",
		"redis: type Error = resp.Error",
		"redis: type Mode int",
		"redis: type Reply interface",
		"redis: type Reply interface, string | []string",
		"redis: type RoundTripper interface",
		"redis: type RoundTripper interface, Do(ctx context.Context, c Cmd[int]) error",
		"redis: type RoundTripper interface, error",
		"redis: type RoundTripper interface, unexported methods",
		"redis: type base struct, Age int",
		"redis: var Default = &Options{…}",
		"redis: var ErrClosed = errors.New(…)",
		"redis: var Nil error",
	}
	got, err := surface(tree, "redis")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got, where it differs from what is wanted:\n%s", difference(want, got))
	}
}

// TestAPIAbsentPackage: a package that does not exist exports nothing.
func TestAPIAbsentPackage(t *testing.T) {
	t.Parallel()
	if got, err := surface(fstest.MapFS{}, "inspect"); len(got) > 0 || err != nil {
		t.Errorf("surface of an absent package = %q, %v", got, err)
	}
}

// TestAPIDifference: every change of the surface shows, a removal as well as an addition.
func TestAPIDifference(t *testing.T) {
	t.Parallel()
	before := strings.Split("func A()|func B() int|func C()", "|")
	after := strings.Split("func B() error|func C()|func D()", "|")
	want := "- func A()\n+ func B() error\n- func B() int\n+ func D()\n"
	if got := difference(before, after); got != want {
		t.Errorf("difference =\n%swant\n%s", got, want)
	}
	if got := difference(after, after); got != "" {
		t.Errorf("difference between equal surfaces = %q, want none", got)
	}
}
