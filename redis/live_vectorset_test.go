package redis

import (
	"math"
	"slices"
)

// liveVectorSet runs the commands of vector sets, which only Redis 8 knows.
func liveVectorSet(l *live) {
	x, y := VectorValues{Val: []float64{1, 0, 0}}, FP32(0, 1, 0)
	expect(l, true, VAdd("v", "x", x))
	expect(l, false, VAdd("v", "x", &x))
	expect(l, true, VAdd("v", "y", y))
	expect(l, true, VAddWithArgs("v", "xy", &VectorValues{Val: []float64{3, 4, 0}}, VAddArgs{Q8: true, EF: 100, SetAttr: `{"n":5}`, M: 16}))
	fails(l, "dimension mismatch", VAdd("v", "short", FP32(1, 2)))
	fails(l, "quantization mismatch", VAddWithArgs("v", "other", y, VAddArgs{Bin: true}))
	expect(l, true, VAddWithArgs("reduced", "x", x, VAddArgs{Reduce: 2, NoQuant: true}))
	expect(l, true, VAddWithArgs("bits", "x", x, VAddArgs{CAS: true, Bin: true}))

	expect(l, 3, VCard("v"))
	expect(l, 0, VCard("none"))
	expect(l, 3, VDim("v"))
	expect(l, 2, VDim("reduced"))
	fails(l, "does not exist", VDim("none"))
	such(l, VInfo("v"), func(i VectorSetInfo) bool {
		return i.Quantization == "int8" && i.M == 16 && i.Dimensions == 3 && i.InputDimensions == 0 && i.Size == 3 && i.AttributesCount == 1 && i.MaxNodeUID >= 3
	}, "the set v")
	such(l, VInfo("reduced"), func(i VectorSetInfo) bool {
		return i.Quantization == "f32" && i.Dimensions == 2 && i.InputDimensions == 3 && i.Size == 1
	}, "the set reduced")
	expectNil(l, VInfo("none"))

	such(l, VEmb("v", "xy"), func(v []float64) bool {
		return len(v) == 3 && math.Abs(v[0]-3) < 0.1 && math.Abs(v[1]-4) < 0.1 && v[2] == 0
	}, []float64{3, 4, 0})
	expectNil(l, VEmb("v", "none"))
	such(l, VEmbRaw("v", "xy"), func(v RawVector) bool {
		return v.Quantization == "int8" && len(v.Data) == 3 && v.Data[1] == 127 && math.Abs(v.Norm-5) < 0.01 && math.Abs(v.Range-0.8) < 0.01
	}, "unit length")
	such(l, VEmbRaw("reduced", "x"), func(v RawVector) bool { return v.Quantization == "f32" && len(v.Data) == 8 && v.Range == 0 }, "two numbers")
	expectNil(l, VEmbRaw("none", "x"))

	expect(l, true, VIsMember("v", "x"))
	expect(l, false, VIsMember("v", "none"))
	expect(l, false, VIsMember("none", "x"))
	expect(l, `{"n":5}`, VGetAttr("v", "xy"))
	expectNil(l, VGetAttr("v", "x"))
	expect(l, true, VSetAttr("v", "x", `{"n":1}`))
	expect(l, `{"n":1}`, VGetAttr("v", "x"))
	expect(l, false, VSetAttr("v", "none", "{}"))
	expect(l, true, VClearAttributes("v", "x"))
	expectNil(l, VGetAttr("v", "x"))
	expect(l, false, VClearAttributes("v", "none"))

	liveVectorSearch(l, x, y)

	such(l, VRandMember("v"), func(e string) bool { return slices.Contains([]string{"x", "y", "xy"}, e) }, "an element")
	expectNil(l, VRandMember("none"))
	expectSet(l, []string{"x", "xy", "y"}, VRandMemberCount("v", 5))
	such(l, VRandMemberCount("v", -5), func(es []string) bool { return len(es) == 5 }, "five elements")
	expect(l, []string{}, VRandMemberCount("none", 2))
	expect(l, true, VRem("v", "x"))
	expect(l, false, VRem("v", "x"))
	expect(l, 2, VCard("v"))
}

func liveVectorSearch(l *live, x, y Vector) {
	ref := VectorRef{Name: "xy"}
	expect(l, []string{"xy", "y", "x"}, VSim("v", ref))
	expect(l, []string{"x", "xy", "y"}, VSim("v", x))
	expect(l, []string{}, VSim("none", x))
	fails(l, "not found", VSim("v", VectorRef{Name: "none"}))
	near := func(got, want float64) bool { return math.Abs(got-want) < 0.02 }
	such(l, VSimWithScores("v", y), func(s []VectorScore) bool {
		return len(s) == 3 && s[0].Name == "y" && near(s[0].Score, 1) && s[1].Name == "xy" && near(s[1].Score, 0.9) && s[2].Name == "x" && near(s[2].Score, 0.5)
	}, "y, xy, x")
	expect(l, []VectorScore{}, VSimWithScores("none", y))
	expect(l, []string{"y"}, VSimWithArgs("v", y, VSimArgs{Count: 1, EF: 100, Truth: true, NoThread: true}))
	expect(l, []string{"xy"}, VSimWithArgs("v", y, VSimArgs{Filter: ".n > 2", FilterEF: 10}))
	such(l, VSimWithArgsWithScores("v", y, VSimArgs{Epsilon: 0.2}), func(s []VectorScore) bool { return len(s) == 2 && s[1].Name == "xy" }, "y, xy")
	expect(l, []VectorAttrib{{"y", ""}, {"xy", `{"n":5}`}}, VSimWithArgsWithAttribs("v", y, VSimArgs{Count: 2}))
	such(l, VSimWithArgsWithScoresWithAttribs("v", y, VSimArgs{Count: 2}), func(s []VectorScoreAttrib) bool {
		return len(s) == 2 && s[0].Name == "y" && s[0].Attribs == "" && s[1].Name == "xy" && near(s[1].Score, 0.9) && s[1].Attribs == `{"n":5}`
	}, "y, xy")

	such(l, VLinks("v", "x"), func(layers [][]string) bool {
		return len(layers) > 0 && slices.Equal(slices.Sorted(slices.Values(layers[len(layers)-1])), []string{"xy", "y"})
	}, "xy and y in the lowest layer")
	such(l, VLinksWithScores("v", "x"), func(layers [][]VectorScore) bool {
		lowest := layers[len(layers)-1]
		i := slices.IndexFunc(lowest, func(s VectorScore) bool { return s.Name == "xy" })
		return len(lowest) == 2 && i >= 0 && near(lowest[i].Score, 0.8)
	}, "xy and y in the lowest layer")
	expectNil(l, VLinks("v", "none"))
	expectNil(l, VLinksWithScores("none", "x"))
}
