package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// module is the root of the module, seen from this folder.
const module = "../.."

// TestUpToDate: the generated files are what the table and the overrides say.
func TestUpToDate(t *testing.T) {
	t.Parallel()
	if err := checkFiles(module); err != nil {
		t.Error(err)
	}
}

// sample is a tree of its own with a small table and small overrides.
func sample(t *testing.T, overrides string) (root string) {
	t.Helper()
	root = t.TempDir()
	for path, text := range map[string]string{
		tableFile: `{"servers": ["redis 7.0.0", "valkey 9.0.0"], "commands": [
{"name":"BWAIT","group":"other","since":"1.0.0","arity":2,"flags":["blocking"],"args":[],"servers":["redis 7.0.0"]},
{"name":"GET","group":"sample","since":"1.0.0","arity":2,"flags":["readonly"],"keys":[1,1,1],"servers":["redis 7.0.0","valkey 9.0.0"]},
{"name":"SET MANY","group":"sample","since":"2.0.0","valkey":"8.0.0","deprecated":"6.0.0","arity":-3,"flags":["write"],"args":[
{"name":"nx","type":"pure-token","token":"NX","since":"2.0.0"},{"name":"get","type":"pure-token","token":"GET","since":"3.0.0"},
{"name":"t","type":"string","token":"TYPE","since":"9.0.0","servers":["valkey 9.0.0"]}],"servers":["redis 7.0.0","valkey 9.0.0"]}
]}`,
		modulesFile: `{"commands": [
{"name":"M.GET","group":"module","module":"RedisM","since":"2.0.0","deprecated":"3.0.0","flags":["readonly"],"keys":[1,1,1],"args":[
{"name":"now","type":"pure-token","token":"NOW","since":"2.6.0"},{"name":"ever","type":"pure-token","token":"EVER"}]}
]}`,
		folder + "/overrides/kinds": `
# a comment
param key string key keys
param any any value values
param int int64 int ints
param small int int -
param text string text texts
param ttl time.Duration ttl - EX PX
param timeout time.Duration timeout -
reply ok struct{} readOK
reply string string readString
reply z []Z readZs
stateful GET
noreply SET MANY
`,
		folder + "/overrides/sample.txt": overrides,
	} {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

const goodOverrides = `
GET
  Get(key) string; O(1)
    returns the string at key. See [SetMany].

SET MANY
  SetMany(source key, n int, db small, values ...any) ok; O(N)
    = source #values values [LIMIT n] db NX
    sets much.
  SetManyWithArgs(key, order ASC|DESC, replace bool, args SetManyArgs, more ...?text) z; O(N)
    method SetManyArgs
    = key order args args.again replace?REPLACE "" [more]
    sets more.

type SetManyArgs
    Mind the gap.
  NX flag NX | only new ones
  Type text TYPE | of a type
  Order enum ORDER ASC|DESC | the order
  Bare enum A|B | a word
  Offset,Count limit LIMIT | a part
  Get flag GET | the old one
  one NX Get
  TTL ttl | how long
  Keys !...key | the keys
  First !key | the first
  IDs ...int ID | ids
  Each ...text+ EACH | each
  Value none any | a value
  go c.value(a.Value)
`

// TestGenerate: from a small table to Go, with every form that overrides have.
func TestGenerate(t *testing.T) {
	t.Parallel()
	root := sample(t, strings.ReplaceAll(goodOverrides, "replace bool", "replace flag"))
	kindsFile := filepath.Join(root, folder, "overrides", "kinds")
	more, err := os.ReadFile(kindsFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(kindsFile, append(more, "param flag bool flag -\n"...), 0o644); err != nil {
		t.Fatal(err)
	}
	p, err := readPlan(root)
	if err != nil {
		t.Fatal(err)
	}
	files, err := p.generate()
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"redis/specs_gen.go":     wantSpecs,
		"redis/sample_gen.go":    wantConstructors,
		"commands_sample_gen.go": wantMethods,
	} {
		if got := string(files[path]); got != header+want {
			t.Errorf("%s is\n%s\nwant\n%s", path, got, header+want)
		}
	}
	if len(files) != 4 {
		t.Errorf("%d files are generated, want 4: %v", len(files), sortedKeys(files))
	}
}

const wantSpecs = `package redis

var (
	specBwait   = &Spec{Name: "BWAIT", Flags: Blocking, Since: "1.0.0"}
	specGet     = &Spec{Name: "GET", Flags: ReadOnly | Stateful, Since: "1.0.0", FirstKey: 1, LastKey: 1, KeyStep: 1}
	specMGet    = &Spec{Name: "M.GET", Flags: ReadOnly, Since: "2.0.0", FirstKey: 1, LastKey: 1, KeyStep: 1}
	specSetMany = &Spec{Name: "SET MANY", Flags: Write | NoReply, Since: "2.0.0"}
)

// specs are all commands in the order of their names.
var specs = [...]*Spec{
	specBwait,
	specGet,
	specMGet,
	specSetMany,
}
`

const wantConstructors = `package redis

import (
	"time"
)

// Get returns the string at key. See [SetMany]. Since Redis 1.0.0; O(1).
func Get(key string) (c Cmd[string]) {
	c.is(specGet, readString)
	c.key(key)
	return c
}

// SetMany sets much. Since Redis 2.0.0 and Valkey 8.0.0; O(N). Redis calls SET MANY deprecated since 6.0.0.
func SetMany(source string, n int64, db int, values ...any) (c Cmd[struct{}]) {
	c.is(specSetMany, readOK)
	c.key(source)
	c.int(int64(len(values)))
	c.atLeastOne(len(values), "value")
	c.values(values)
	if n != 0 {
		c.text("LIMIT")
		c.int(n)
	}
	c.int(int64(db))
	c.text("NX")
	return c
}

// SetManyWithArgs sets more. Since Redis 2.0.0 and Valkey 8.0.0; O(N). Redis calls SET MANY deprecated since 6.0.0.
func SetManyWithArgs(key, order string, replace bool, args SetManyArgs, more ...string) (c Cmd[[]Z]) {
	c.is(specSetMany, readZs)
	c.key(key)
	c.word(order, "ASC", "DESC")
	args.append(&c.Request)
	args.again(&c.Request)
	if replace {
		c.text("REPLACE")
	}
	c.text("")
	if len(more) > 0 {
		c.texts(more)
	}
	return c
}

// SetManyArgs are the options of [SetManyWithArgs]. The zero value adds none. Mind the gap.
type SetManyArgs struct {
	// only new ones
	NX bool
	// of a type; since Valkey 9.0.0
	Type string
	// the order
	Order string
	// a word
	Bare string
	// a part
	Offset, Count int64
	// the old one; since Redis 3.0.0
	Get bool
	// how long
	TTL time.Duration
	// the keys
	Keys []string
	// the first
	First string
	// ids
	IDs []int64
	// each
	Each []string
	// a value
	Value any
}

func (a *SetManyArgs) append(c *Request) {
	if a.NX {
		c.text("NX")
	}
	if a.Type != "" {
		c.text("TYPE")
		c.text(a.Type)
	}
	if a.Order != "" {
		c.text("ORDER")
		c.word(a.Order, "ASC", "DESC")
	}
	if a.Bare != "" {
		c.word(a.Bare, "A", "B")
	}
	if a.Offset != 0 || a.Count != 0 {
		c.text("LIMIT")
		c.int(a.Offset)
		c.int(orAll(a.Count))
	}
	if a.Get {
		c.text("GET")
	}
	c.onlyOne("NX or Get", a.NX, a.Get)
	if a.TTL != 0 {
		c.ttl(a.TTL)
	}
	c.int(int64(len(a.Keys)))
	c.atLeastOne(len(a.Keys), "key")
	c.keys(a.Keys)
	c.key(a.First)
	if len(a.IDs) > 0 {
		c.text("ID")
		c.ints(a.IDs)
	}
	for _, v := range a.Each {
		c.text("EACH")
		c.text(v)
	}
	c.value(a.Value)
}
`

const wantMethods = `package fairlead

import (
	"context"

	"github.com/fairlead-go/fairlead/redis"
)

// Get returns the string at key. See [Commands.SetMany]. Since Redis 1.0.0; O(1).
func (c Commands) Get(ctx context.Context, key string) (string, error) {
	return Do(ctx, c, redis.Get(key))
}

// SetMany sets much. Since Redis 2.0.0 and Valkey 8.0.0; O(N). Redis calls SET MANY deprecated since 6.0.0.
func (c Commands) SetMany(ctx context.Context, source string, n int64, db int, values ...any) error {
	return run(ctx, c, redis.SetMany(source, n, db, values...))
}

// SetManyArgs sets more. Since Redis 2.0.0 and Valkey 8.0.0; O(N). Redis calls SET MANY deprecated since 6.0.0.
func (c Commands) SetManyArgs(ctx context.Context, key, order string, replace bool, args redis.SetManyArgs, more ...string) ([]redis.Z, error) {
	return Do(ctx, c, redis.SetManyWithArgs(key, order, replace, args, more...))
}
`

// TestSinceOfModules: a file of overrides says since when there are commands of which no server says it.
func TestSinceOfModules(t *testing.T) {
	t.Parallel()
	root := sample(t, "since 8.0.0\nGET\n  Get(key) string; O(1)\n    returns it in no time.\nskip SET MANY: a test needs no more\n")
	text, err := os.ReadFile(filepath.Join(root, tableFile))
	if err != nil {
		t.Fatal(err)
	}
	text = []byte(strings.Replace(string(text), `"since":"1.0.0","arity":2,"flags":["readonly"]`, `"arity":2,"flags":["readonly"]`, 1))
	if err := os.WriteFile(filepath.Join(root, tableFile), text, 0o644); err != nil {
		t.Fatal(err)
	}
	p, err := readPlan(root)
	if err != nil {
		t.Fatal(err)
	}
	files, err := p.generate()
	if err != nil {
		t.Fatal(err)
	}
	if got := string(files["redis/sample_gen.go"]); !strings.Contains(got, "in no time. Since Redis 8.0.0; O(1).") || strings.Contains(got, "import") {
		t.Errorf("the constructors are\n%s", got)
	}
	if got := string(files["redis/specs_gen.go"]); !strings.Contains(got, `Name: "GET", Flags: ReadOnly | Stateful, Since: "8.0.0"`) || !strings.Contains(got, `Since: "2.0.0"`) {
		t.Errorf("the specs are\n%s", got)
	}
}

// TestMistakes: what is wrong in overrides is a sentence that says where.
func TestMistakes(t *testing.T) {
	t.Parallel()
	const get = "GET\n  Get(key) string; O(1)\n    returns it.\n"
	const many = "SET MANY\n  SetMany(key, x NX|GET|TYPE) ok; O(1)\n    sets it.\n"
	for _, m := range []struct{ overrides, want string }{
		{get, "overrides/sample.txt forgets SET MANY"},
		{get + many + "NONE\n  None() ok; O(1)\n", "sample.txt:7: no server in the table knows NONE"},
		{get + many + "BWAIT\n  BWait() ok; O(1)\n", "sample.txt:7: BWAIT belongs to the group other"},
		{get + many + get, "sample.txt:7: GET is here twice"},
		{get + "SET MANY\n", "sample.txt:4: SET MANY has neither a constructor nor a reason to skip it"},
		{get + "SET MANY\n  SetMany(key, x NX|GET) ok; O(1)\n", "sample.txt:4: no constructor of SET MANY can send TYPE"},
		{get + "skip SET MANY\n", `sample.txt:4: write "skip COMMAND: reason"`},
		{"GET\n  Get key\n", `sample.txt:2: write "Name(param kind, …) reply; complexity" below a command`},
		{"  Get(key) string; O(1)\n", `sample.txt:1: write "Name(param kind, …) reply; complexity" below a command`},
		{"GET\n    returns it.\n", "sample.txt:2: this belongs below a constructor"},
		{"GET\n   Get(key) string; O(1)\n", "sample.txt:2: indented by 3 spaces, not by 0, 2 or 4"},
		{many + "GET\n  Get(key) strange; O(1)\n", "sample.txt:5: Get: there is no reply strange in overrides/kinds"},
		{many + "GET\n  Get(key strange) string; O(1)\n", "sample.txt:5: Get: there is no kind strange in overrides/kinds"},
		{many + "GET\n  Get(key) string; O(1)\n    = X\n", "sample.txt:5: Get does not send its parameter key"},
		{many + "GET\n  Get(key) string; O(1)\n    = key other\n", "sample.txt:5: Get has no parameter other"},
		{many + "GET\n  Get(key) string; O(1)\n    = [X key\n", "sample.txt:5: Get: [ without ]"},
		{many + "GET\n  Get(key) string; O(1)\n    = [X other]\n", "sample.txt:5: Get has no parameter other"},
		{many + "GET\n  Get(key) string; O(1)\n    = other.method\n", "sample.txt:5: Get has no parameter other"},
		{many + "GET\n  Get(key) string; O(1)\n    = key.method\n", "sample.txt:5: Get: key is no struct of options"},
		{get + many + "type XArgs\n  X\n", `sample.txt:8: write "Name kind [TOKEN…] | documentation"`},
		{get + many + "type XArgs\n  X strange X | doc\n", "sample.txt:8: there is no kind strange in overrides/kinds"},
		{get + many + "type XArgs\n  X flag X | doc\n  one X Y\n", "sample.txt:9: XArgs has no field Y"},
	} {
		p, err := readPlan(sample(t, m.overrides))
		if err == nil {
			_, err = p.generate()
		}
		if err == nil || err.Error() != m.want {
			t.Errorf("%s\nis reported as %v\nwant           %s", m.overrides, err, m.want)
		}
	}
}

// TestBlockingNeedsTimeout: a command that the servers say blocks cannot be delivered without its timeout.
func TestBlockingNeedsTimeout(t *testing.T) {
	t.Parallel()
	for maker, want := range map[string]string{
		"BWait(n int)":           "other.txt:2: BWAIT blocks, so BWait needs a parameter of a timeout kind",
		"BWait(timeout timeout)": "",
	} {
		root := sample(t, goodOverrides)
		if err := os.Remove(filepath.Join(root, folder, "overrides", "sample.txt")); err != nil {
			t.Fatal(err)
		}
		text := "BWAIT\n  " + maker + " ok; O(1)\n    waits.\n"
		if err := os.WriteFile(filepath.Join(root, folder, "overrides", "other.txt"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		p, err := readPlan(root)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if _, err := p.generate(); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s is reported as %q, want %q", maker, got, want)
		}
	}
}
