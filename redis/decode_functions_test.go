package redis

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// TestReadScriptReplies: what a script returned is the reply as it came; As and Convert make the same of it.
func TestReadScriptReplies(t *testing.T) {
	t.Parallel()
	for _, wire := range []string{"$-1\r\n", "*-1\r\n", "_\r\n"} {
		r, err := readWire(t, Eval("return nil", nil), wire)
		if err != nil || !r.IsNull() {
			t.Errorf("%q is read as %v, %v; want a null and no error", wire, r.Value(), err)
		}
		if n, err := Convert[int](r); err != Nil {
			t.Errorf("%q as an int: %d, %v; want Nil", wire, n, err)
		}
		if p, err := Convert[*int](r); p != nil || err != nil {
			t.Errorf("%q as a pointer: %v, %v; want nil", wire, p, err)
		}
		bothNil(t, As[int](EvalSha("e0", nil)))
	}
	if _, err := readWire(t, FCall("f", nil), "-MINE says it\r\n"); err == nil || err.Error() != "MINE says it" {
		t.Errorf("an error is read as %v", err)
	}
	for _, wire := range []string{"*4\r\n$4\r\nname\r\n$3\r\nAda\r\n$3\r\nage\r\n:36\r\n", "%2\r\n$4\r\nname\r\n$3\r\nAda\r\n$3\r\nage\r\n:36\r\n"} {
		r, err := readWire(t, EvalRO("", nil), wire)
		if err != nil {
			t.Fatal(err)
		}
		if u, err := Convert[user](r); err != nil || !reflect.DeepEqual(u, user{Name: "Ada", Age: 36}) {
			t.Errorf("%q as a struct: %+v, %v", wire, u, err)
		}
		if l, err := Convert[[]string](r); err != nil || len(l) != 4 || l[3] != "36" {
			t.Errorf("%q as a list: %q, %v", wire, l, err)
		}
	}
	r, err := readWire(t, Eval("", nil), "*2\r\n:1\r\n-ERR inside\r\n")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Convert[[]int](r); err == nil || err.Error() != "element 1 (from 0): ERR inside" {
		t.Errorf("an error inside of a list: %v", err)
	}
	var mismatch *resp.TypeError
	if _, err := Convert[int](r); !errors.As(err, &mismatch) || mismatch.Got != resp.Array {
		t.Errorf("a list as an int: %v", err)
	}
	if _, err := Convert[int](resp.Reply{}); !errors.As(err, &mismatch) {
		t.Errorf("no reply as an int: %v", err)
	}
}

func TestReadFunctions(t *testing.T) {
	t.Parallel()
	function := []string{bulk("name"), bulk("f"), bulk("description"), bulk("does it"), bulk("flags")}
	plain := []string{bulk("name"), bulk("g"), bulk("description")}
	rest := []string{bulk("later"), bulk("x")} // of a later server
	two := arrayOf(arrayOf(append(function, arrayOf("+no-writes\r\n"))...), arrayOf(append(plain, "$-1\r\n", bulk("flags"), arrayOf())...))
	three := arrayOf(mapOf(append(function, "~1\r\n+no-writes\r\n")...), mapOf(append(plain, "_\r\n", bulk("flags"), "~0\r\n")...))
	library := func(functions string) []string {
		return append([]string{bulk("library_name"), bulk("lib"), bulk("engine"), bulk("LUA"), bulk("functions"), functions,
			bulk("library_code"), bulk("#!lua")}, rest...)
	}
	want := []FunctionLibrary{{Name: "lib", Engine: "LUA", Code: "#!lua", Functions: []FunctionDetails{
		{Name: "f", Description: "does it", Flags: []string{"no-writes"}}, {Name: "g", Flags: []string{}},
	}}}
	bothRead(t, FunctionList(FunctionListArgs{}), arrayOf(arrayOf(library(two)...)), arrayOf(mapOf(library(three)...)), want)
	bothRead(t, FunctionList(FunctionListArgs{}), "*0\r\n", "*0\r\n", []FunctionLibrary{})
	readsNot(t, FunctionList(FunctionListArgs{}), number(1), arrayOf(bulk("lib")), arrayOf(arrayOf(bulk("library_name"))),
		arrayOf(arrayOf(bulk("library_name"), arrayOf())), arrayOf(arrayOf(bulk("functions"), bulk("f"))),
		arrayOf(arrayOf(bulk("functions"), arrayOf(arrayOf(bulk("flags"), bulk("no-writes"))))))
}

func TestReadFunctionStats(t *testing.T) {
	t.Parallel()
	stats := func(running string, of func(...string) string) string {
		return of(bulk("running_script"), running, bulk("engines"),
			of(bulk("LUA"), of(bulk("libraries_count"), number(1), bulk("functions_count"), number(3))))
	}
	engines := map[string]FunctionEngine{"LUA": {Libraries: 1, Functions: 3}}
	bothRead(t, FunctionStats(), stats("*-1\r\n", arrayOf), stats("_\r\n", mapOf), FunctionStatsInfo{Engines: engines})
	running := []string{bulk("name"), bulk("f"), bulk("command"), arrayOf(bulk("FCALL"), bulk("f"), bulk("0")), bulk("duration_ms"), number(306)}
	bothRead(t, FunctionStats(), stats(arrayOf(running...), arrayOf), stats(mapOf(running...), mapOf), FunctionStatsInfo{
		Running: Optional[RunningFunction]{RunningFunction{"f", []string{"FCALL", "f", "0"}, 306 * time.Millisecond}, true}, Engines: engines,
	})
	readsNot(t, FunctionStats(), number(1), stats(number(1), arrayOf), stats(arrayOf(bulk("duration_ms"), bulk("long")), arrayOf),
		arrayOf(bulk("engines"), number(1)), arrayOf(bulk("engines"), arrayOf(bulk("LUA"), number(1))),
		arrayOf(bulk("engines"), arrayOf(bulk("LUA"), arrayOf(bulk("functions_count"), bulk("many")))))

	asMap(t, PubSubNumSub("a", "b"), map[string]int64{"a": 1, "b": 0}, bulk("a"), number(1), bulk("b"), number(0))
	asMap(t, PubSubShardNumSub(), map[string]int64{})
	readsNot(t, PubSubNumSub("a"), number(1), arrayOf(bulk("a")), arrayOf(bulk("a"), bulk("one")), arrayOf(arrayOf(), number(1)))
}
