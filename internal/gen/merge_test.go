package main

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/redistest"
)

func token(name, token, since string, servers ...string) *arg {
	return &arg{Name: name, Type: "pure-token", Token: token, Since: since, Servers: servers}
}

// TestMerge: what three servers say becomes one line, which tells what not all of them know.
func TestMerge(t *testing.T) {
	t.Parallel()
	old, later, other := "redis 7.0.0", "redis 8.0.0", "valkey 9.0.0"
	one := func(servers ...string) []*arg {
		return []*arg{{Name: "condition", Type: "oneof", Servers: servers, Args: []*arg{token("nx", "NX", "1.0.0", servers...)}}}
	}
	all := new(table)
	all.merge(old, []*command{
		{Name: "B", Group: "string", Since: "2.9.50", Arity: 2, Flags: []string{"fast"}, Args: one(old), Servers: []string{old}},
		{Name: "D", Group: "string", Since: "1.0.0", Servers: []string{old}},
	})
	all.merge(later, []*command{
		{Name: "A", Group: "hash", Since: "8.0.0", Servers: []string{later}},
		{Name: "B", Group: "string", Since: "3.0.0", Arity: -2, Flags: []string{"fast", "write"}, Deprecated: "8.0.0", Servers: []string{later},
			Args: append(one(later), token("get", "GET", "8.0.0", later))},
	})
	changed := one(other)
	changed[0].Flags = []string{"optional"}
	changed[0].Args = append([]*arg{token("first", "FIRST", "9.0.0", other)}, changed[0].Args...)
	all.merge(other, []*command{
		{Name: "A", Group: "hash", Valkey: "9.0.0", Keys: []int{1, 1, 1}, KeySpecs: []keySpec{{}}, Servers: []string{other}},
		{Name: "B", Group: "string", Valkey: "3.0.0", ValkeyDeprecated: "8.0.0", Arity: -2, Flags: []string{"fast"}, Args: changed, Servers: []string{other}},
		{Name: "C", Group: "string", Valkey: "9.0.0", Servers: []string{other}},
		{Name: "D", Group: "string", Valkey: "1.0.0", ValkeyDeprecated: "9.0.0", Servers: []string{other}},
	})
	all.settle()

	want := &table{Servers: []string{old, later, other}, Commands: []*command{
		{Name: "A", Group: "hash", Since: "8.0.0", Valkey: "9.0.0", Keys: []int{1, 1, 1}, KeySpecs: []keySpec{{}}, Servers: []string{later, other}},
		{Name: "B", Group: "string", Since: "3.0.0", Deprecated: "8.0.0", Arity: -2, Flags: []string{"fast", "write"}, Servers: []string{old, later, other},
			Args: []*arg{
				{Name: "condition", Type: "oneof", Flags: []string{"optional"}, Args: []*arg{
					{Name: "first", Type: "pure-token", Token: "FIRST", Since: "9.0.0", Servers: []string{other}},
					{Name: "nx", Type: "pure-token", Token: "NX", Since: "1.0.0"},
				}},
				{Name: "get", Type: "pure-token", Token: "GET", Since: "8.0.0", Servers: []string{later}},
			}},
		{Name: "C", Group: "string", Valkey: "9.0.0", Servers: []string{other}},
		{Name: "D", Group: "string", Since: "1.0.0", ValkeyDeprecated: "9.0.0", Servers: []string{old, other}},
	}}
	if !reflect.DeepEqual(all, want) {
		got, _ := all.encode()
		wanted, _ := want.encode()
		t.Errorf("merged into\n%s\nwant\n%s", got, wanted)
	}
}

// TestEncode: a table reads back as it was written.
func TestEncode(t *testing.T) {
	t.Parallel()
	all, err := readTable(module + "/" + tableFile)
	if err != nil {
		t.Fatal(err)
	}
	text, err := all.encode()
	if err != nil {
		t.Fatal(err)
	}
	again := new(table)
	if err := json.Unmarshal(text, again); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(all, again) {
		t.Error("the table differs after it was written and read")
	}
	if all.find("GET") == nil || all.find("NONE") != nil {
		t.Error("GET is not found, or NONE is")
	}
}

// TestAskServer: real servers say what the table says about them, if it was made from servers of their versions.
func TestAskServer(t *testing.T) {
	t.Parallel()
	all, err := readTable(module + "/" + tableFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, product := range redistest.Servers(t) {
		known, name := agrees(t, all, redistest.Binary(product.Binary))
		if len(known) < 200 || strings.Contains(name, "sentinel") {
			t.Errorf("%s has only %d commands", name, len(known))
		}
		if get := known["GET"]; get.Arity != 2 || !get.has("readonly") || !reflect.DeepEqual(get.Keys, []int{1, 1, 1}) || get.Args[0].Type != "key" {
			t.Errorf("%s says about GET: %+v", name, get)
		}
	}
}

// TestAskSentinel: of sentinels only the commands are taken that they alone have.
func TestAskSentinel(t *testing.T) {
	t.Parallel()
	all, err := readTable(module + "/" + tableFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, product := range redistest.Servers(t) {
		known, name := agrees(t, all, redistest.Binary(product.Binary), redistest.Sentinel())
		if !strings.HasSuffix(name, " sentinel") || known["PING"] != nil || known["SENTINEL MASTERS"] == nil || known["SENTINEL MASTERS"].Group != "sentinel" {
			t.Errorf("%s lists %v", name, sortedKeys(known))
		}
	}
}

// agrees starts a server, asks it for its commands and compares them to the table.
func agrees(t *testing.T, all *table, opts ...redistest.Option) (known map[string]*command, name string) {
	t.Helper()
	name, commands, err := askServer(redistest.Start(t, opts...).Addr())
	if err != nil {
		t.Fatal(err)
	}
	known = make(map[string]*command)
	for _, c := range commands {
		known[c.Name] = c
	}
	for _, c := range all.Commands {
		told, listed := known[c.Name] != nil, slices.Contains(c.Servers, name)
		if slices.Contains(all.Servers, name) && told != listed {
			t.Errorf("%s: the table says %v, %s itself says %v", c.Name, listed, name, told)
		}
	}
	return known, name
}

// TestReadingRefuses: answers that are not as documented are errors, not half a table.
func TestReadingRefuses(t *testing.T) {
	t.Parallel()
	for _, m := range []struct {
		rows, docs any
		want       string
	}{
		{"rows", map[string]any{}, "COMMAND is a string, not a []interface {}"},
		{[]any{}, []any{}, "COMMAND DOCS is a []interface {}, not a map[string]interface {}"},
		{[]any{[]any{"get"}}, map[string]any{}, "a row of COMMAND has 1 columns, not 10"},
		{[]any{[]any{"get", "two", nil, int64(0), int64(0), int64(0), nil, nil, []any{}, []any{}}}, map[string]any{"get": map[string]any{}},
			"an arity is a string, not a int64"},
		{[]any{[]any{"get", int64(2), nil, int64(0), int64(0), int64(0), nil, nil, []any{}, []any{}}}, map[string]any{},
			"the documentation of get is a <nil>, not a map[string]interface {}"},
	} {
		r := reading{server: "redis 1.0.0"}
		r.commands(m.rows, m.docs)
		if r.err == nil || r.err.Error() != m.want {
			t.Errorf("%v is reported as %v, want %s", m.rows, r.err, m.want)
		}
	}
}
