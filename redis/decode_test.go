package redis

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// bothRead expects a command to read a server's reply under RESP2 and under RESP3 as the same value.
func bothRead[T any](t *testing.T, c Cmd[T], resp2, resp3 string, want T) {
	t.Helper()
	for protocol, wire := range []string{resp2, resp3} {
		got, err := c.Read(fromWire(t, wire))
		if err != nil {
			t.Errorf("%s, RESP%d: %v\n%q", c.Name(), 2+protocol, err, wire)
		} else if !reflect.DeepEqual(got, want) {
			t.Errorf("%s, RESP%d: %q\nread as %+v\nwant    %+v", c.Name(), 2+protocol, wire, got, want)
		}
	}
}

// bothNil expects a command to read null as Nil.
func bothNil[T any](t *testing.T, c Cmd[T]) {
	t.Helper()
	for _, wire := range []string{"$-1\r\n", "*-1\r\n", "_\r\n"} {
		if got, err := c.Read(fromWire(t, wire)); err != Nil {
			t.Errorf("%s reads %q as %v, %v; want Nil", c.Name(), wire, got, err)
		}
	}
}

// readsNot expects a command to refuse a reply of another type than its own.
func readsNot[T any](t *testing.T, c Cmd[T], wires ...string) {
	t.Helper()
	for _, wire := range wires {
		got, err := c.Read(fromWire(t, wire))
		if err == nil || err == Nil {
			t.Errorf("%s reads %q as %+v, %v; want an error that names the types", c.Name(), wire, got, err)
		}
	}
}

func TestReadScalars(t *testing.T) {
	t.Parallel()
	bothRead(t, Get("k"), "$1\r\nv\r\n", "$1\r\nv\r\n", "v")
	bothRead(t, Get("k"), "$0\r\n\r\n", "$0\r\n\r\n", "") // an empty string is there
	bothNil(t, Get("k"))
	readsNot(t, Get("k"), "*1\r\n$1\r\nv\r\n")

	bothRead(t, Incr("k"), ":7\r\n", ":7\r\n", 7)
	readsNot(t, Incr("k"), "+seven\r\n", "*0\r\n")
	bothNil(t, ZRank("k", "m"))

	bothRead(t, IncrByFloat("k", 1), "$3\r\n2.5\r\n", ",2.5\r\n", 2.5)
	bothRead(t, ZScore("k", "m"), "$3\r\ninf\r\n", ",inf\r\n", math.Inf(1))
	bothNil(t, ZScore("k", "m"))
	readsNot(t, ZScore("k", "m"), "+high\r\n", "*0\r\n")

	bothRead(t, SIsMember("k", "m"), ":1\r\n", "#t\r\n", true)
	bothRead(t, SIsMember("k", "m"), ":0\r\n", "#f\r\n", false)
	bothRead(t, SetNX("k", "v", 0), "+OK\r\n", "+OK\r\n", true)
	bothRead(t, SetNX("k", "v", 0), "$-1\r\n", "_\r\n", false) // the condition was not met
	readsNot(t, SetNX("k", "v", 0), "+perhaps\r\n", "*0\r\n")

	bothRead(t, Set("k", "v", 0), "+OK\r\n", "+OK\r\n", struct{}{})
	bothRead(t, Migrate("h", "1", "k", 0, 0), "+OK\r\n", "+OK\r\n", true)
	bothRead(t, Migrate("h", "1", "k", 0, 0), "+NOKEY\r\n", "+NOKEY\r\n", false)
}

