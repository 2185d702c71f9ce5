package redis

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// A variation says why a command's value is not the same twice, and makes even what may differ.
type variation struct {
	reason string
	even   func(any) any
}

// variations are the commands of the live tests whose values differ from one run to the next, for a reason that is not the protocol.
// The tests themselves look at what is made even here.
var variations = make(map[string]variation)

func vary(reason string, even func(any) any, commands ...string) {
	for _, command := range commands {
		variations[command] = variation{reason, even}
	}
}

func init() {
	vary("the clock", clock, "EXPIRETIME", "PEXPIRETIME", "TTL", "PTTL", "HEXPIRETIME", "HPEXPIRETIME", "HTTL", "HPTTL", "OBJECT IDLETIME",
		"TIME", "LASTSAVE", "XPENDING", "XINFO CONSUMERS", "XINFO STREAM", "FUNCTION STATS", "CLUSTER GETSLOTMIGRATIONS")
	vary("an id has the time in it", func(v any) any { return milliseconds.ReplaceAllString(v.(string), "now") }, "XADD")
	vary("chance", shape, "HRANDFIELD", "ZRANDMEMBER", "SRANDMEMBER", "RANDOMKEY", "ACL GENPASS", "VRANDMEMBER", "CLUSTER GETKEYSINSLOT", "VINFO", "PSYNC")
	vary("chance decides in how many layers an element is", kind, "VLINKS")
	vary("the server keeps them in no order", sortedList, "ACL CAT", "SPOP", "COMMAND LIST", "SMEMBERS", "KEYS")
	vary("the server keeps subcommands and functions in no order", func(v any) any { return sortedInside(v) }, "COMMAND", "COMMAND INFO", "FUNCTION LIST")
	vary("a page that is not the last ends anywhere", func(v any) any {
		if p, ok := v.(Page[string]); ok && p.Cursor != 0 {
			return "a cursor"
		}
		return v
	}, "SCAN")
	vary("addresses, ids, and what the server counts or measures", shape, "CLIENT INFO", "CLIENT LIST", "CLIENT ID", "HELLO", "ACL LOG",
		"SLOWLOG GET", "COMMANDLOG GET", "INFO", "MEMORY STATS", "MEMORY USAGE", "SLOWLOG LEN", "COMMANDLOG LEN",
		"LATENCY HISTORY", "LATENCY RESET")
	vary("what the server measures decides which events and how many sentences there are", kind,
		"LATENCY LATEST", "LATENCY DOCTOR", "LATENCY GRAPH", "LATENCY HISTOGRAM", "MEMORY MALLOC-STATS", "MEMORY DOCTOR", "LOLWUT")
	vary("nodes have ids, ports and times of their own, and come in any order", sortedShapes,
		"CLUSTER MYID", "CLUSTER MYSHARDID", "CLUSTER NODES", "CLUSTER REPLICAS", "CLUSTER SLAVES", "CLUSTER LINKS", "CLUSTER SLOTS", "CLUSTER SLOT-STATS",
		"CLUSTER GETSLOTMIGRATIONS", "CLUSTERSCAN", "CLUSTER BUMPEPOCH")
	vary("nodes have ids, ports and times of their own, and gossip takes its time", kind, "CLUSTER INFO", "CLUSTER SHARDS")
	vary("replicas come when they come", func(v any) any { return v.(RoleInfo).Role }, "ROLE")
	vary("servers have ids, ports and times of their own", shape, "SENTINEL MASTER", "SENTINEL PRIMARY", "SENTINEL MASTERS", "SENTINEL PRIMARIES",
		"SENTINEL GET-MASTER-ADDR-BY-NAME", "SENTINEL GET-PRIMARY-ADDR-BY-NAME", "SENTINEL INFO-CACHE", "SENTINEL MYID", "SENTINEL REPLICAS",
		"SENTINEL SLAVES", "SENTINEL SENTINELS")
}

// TestVariationsAreCommands: a name that is misspelt would make nothing even.
func TestVariationsAreCommands(t *testing.T) {
	t.Parallel()
	for name := range variations {
		if lookup(name) == nil {
			t.Errorf("variations have %s, which no server in the table knows", name)
		}
	}
}

