package redis

import "testing"

func TestReadVectors(t *testing.T) {
	t.Parallel()
	bothRead(t, VEmb("k", "e"), arrayOf(bulk("1"), bulk("-0.5")), arrayOf(",1\r\n", ",-0.5\r\n"), []float64{1, -0.5})
	bothNil(t, VEmb("k", "e"))
	readsNot(t, VEmb("k", "e"), bulk("1"), arrayOf(bulk("x")), arrayOf(arrayOf()))

	bothRead(t, VEmbRaw("k", "e"), arrayOf("+int8\r\n", bulk("\x7f\x80\x00"), bulk("1.5"), bulk("0.9")), arrayOf("+int8\r\n", bulk("\x7f\x80\x00"), ",1.5\r\n", ",0.9\r\n"),
		RawVector{"int8", []byte{0x7f, 0x80, 0}, 1.5, 0.9})
	bothRead(t, VEmbRaw("k", "e"), arrayOf("+f32\r\n", bulk("abcd"), bulk("1.5")), arrayOf("+f32\r\n", bulk("abcd"), ",1.5\r\n"), RawVector{"f32", []byte("abcd"), 1.5, 0})
	bothNil(t, VEmbRaw("k", "e"))
	readsNot(t, VEmbRaw("k", "e"), bulk("1"), arrayOf("+f32\r\n", bulk("a")), arrayOf(arrayOf(), bulk("a"), bulk("1")), arrayOf("+f32\r\n", arrayOf(), bulk("1")),
		arrayOf("+f32\r\n", bulk("a"), bulk("x")), arrayOf("+int8\r\n", bulk("a"), bulk("1"), bulk("x")))

	asMap(t, VInfo("k"), VectorSetInfo{"int8", 16, 2, 3, 5, 1, 4, 7, 9},
		"+quant-type\r\n", "+int8\r\n", "+hnsw-m\r\n", number(16), "+vector-dim\r\n", number(2), "+projection-input-dim\r\n", number(3), "+size\r\n", number(5),
		"+max-level\r\n", number(1), "+attributes-count\r\n", number(4), "+vset-uid\r\n", number(7), "+hnsw-max-node-uid\r\n", number(9), "+later\r\n", number(1))
	bothNil(t, VInfo("k"))
	readsNot(t, VInfo("k"), number(1), arrayOf(bulk("size"), bulk("x")), arrayOf(bulk("size")))

	bothRead(t, VAdd("k", "e", FP32(1)), number(1), "#t\r\n", true)
	bothRead(t, VAdd("k", "e", FP32(1)), number(0), "#f\r\n", false)
	bothNil(t, VGetAttr("k", "e"))
}

func TestReadVectorLinks(t *testing.T) {
	t.Parallel()
	links := arrayOf(arrayOf(), arrayOf(bulk("a"), bulk("b")))
	bothRead(t, VLinks("k", "e"), links, links, [][]string{{}, {"a", "b"}})
	bothRead(t, VLinksWithScores("k", "e"), arrayOf(arrayOf(), arrayOf(bulk("a"), bulk("0.9"), bulk("b"), bulk("0.5"))),
		arrayOf(mapOf(), mapOf(bulk("a"), ",0.9\r\n", bulk("b"), ",0.5\r\n")), [][]VectorScore{{}, {{"a", 0.9}, {"b", 0.5}}})
	bothNil(t, VLinks("k", "e"))
	bothNil(t, VLinksWithScores("k", "e"))
	readsNot(t, VLinks("k", "e"), bulk("1"), arrayOf(bulk("a")), arrayOf(arrayOf(arrayOf())))
	readsNot(t, VLinksWithScores("k", "e"), bulk("1"), arrayOf(bulk("a")), arrayOf(arrayOf(bulk("a"))), arrayOf(arrayOf(bulk("a"), bulk("x"))))
}

func TestReadVectorSim(t *testing.T) {
	t.Parallel()
	ref := VectorRef{Name: "e"}
	scores := []VectorScore{{"a", 1}, {"b", 0.5}}
	bothRead(t, VSimWithScores("k", ref), arrayOf(bulk("a"), bulk("1"), bulk("b"), bulk("0.5")), mapOf(bulk("a"), ",1\r\n", bulk("b"), ",0.5\r\n"), scores)
	bothRead(t, VSimWithArgsWithScores("k", ref, VSimArgs{}), arrayOf(), arrayOf(), []VectorScore{}) // of a key that does not exist
	readsNot(t, VSimWithScores("k", ref), number(1), arrayOf(bulk("a")), arrayOf(bulk("a"), bulk("x")), mapOf(arrayOf(), ",1\r\n"))

	attribs := VSimWithArgsWithAttribs("k", ref, VSimArgs{})
	bothRead(t, attribs, arrayOf(bulk("a"), bulk("{}"), bulk("b"), "$-1\r\n"), mapOf(bulk("a"), bulk("{}"), bulk("b"), "_\r\n"), []VectorAttrib{{"a", "{}"}, {"b", ""}})
	readsNot(t, attribs, number(1), arrayOf(bulk("a")), mapOf(bulk("a"), arrayOf()), mapOf(arrayOf(), bulk("{}")))

	both := VSimWithArgsWithScoresWithAttribs("k", ref, VSimArgs{})
	bothRead(t, both, arrayOf(bulk("a"), bulk("1"), bulk("{}"), bulk("b"), bulk("0.5"), "$-1\r\n"),
		mapOf(bulk("a"), arrayOf(",1\r\n", bulk("{}")), bulk("b"), arrayOf(",0.5\r\n", "_\r\n")), []VectorScoreAttrib{{"a", 1, "{}"}, {"b", 0.5, ""}})
	bothRead(t, both, arrayOf(), arrayOf(), []VectorScoreAttrib{})
	bothNil(t, both)
	readsNot(t, both, number(1), arrayOf(bulk("a"), bulk("1")), arrayOf(bulk("a"), bulk("x"), bulk("{}")), arrayOf(bulk("a"), bulk("1"), arrayOf()),
		arrayOf(arrayOf(), bulk("1"), bulk("{}")), mapOf(bulk("a"), ",1\r\n"), mapOf(bulk("a"), arrayOf(",1\r\n")))
}