func TestReadLists(t *testing.T) {
	t.Parallel()
	bothRead(t, SMembers("k"), "*2\r\n$1\r\na\r\n$1\r\nb\r\n", "~2\r\n$1\r\na\r\n$1\r\nb\r\n", []string{"a", "b"})
	bothRead(t, SMembers("k"), "*0\r\n", "~0\r\n", []string{})
	bothRead(t, SMembersMap("k"), "*1\r\n$1\r\na\r\n", "~1\r\n$1\r\na\r\n", map[string]struct{}{"a": {}})
	bothNil(t, LPopCount("k", 2))
	readsNot(t, SMembers("k"), "$1\r\na\r\n", "*1\r\n*0\r\n")
	readsNot(t, SMembersMap("k"), "$1\r\na\r\n")

	bothRead(t, MGet("a", "b", "c"), "*3\r\n$1\r\nx\r\n$-1\r\n$0\r\n\r\n", "*3\r\n$1\r\nx\r\n_\r\n$0\r\n\r\n",
		[]Optional[string]{{"x", true}, {}, {"", true}}) // missing is not empty
	bothRead(t, ZMScore("k", "a", "b"), "*2\r\n$1\r\n0\r\n$-1\r\n", "*2\r\n,0\r\n_\r\n", []Optional[float64]{{0, true}, {}})
	bothRead(t, Sort("k", SortArgs{}), "*2\r\n$1\r\na\r\n$-1\r\n", "*2\r\n$1\r\na\r\n_\r\n", []string{"a", ""})
	bothRead(t, SMIsMember("k", "a", "b"), "*2\r\n:1\r\n:0\r\n", "*2\r\n:1\r\n:0\r\n", []bool{true, false})
	bothRead(t, LPosCount("k", "v", 0, LPosArgs{}), "*2\r\n:1\r\n:4\r\n", "*2\r\n:1\r\n:4\r\n", []int64{1, 4})

	// an error inside a list is an error of the command
	_, err := readWire(t, SMembers("k"), "*2\r\n$1\r\na\r\n-ERR inside\r\n")
	if e, ok := errors.AsType[*resp.Error](err); !ok || e.Message != "ERR inside" {
		t.Errorf("an error inside a list is read as %v", err)
	}
}

func readWire[T any](t *testing.T, c Cmd[T], wire string) (T, error) {
	t.Helper()
	return c.Read(fromWire(t, wire))
}

