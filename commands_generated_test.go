package fairlead

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
)

// A recorder is a RoundTripper that keeps the last call's name and words and answers none.
type recorder struct {
	name  string
	words []string
	err   error // why the command could not have been sent
}

var errRecorded = errors.New("recorded, not sent")

func (r *recorder) RoundTrip(_ context.Context, call *conn.Call) error {
	r.name, r.words, r.err = call.Request.Name(), nil, call.Request.Err()
	for word := range call.Request.Args() {
		r.words = append(r.words, word)
	}
	return errRecorded
}

// TestGeneratedMethods calls each method of Commands: it sends a command that has the method's name, with every argument it
// was given, and returns the error of whoever was to run it.
func TestGeneratedMethods(t *testing.T) {
	t.Parallel()
	rec := new(recorder)
	commands := reflect.ValueOf(Commands{v: &view{next: rec}})
	names := generatedMethods(t)
	if len(names) < 300 {
		t.Errorf("only %d methods are generated", len(names))
	}
	for _, name := range names {
		method := commands.MethodByName(name)
		args, given := samples(method.Type())
		results := method.Call(args)
		if err := results[len(results)-1].Interface(); err != errRecorded {
			t.Errorf("%s returns the error %v, not that of its RoundTripper", name, err)
		}
		command := strings.NewReplacer(" ", "", "-", "", "_", "", ".", "").Replace(rec.name)
		if !strings.HasPrefix(strings.ToUpper(strings.ReplaceAll(name, "_", "")), command) && otherNames[name] != rec.name {
			t.Errorf("%s sends %s", name, rec.name)
		}
		for _, want := range given {
			if rec.err == nil && !slices.Contains(rec.words, want) {
				t.Errorf("%s got %q, but sends %s %q", name, given, rec.name, rec.words)
			}
		}
	}
}

// otherNames are the methods that are not named after their commands.
var otherNames = map[string]string{"VClearAttributes": "VSETATTR"}

func generatedMethods(t *testing.T) (names []string) {
	t.Helper()
	paths, err := filepath.Glob("commands_*_gen.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			if method, ok := decl.(*ast.FuncDecl); ok {
				names = append(names, method.Name.Name)
			}
		}
	}
	return names
}

// samples returns arguments for a method, and which words of them it must send.
func samples(method reflect.Type) (args []reflect.Value, words []string) {
	args = []reflect.Value{reflect.ValueOf(context.Background())}
	for i := 1; i < method.NumIn(); i++ {
		in := method.In(i)
		if variadic := method.IsVariadic() && i == method.NumIn()-1; in.Kind() == reflect.Slice && !variadic { // keys, or a list of options
			list := reflect.MakeSlice(in, 1, 1)
			if in.Elem().Kind() != reflect.Struct {
				list.Index(0).Set(reflect.ValueOf(fmt.Sprintf("word%d", i)))
				words = append(words, fmt.Sprintf("word%d", i))
			}
			args = append(args, list)
			continue
		}
		if in.Kind() == reflect.Slice {
			if in = in.Elem(); in.Kind() == reflect.Interface { // perhaps pairs
				args = append(args, reflect.ValueOf("name"))
			}
		}
		arg := reflect.New(in).Elem()
		word := fmt.Sprintf("word%d", i)
		switch {
		case in == reflect.TypeFor[time.Time]():
			arg.Set(reflect.ValueOf(time.Unix(int64(i), 0)))
			word = fmt.Sprint(i)
		case in == reflect.TypeFor[time.Duration]():
			arg.SetInt(int64(time.Duration(i) * time.Second))
			word = ""
		case in.Kind() == reflect.String:
			arg.SetString(word)
		case in.Kind() == reflect.Interface && in.NumMethod() == 0:
			arg.Set(reflect.ValueOf(word))
		case arg.CanInt():
			arg.SetInt(int64(100 + i))
			word = fmt.Sprint(100 + i)
		case arg.CanUint():
			arg.SetUint(uint64(100 + i))
			word = fmt.Sprint(100 + i)
		default: // options, flags, members
			word = ""
		}
		args = append(args, arg)
		if word != "" && in != reflect.TypeFor[time.Time]() {
			words = append(words, word)
		}
	}
	return args, words
}
