package redis

import "strings"

func liveHyperLogLog(l *live) {
	expect(l, 1, PFAdd("h", "a", "b", "c"))
	expect(l, 0, PFAdd("h", "a"))
	expect(l, 1, PFAdd("empty"))
	expect(l, 0, PFAdd("empty"))
	expect(l, 1, PFAdd("i", "c", 4))
	expect(l, 3, PFCount("h"))
	expect(l, 4, PFCount("h", "i", "none"))
	expect(l, 0, PFCount("none"))
	succeed(l, PFMerge("m", "h", "i", "none"))
	expect(l, 4, PFCount("m"))
	succeed(l, PFMerge("new"))
	expect(l, 0, PFCount("new"))

	expect(l, "sparse", PFDebugEncoding("h"))
	such(l, PFDebugDecode("h"), func(s string) bool { return strings.Count(s, "v:") == 3 }, "three runs of values")
	such(l, PFDebugGetReg("h"), func(registers []int64) bool {
		used := 0
		for _, n := range registers {
			if n != 0 {
				used++
			}
		}
		return len(registers) == 16384 && used == 3
	}, "16384 registers, three of them used")
	expect(l, "dense", PFDebugEncoding("h"))
	fails(l, "not sparse", PFDebugDecode("h"))
	expect(l, false, PFDebugToDense("h"))
	expect(l, true, PFDebugToDense("i"))
	fails(l, "does not exist", PFDebugEncoding("none"))
	succeed(l, PFSelfTest())

	succeed(l, Set("text", "v", 0))
	fails(l, "not a valid hyperloglog", PFAdd("text", "a"))
}