func TestReadPairs(t *testing.T) {
	t.Parallel()
	flat := "*4\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\nb\r\n$3\r\n2.5\r\n"
	zs := []Z{{1, "a"}, {2.5, "b"}}
	nested := "*2\r\n*2\r\n$1\r\na\r\n,1\r\n*2\r\n$1\r\nb\r\n,2.5\r\n"
	bothRead(t, ZRangeWithScores("k", 0, -1), flat, nested, zs)
	bothRead(t, ZPopMin("k"), "*2\r\n$1\r\na\r\n$1\r\n1\r\n", "*2\r\n$1\r\na\r\n,1\r\n", zs[:1]) // RESP3 does not nest a single one
	bothRead(t, ZRangeWithScores("k", 0, -1), "*0\r\n", "*0\r\n", []Z{})
	readsNot(t, ZRangeWithScores("k", 0, -1), "*1\r\n$1\r\na\r\n", "*2\r\n$1\r\na\r\n+x\r\n", "*2\r\n*0\r\n*0\r\n", ":1\r\n")

	bothRead(t, HRandFieldWithValues("k", 2), "*4\r\n$1\r\na\r\n$1\r\n1\r\n$1\r\nb\r\n$1\r\n2\r\n",
		"*2\r\n*2\r\n$1\r\na\r\n$1\r\n1\r\n*2\r\n$1\r\nb\r\n$1\r\n2\r\n", []KV{{"a", "1"}, {"b", "2"}})
	bothRead(t, HGetAll("k"), "*2\r\n$1\r\na\r\n$1\r\n1\r\n", "%1\r\n$1\r\na\r\n$1\r\n1\r\n", map[string]string{"a": "1"})
	bothRead(t, HGetAll("k"), "*0\r\n", "%0\r\n", map[string]string{})
	readsNot(t, HGetAll("k"), "*1\r\n$1\r\na\r\n", "$1\r\na\r\n", "%1\r\n*0\r\n$1\r\n1\r\n")

	bothRead(t, BLPop(0, "k"), "*2\r\n$1\r\nk\r\n$1\r\nv\r\n", "*2\r\n$1\r\nk\r\n$1\r\nv\r\n", KV{"k", "v"})
	bothNil(t, BLPop(0, "k"))
	readsNot(t, BLPop(0, "k"), "*1\r\n$1\r\nk\r\n", "$1\r\nk\r\n", "*2\r\n*0\r\n$1\r\nv\r\n")

	bothRead(t, LMPop("LEFT", 0, "k"), "*2\r\n$1\r\nk\r\n*1\r\n$1\r\nv\r\n", "*2\r\n$1\r\nk\r\n*1\r\n$1\r\nv\r\n", KeyValues{"k", []string{"v"}})
	bothNil(t, LMPop("LEFT", 0, "k"))
	readsNot(t, LMPop("LEFT", 0, "k"), "*2\r\n*0\r\n*0\r\n", "*2\r\n$1\r\nk\r\n:1\r\n")

	bothRead(t, BZPopMin(0, "k"), "*3\r\n$1\r\nk\r\n$1\r\na\r\n$1\r\n1\r\n", "*3\r\n$1\r\nk\r\n$1\r\na\r\n,1\r\n", ZWithKey{Z{1, "a"}, "k"})
	bothNil(t, BZPopMin(0, "k"))
	readsNot(t, BZPopMin(0, "k"), "*2\r\n$1\r\nk\r\n$1\r\na\r\n", "*3\r\n*0\r\n$1\r\na\r\n$1\r\n1\r\n")

	bothRead(t, ZMPop("MIN", 0, "k"), "*2\r\n$1\r\nk\r\n*1\r\n*2\r\n$1\r\na\r\n$1\r\n1\r\n",
		"*2\r\n$1\r\nk\r\n*1\r\n*2\r\n$1\r\na\r\n,1\r\n", ZsWithKey{"k", zs[:1]})
	bothNil(t, ZMPop("MIN", 0, "k"))
	readsNot(t, ZMPop("MIN", 0, "k"), "*2\r\n*0\r\n*0\r\n", "*1\r\n$1\r\nk\r\n")

	bothRead(t, ZRankWithScore("k", "m"), "*2\r\n:3\r\n$1\r\n1\r\n", "*2\r\n:3\r\n,1\r\n", RankScore{3, 1})
	bothNil(t, ZRankWithScore("k", "m"))
	readsNot(t, ZRankWithScore("k", "m"), ":3\r\n", "*2\r\n*0\r\n,1\r\n")
}

// A large reply is the same value in every form that a server may give it.
func TestReadLargeReplies(t *testing.T) {
	t.Parallel()
	const n = 3000
	var fields, scores2, scores3 strings.Builder
	list, hash, zs, found := []string{}, map[string]string{}, []Z{}, []Optional[string]{}
	for i := range n {
		name, value := fmt.Sprint("field:", i), strings.Repeat("v", i%200)
		fmt.Fprintf(&fields, "$%d\r\n%s\r\n$%d\r\n%s\r\n", len(name), name, len(value), value)
		fmt.Fprintf(&scores2, "$%d\r\n%s\r\n$%d\r\n%d\r\n", len(name), name, len(fmt.Sprint(i)), i)
		fmt.Fprintf(&scores3, "*2\r\n$%d\r\n%s\r\n,%d\r\n", len(name), name, i)
		list = append(list, name, value)
		found = append(found, Optional[string]{name, true}, Optional[string]{value, true})
		hash[name] = value
		zs = append(zs, Z{float64(i), name})
	}
	bothRead(t, LRange("k", 0, -1), "*6000\r\n"+fields.String(), "*?\r\n"+fields.String()+".\r\n", list)
	bothRead(t, SMembers("k"), "*6000\r\n"+fields.String(), "~6000\r\n"+fields.String(), list)
	bothRead(t, MGet("k"), "*6001\r\n"+fields.String()+"$-1\r\n", "*6001\r\n"+fields.String()+"_\r\n", append(found, Optional[string]{}))
	bothRead(t, HGetAll("k"), "*6000\r\n"+fields.String(), "%3000\r\n"+fields.String(), hash)
	bothRead(t, ZRangeWithScores("k", 0, -1), "*6000\r\n"+scores2.String(), "*3000\r\n"+scores3.String(), zs)
	nested := "%1\r\n+matches\r\n*2\r\n"
	for range 2 {
		nested += "*2\r\n*2\r\n:4\r\n:7\r\n|1\r\n+k\r\n+v\r\n*2\r\n:5\r\n|1\r\n+k\r\n+v\r\n:8\r\n"
	}
	match := LCSMatch{LCSRange{4, 7}, LCSRange{5, 8}, 0}
	bothRead(t, LCSIdx("a", "b", LCSArgs{}), strings.ReplaceAll(nested, "|1\r\n+k\r\n+v\r\n", ""), nested, LCSMatches{Matches: []LCSMatch{match, match}})
}

