package redis

import (
	"math"
	"testing"
)

func TestReadBloom(t *testing.T) {
	t.Parallel()
	bothRead(t, BFAdd("k", "e"), number(1), "#t\r\n", true)
	bothRead(t, BFMAdd("k", "e", "f"), arrayOf(number(1), number(0)), arrayOf("#t\r\n", "#f\r\n"), []bool{true, false})
	readsNot(t, BFMAdd("k", "e", "f"), arrayOf(number(1), "-ERR non scaling filter is full\r\n"))

	asMap(t, BFInfo("k"), BFDetails{100, 240, 1, 2, 4}, "+Capacity\r\n", number(100), "+Size\r\n", number(240), "+Number of filters\r\n", number(1),
		"+Number of items inserted\r\n", number(2), "+Expansion rate\r\n", number(4), "+later\r\n", number(1))
	bothRead(t, BFInfo("k"), arrayOf("+Capacity\r\n", number(100), "+Expansion rate\r\n", "$-1\r\n"),
		mapOf("+Capacity\r\n", number(100), "+Expansion rate\r\n", "_\r\n"), BFDetails{Capacity: 100})
	readsNot(t, BFInfo("k"), number(1), arrayOf("+Capacity\r\n"), arrayOf("+Capacity\r\n", bulk("x")))

	bothRead(t, BFInfoCapacity("k"), arrayOf(number(100)), mapOf("+Capacity\r\n", number(100)), 100)
	bothRead(t, BFInfoSize("k"), number(240), arrayOf(number(240)), 240)
	if got, err := ask3(t, BFInfoExpansion("k"), arrayOf("_\r\n")); err != Nil {
		t.Errorf("the expansion of a filter that does not scale is read as %v, %v, want Nil", got, err)
	}
	readsNot(t, BFInfoItems("k"), bulk("x"), arrayOf(), arrayOf(arrayOf()))

	bothRead(t, BFScanDump("k", 0), arrayOf(number(1), bulk("\x00\r\n")), arrayOf(number(1), bulk("\x00\r\n")), ScanDump{1, "\x00\r\n"})
	bothRead(t, CFScanDump("k", 7), arrayOf(number(0), "$-1\r\n"), arrayOf(number(0), "_\r\n"), ScanDump{}) // the end
	readsNot(t, BFScanDump("k", 0), number(1), arrayOf(number(1)), arrayOf(bulk("x"), bulk("y")), arrayOf(number(1), arrayOf()))
}

// ask3 reads one reply as a command does.
func ask3[T any](t *testing.T, c Cmd[T], wire string) (T, error) {
	t.Helper()
	return c.Read(fromWire(t, wire))
}

func TestReadCuckoo(t *testing.T) {
	t.Parallel()
	asMap(t, CFInfo("k"), CFDetails{1080, 512, 1, 3, 2, 4, 5, 20}, "+Size\r\n", number(1080), "+Number of buckets\r\n", number(512), "+Number of filters\r\n", number(1),
		"+Number of items inserted\r\n", number(3), "+Number of items deleted\r\n", number(2), "+Bucket size\r\n", number(4), "+Expansion rate\r\n", number(5),
		"+Max iterations\r\n", number(20))
	readsNot(t, CFInfo("k"), number(1), arrayOf("+Size\r\n", bulk("x")))

	// A full filter is -1, which is not a kind of true.
	bothRead(t, CFInsert("k", CFInsertArgs{}, "e", "f"), arrayOf(number(1), number(-1)), arrayOf("#t\r\n", number(-1)), []bool{true, false})
	bothRead(t, CFInsertNX("k", CFInsertArgs{}, "e", "f", "g"), arrayOf(number(1), number(0), number(-1)), arrayOf(number(1), number(0), number(-1)), []int64{1, 0, -1})
	readsNot(t, CFInsert("k", CFInsertArgs{}, "e"), number(1), arrayOf(bulk("x")), arrayOf("-ERR full\r\n"))
	bothRead(t, CFAddNX("k", "e"), number(0), "#f\r\n", false)
}

func TestReadCounters(t *testing.T) {
	t.Parallel()
	asMap(t, CMSInfo("k"), CMSDetails{2000, 7, 42, 4}, "+width\r\n", number(2000), "+depth\r\n", number(7), "+count\r\n", number(42), "+cell_size\r\n", number(4))
	readsNot(t, CMSInfo("k"), number(1), arrayOf("+width\r\n", bulk("x")))
	bothRead(t, CMSIncrBy("k", "e", 1, "f", 2), arrayOf(number(1), number(2)), arrayOf(number(1), number(2)), []int64{1, 2})

	bothRead(t, TopKInfo("k"), arrayOf("+k\r\n", number(50), "+width\r\n", number(2000), "+depth\r\n", number(7), "+decay\r\n", bulk("0.925")),
		mapOf("+k\r\n", number(50), "+width\r\n", number(2000), "+depth\r\n", number(7), "+decay\r\n", ",0.925\r\n"), TopKDetails{50, 2000, 7, 0.925})
	readsNot(t, TopKInfo("k"), number(1), arrayOf("+decay\r\n", bulk("x")))
	bothRead(t, TopKAdd("k", "e", "f"), arrayOf("$-1\r\n", bulk("old")), arrayOf("_\r\n", bulk("old")), append([]Optional[string]{{}}, found("old")...))
	bothRead(t, TopKListWithCount("k"), arrayOf(bulk("e"), number(2)), mapOf(bulk("e"), number(2)), map[string]int64{"e": 2})
	bothRead(t, TopKQuery("k", "e", "f"), arrayOf(number(1), number(0)), arrayOf("#t\r\n", "#f\r\n"), []bool{true, false})
}

func TestReadTDigest(t *testing.T) {
	t.Parallel()
	asMap(t, TDigestInfo("k"), TDigestDetails{100, 610, 1, 2, 3, 4, 5, 6, 9768}, "+Compression\r\n", number(100), "+Capacity\r\n", number(610), "+Merged nodes\r\n", number(1),
		"+Unmerged nodes\r\n", number(2), "+Merged weight\r\n", number(3), "+Unmerged weight\r\n", number(4), "+Observations\r\n", number(5),
		"+Total compressions\r\n", number(6), "+Memory usage\r\n", number(9768))
	readsNot(t, TDigestInfo("k"), number(1), arrayOf("+Capacity\r\n", bulk("x")))
	bothRead(t, TDigestQuantile("k", 0.5), arrayOf(bulk("2.5"), bulk("inf")), arrayOf(",2.5\r\n", ",inf\r\n"), []float64{2.5, math.Inf(1)})
	bothRead(t, TDigestMin("k"), bulk("-1.5"), ",-1.5\r\n", -1.5)
	for _, wire := range []string{bulk("nan"), ",nan\r\n"} {
		if got, err := ask3(t, TDigestMax("k"), wire); err != nil || !math.IsNaN(got) {
			t.Errorf("%q is read as %v, %v, want NaN", wire, got, err)
		}
	}
	bothRead(t, TDigestRank("k", 1, 2), arrayOf(number(-1), number(2)), arrayOf(number(-1), number(2)), []int64{-1, 2})
}