var (
	digits       = regexp.MustCompile(`[0-9]+`)
	hashes       = regexp.MustCompile(`[0-9a-f]{40}`)
	milliseconds = regexp.MustCompile(`\b[0-9]{13}\b`)
)

// withoutNumbers keeps the words of a sentence: addresses, ids and times in it differ.
func withoutNumbers(s string) string {
	return digits.ReplaceAllString(hashes.ReplaceAllString(s, "id"), "0")
}

// kind keeps the type alone.
func kind(v any) any { return fmt.Sprintf("%T", v) }

// clock keeps all but times and durations; of these, whether they are zero or negative.
func clock(v any) any { return evened(reflect.ValueOf(v), false) }

// shape keeps types, fields, keys of maps, lengths of lists, which strings are empty and which numbers are negative.
func shape(v any) any { return evened(reflect.ValueOf(v), true) }

func evened(v reflect.Value, texts bool) any {
	if !v.IsValid() {
		return nil
	}
	switch x := v.Interface().(type) {
	case time.Time:
		return fmt.Sprintf("a time, zero %t", x.IsZero())
	case time.Duration:
		return fmt.Sprintf("a duration, negative %t", x < 0)
	}
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		list := []any{v.Type().String()}
		for i := range v.Len() {
			list = append(list, evened(v.Index(i), texts))
		}
		return list
	case reflect.Map:
		values := make(map[string]any)
		for key, value := range v.Seq2() {
			values[fmt.Sprint(key)] = evened(value, texts)
		}
		return values
	case reflect.Struct:
		fields := make(map[string]any)
		for i := range v.NumField() {
			// Flags and Fields of a client or a node hold as many words as its state has
			if f := v.Type().Field(i); f.IsExported() && (!texts || f.Name != "Flags" && f.Name != "Fields") {
				fields[f.Name] = evened(v.Field(i), texts)
			}
		}
		return fields
	case reflect.Interface, reflect.Pointer:
		return evened(v.Elem(), texts)
	}
	if !texts {
		return v.Interface()
	}
	switch {
	case v.Kind() == reflect.String:
		return fmt.Sprintf("%s, empty %t", v.Type(), v.Len() == 0)
	case v.CanInt():
		return fmt.Sprintf("%s, negative %t", v.Type(), v.Int() < 0)
	case v.CanFloat():
		return fmt.Sprintf("%s, negative %t", v.Type(), v.Float() < 0)
	}
	return v.Type().String()
}

// sortedList puts the elements of a list in an order of their own.
func sortedList(v any) any {
	list := reflect.ValueOf(v)
	if list.Kind() != reflect.Slice {
		return v
	}
	texts := make([]string, list.Len())
	for i := range texts {
		texts[i] = fmt.Sprintf("%+v", list.Index(i))
	}
	slices.Sort(texts)
	return texts
}

// sortedShapes is shape of what comes in no order.
func sortedShapes(v any) any {
	list := reflect.ValueOf(v)
	if list.Kind() != reflect.Slice {
		return shape(v)
	}
	shapes := make([]any, list.Len())
	for i := range shapes {
		shapes[i] = shape(list.Index(i).Interface())
	}
	return sortedList(shapes)
}

// sortedInside sorts what lists of the values hold inside.
func sortedInside(v any) any {
	switch v := v.(type) {
	case map[string]CommandDetails:
		sorted := maps.Clone(v)
		for name, details := range v {
			details.Subcommands = slices.Clone(details.Subcommands)
			slices.SortFunc(details.Subcommands, func(a, b CommandDetails) int { return strings.Compare(a.Name, b.Name) })
			sorted[name] = details
		}
		return sorted
	case []FunctionLibrary:
		sorted := slices.Clone(v)
		for i := range sorted {
			sorted[i].Functions = slices.Clone(sorted[i].Functions)
			for j, f := range sorted[i].Functions {
				sorted[i].Functions[j].Flags = slices.Sorted(slices.Values(f.Flags))
			}
			slices.SortFunc(sorted[i].Functions, func(a, b FunctionDetails) int { return strings.Compare(a.Name, b.Name) })
		}
		return sorted
	}
	return v
}