// Strings of other kinds than bulk strings, and with attributes, are strings all the same; nulls are where commands have them.
func TestReadOddStrings(t *testing.T) {
	t.Parallel()
	odd := "+a\r\n:7\r\n=5\r\ntxt:b\r\n|1\r\n+k\r\n+v\r\n$1\r\nc\r\n,1.5\r\n_\r\n"
	bothRead(t, LRange("k", 0, -1), "*6\r\n"+odd, "~6\r\n"+odd, []string{"a", "7", "b", "c", "1.5", ""})
	bothRead(t, MGet("k"), "*6\r\n"+odd, "~6\r\n"+odd, []Optional[string]{{"a", true}, {"7", true}, {"b", true}, {"c", true}, {"1.5", true}, {}})
	bothRead(t, HGetAll("k"), "*6\r\n"+odd, "%3\r\n"+odd, map[string]string{"a": "7", "b": "c", "1.5": ""})
	readsNot(t, MGet("k"), "*1\r\n*0\r\n", "*1\r\n-ERR inside\r\n", "$1\r\na\r\n")
	readsNot(t, HGetAll("k"), "%1\r\n_\r\n$1\r\nv\r\n", "%1\r\n$1\r\nk\r\n-ERR inside\r\n")
	bothNil(t, MGet("k"))
	bothNil(t, HGetAll("k"))
}

func TestReadPages(t *testing.T) {
	t.Parallel()
	page := "*2\r\n$20\r\n18446744073709551615\r\n*2\r\n$1\r\na\r\n$1\r\n1\r\n"
	bothRead(t, Scan(0, "", 0), page, page, Page[string]{1<<64 - 1, []string{"a", "1"}})
	bothRead(t, HScan("k", 0, "", 0), page, page, Page[KV]{1<<64 - 1, []KV{{"a", "1"}}})
	bothRead(t, ZScan("k", 0, "", 0), page, "*2\r\n$20\r\n18446744073709551615\r\n*2\r\n$1\r\na\r\n,1\r\n", Page[Z]{1<<64 - 1, []Z{{1, "a"}}})
	bothRead(t, Scan(0, "", 0), "*2\r\n$1\r\n0\r\n*0\r\n", "*2\r\n$1\r\n0\r\n*0\r\n", Page[string]{0, []string{}})
	readsNot(t, Scan(0, "", 0), "*2\r\n$2\r\n-1\r\n*0\r\n", "*2\r\n*0\r\n*0\r\n", "*1\r\n$1\r\n0\r\n", "$1\r\n0\r\n", "*2\r\n$1\r\n0\r\n:1\r\n")
}

