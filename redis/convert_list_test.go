package redis

import (
	"testing"

	"github.com/fairlead-go/fairlead/resp"
)

func TestConvertLists(t *testing.T) {
	t.Parallel()
	type tree []tree
	type names []string
	reads(t, "*2\r\n+a\r\n$1\r\nb\r\n", []string{"a", "b"})
	reads(t, "~2\r\n+a\r\n+b\r\n", []string{"a", "b"})
	reads(t, "*4\r\n+a\r\n:1\r\n+b\r\n:2\r\n", []string{"a", "1", "b", "2"})
	reads(t, "%2\r\n+a\r\n:1\r\n+b\r\n:2\r\n", []string{"a", "1", "b", "2"}) // HGETALL under RESP3: as under RESP2
	reads(t, "*0\r\n", []string{})
	reads(t, "*1\r\n+a\r\n", names{"a"})
	reads(t, "*2\r\n:1\r\n$1\r\n2\r\n", []int8{1, 2})
	reads(t, "*2\r\n*1\r\n:1\r\n*0\r\n", [][]int{{1}, {}})
	reads(t, "*1\r\n$1\r\na\r\n", [][]byte{{'a'}})
	reads(t, "*2\r\n*0\r\n*1\r\n*0\r\n", tree{{}, {{}}}) // a type that holds itself
	reads(t, "*2\r\n:1\r\n:2\r\n", [2]int{1, 2})
	reads(t, "*0\r\n", [0]int{})
	reads(t, "*1\r\n*1\r\n+a\r\n", &[][]string{{"a"}})
	refuses[[]string](t, "$1\r\na\r\n", "", "a []string", resp.BulkString)
	refuses[[]int](t, "*2\r\n:1\r\n$6\r\nsecret\r\n", "element 1 (from 0): ", "an int: it is no decimal integer", resp.BulkString)
	refuses[[]int](t, "*1\r\n*0\r\n", "element 0 (from 0): ", "an int", resp.Array)
	refuses[[][]int8](t, "*1\r\n*2\r\n:1\r\n:300\r\n", "element 0 (from 0): element 1 (from 0): ",
		"an int8: the number overflows it", resp.Integer)
	refuses[[2]int](t, "*1\r\n:1\r\n", "", "a [2]int: it has another number of elements", resp.Array)
	refuses[[2]int](t, ":1\r\n", "", "a [2]int", resp.Integer)
	refuses[[1]int8](t, "*1\r\n:300\r\n", "element 0 (from 0): ", "an int8: the number overflows it", resp.Integer)
	refuses[*[]int](t, "*1\r\n+a\r\n", "element 0 (from 0): ", "an int: it is no decimal integer", resp.SimpleString)
}

func TestConvertMaps(t *testing.T) {
	t.Parallel()
	type id uint16
	ab := map[string]int{"a": 1, "b": 2}
	reads(t, "%2\r\n+a\r\n:1\r\n+b\r\n:2\r\n", ab)
	reads(t, "*4\r\n+a\r\n$1\r\n1\r\n+b\r\n$1\r\n2\r\n", ab)
	reads(t, "*2\r\n*2\r\n+a\r\n,1\r\n*2\r\n+b\r\n,2\r\n", ab) // ZRANGE WITHSCORES under RESP3
	reads(t, "*0\r\n", map[string]int{})
	reads(t, "%0\r\n", map[string]int{})
	reads(t, "*2\r\n$1\r\n7\r\n+x\r\n", map[int]string{7: "x"})
	reads(t, "*2\r\n:7\r\n+x\r\n", map[id]string{7: "x"})
	reads(t, "*2\r\n$4\r\nhigh\r\n+x\r\n", map[level]string{3: "x"})
	reads(t, "%1\r\n+a\r\n*2\r\n:1\r\n:2\r\n", map[string][]int{"a": {1, 2}})
	reads(t, "%1\r\n+a\r\n%1\r\n+b\r\n:1\r\n", map[string]map[string]int{"a": {"b": 1}})
	reads(t, "*4\r\n+a\r\n*1\r\n:1\r\n+b\r\n_\r\n", map[string][]int{"a": {1}, "b": nil}) // b does not get a's
	reads(t, "%2\r\n+a\r\n:1\r\n+a\r\n:2\r\n", map[string]int{"a": 2})
	reads(t, "~2\r\n+a\r\n+b\r\n", map[string]struct{}{"a": {}, "b": {}})
	reads(t, "*3\r\n:1\r\n:2\r\n:1\r\n", map[int]struct{}{1: {}, 2: {}})

	refuses[map[string]int](t, ":1\r\n", "", "a map[string]int", resp.Integer)
	refuses[map[string]int](t, "~2\r\n+a\r\n:1\r\n", "", "a map[string]int", resp.Set)
	refuses[map[string]int](t, "*3\r\n+a\r\n:1\r\n+b\r\n", "", "a map[string]int: it has an odd number of elements", resp.Array)
	refuses[map[string]int](t, "*2\r\n*2\r\n+a\r\n:1\r\n+b\r\n", "pair 1 (from 0): ", "a pair in a list of pairs", resp.SimpleString)
	refuses[map[string]int](t, "*1\r\n*1\r\n+a\r\n", "pair 0 (from 0): ", "a pair in a list of pairs", resp.Array)
	refuses[map[string]int](t, "%1\r\n+a\r\n+secret\r\n", "the value of pair 0 (from 0): ",
		"an int: it is no decimal integer", resp.SimpleString)
	refuses[map[int]int](t, "%1\r\n+secret\r\n:1\r\n", "the key of pair 0 (from 0): ",
		"an int: it is no decimal integer", resp.SimpleString)
	refuses[map[string]int](t, "%1\r\n%0\r\n:1\r\n", "the key of pair 0 (from 0): ", "a string", resp.Map)
	refuses[map[string]struct{}](t, "%1\r\n+a\r\n:1\r\n", "", "a map[string]struct {}", resp.Map)
	refuses[map[string]struct{}](t, "+a\r\n", "", "a map[string]struct {}", resp.SimpleString)
	refuses[map[int8]struct{}](t, "*1\r\n:300\r\n", "element 0 (from 0): ", "an int8: the number overflows it", resp.Integer)
	refuses[map[int8]struct{}](t, "*1\r\n_\r\n", "element 0 (from 0): ", "a key", resp.Null)
}