func TestReadTimes(t *testing.T) {
	t.Parallel()
	bothRead(t, TTL("k"), ":10\r\n", ":10\r\n", 10*time.Second)
	bothRead(t, TTL("k"), ":-1\r\n", ":-1\r\n", NoExpiry)
	bothRead(t, TTL("k"), ":-2\r\n", ":-2\r\n", NotFound)
	bothRead(t, PTTL("k"), ":1500\r\n", ":1500\r\n", 1500*time.Millisecond)
	bothRead(t, HTTL("k", "f", "g", "h"), "*3\r\n:10\r\n:-1\r\n:-2\r\n", "*3\r\n:10\r\n:-1\r\n:-2\r\n", []time.Duration{10 * time.Second, NoExpiry, NotFound})
	bothRead(t, HPTTL("k", "f"), "*1\r\n:15\r\n", "*1\r\n:15\r\n", []time.Duration{15 * time.Millisecond})
	readsNot(t, TTL("k"), "+soon\r\n", "*0\r\n")

	bothRead(t, ExpireTime("k"), ":1700000000\r\n", ":1700000000\r\n", time.Unix(1700000000, 0))
	bothRead(t, PExpireTime("k"), ":1700000000123\r\n", ":1700000000123\r\n", time.UnixMilli(1700000000123))
	bothRead(t, ExpireTime("k"), ":-1\r\n", ":-1\r\n", time.Time{})
	if _, err := readWire(t, ExpireTime("k"), ":-2\r\n"); err != Nil {
		t.Errorf("the expiration of a key that does not exist is %v, want Nil", err)
	}
	bothRead(t, HExpireTime("k", "f", "g", "h"), "*3\r\n:1700000000\r\n:-1\r\n:-2\r\n", "*3\r\n:1700000000\r\n:-1\r\n:-2\r\n",
		[]Optional[time.Time]{{time.Unix(1700000000, 0), true}, {time.Time{}, true}, {}})
	bothRead(t, HPExpireTime("k", "f"), "*1\r\n:1700000000123\r\n", "*1\r\n:1700000000123\r\n", []Optional[time.Time]{{time.UnixMilli(1700000000123), true}})
	readsNot(t, ExpireTime("k"), "+soon\r\n")
	readsNot(t, HExpireTime("k", "f"), "*1\r\n+soon\r\n")

	bothRead(t, Time(), "*2\r\n$10\r\n1700000000\r\n$6\r\n123456\r\n", "*2\r\n$10\r\n1700000000\r\n$6\r\n123456\r\n", time.UnixMicro(1700000000123456))
	readsNot(t, Time(), "*1\r\n$1\r\n1\r\n", ":1\r\n")
}

func TestReadLCS(t *testing.T) {
	t.Parallel()
	body := "$7\r\nmatches\r\n*1\r\n*2\r\n*2\r\n:4\r\n:7\r\n*2\r\n:5\r\n:8\r\n$3\r\nlen\r\n:6\r\n"
	want := LCSMatches{[]LCSMatch{{LCSRange{4, 7}, LCSRange{5, 8}, 0}}, 6}
	bothRead(t, LCSIdx("a", "b", LCSArgs{}), "*4\r\n"+body, "%2\r\n"+body, want)
	body = "$7\r\nmatches\r\n*1\r\n*3\r\n*2\r\n:4\r\n:7\r\n*2\r\n:5\r\n:8\r\n:4\r\n$3\r\nlen\r\n:6\r\n"
	want.Matches[0].Len = 4
	bothRead(t, LCSIdx("a", "b", LCSArgs{WithMatchLen: true}), "*4\r\n"+body, "%2\r\n"+body, want)
	readsNot(t, LCSIdx("a", "b", LCSArgs{}), "*2\r\n$7\r\nmatches\r\n*1\r\n*2\r\n*1\r\n:4\r\n*2\r\n:5\r\n:8\r\n", "*2\r\n$7\r\nmatches\r\n*1\r\n*2\r\n*2\r\n:1\r\n:2\r\n*1\r\n:5\r\n",
		"*2\r\n$7\r\nmatches\r\n*1\r\n:1\r\n", ":1\r\n")

	bothRead(t, WaitAOF(1, 1, 0), "*2\r\n:1\r\n:0\r\n", "*2\r\n:1\r\n:0\r\n", WaitAOFCount{1, 0})
	readsNot(t, WaitAOF(1, 1, 0), "*1\r\n:1\r\n", ":1\r\n")
}
