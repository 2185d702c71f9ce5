package redis

import "math"

func liveBitmap(l *live) {
	succeed(l, MSet("k", "\xff\xf0\x00", "ones", "\xff"))
	expect(l, 12, BitCount("k"))
	expect(l, 8, BitCount("k", 0, 0))
	expect(l, 4, BitCount("k", 1, -1))
	expect(l, 0, BitCount("none"))
	expectSince(l, "", "8.0.0", 4, BitCount("k", 1))
	expect(l, 7, BitCountSpan("k", 5, -1, "BIT"))
	expect(l, 4, BitCountSpan("k", 1, 1, "BYTE"))

	expect(l, 0, BitPos("k", 1))
	expect(l, 12, BitPos("k", 0))
	expect(l, -1, BitPos("k", 1, 2))
	expect(l, -1, BitPos("k", 0, 0, 0))
	expect(l, 8, BitPos("ones", 0)) // zeros follow
	expect(l, 0, BitPos("none", 0))
	expect(l, -1, BitPos("none", 1))
	expect(l, 16, BitPosSpan("k", 0, 16, -1, "BIT"))
	expect(l, 8, BitPosSpan("k", 1, 1, 2, "BYTE"))

	expect(l, 0, SetBit("b", 7, 1))
	expect(l, "\x01", Get("b"))
	expect(l, 1, GetBit("b", 7))
	expect(l, 0, GetBit("b", 100))
	expect(l, 1, SetBit("b", 7, 0))
	expect(l, 0, SetBit("b", 17, 1))
	expect(l, "\x00\x00\x40", Get("b"))
	fails(l, "out of range", SetBit("b", 1<<32, 1))

	succeed(l, MSet("x", "\x0f", "y", "\x3c\xff"))
	expect(l, 2, BitOpAnd("d", "x", "y"))
	expect(l, "\x0c\x00", Get("d"))
	expect(l, 2, BitOpOr("d", "x", "y", "none"))
	expect(l, "\x3f\xff", Get("d"))
	expect(l, 2, BitOpXor("d", "x", "y"))
	expect(l, "\x33\xff", Get("d"))
	expect(l, 1, BitOpNot("d", "x"))
	expect(l, "\xf0", Get("d"))
	expect(l, 0, BitOpNot("d", "none"))

	liveBitField(l)
}

func liveBitField(l *live) {
	u8, i64 := Unsigned(8), Signed(64)
	is := func(n int64) Optional[int64] { return Optional[int64]{n, true} }
	missing := Optional[int64]{}
	expect(l, []Optional[int64]{is(0), is(255), missing, is(255), is(9)}, BitField("f",
		u8.Set(0, 255), u8.Get(0), u8.IncrBy(0, 10).OnOverflow(OverflowFail), u8.IncrBy(0, 10).OnOverflow(OverflowSat), u8.IncrBy(0, 10)))
	expect(l, "\x09", Get("f"))
	expect(l, []Optional[int64]{missing, is(2)}, BitField("f", Unsigned(2).Set(0, 9).OnOverflow(OverflowFail), Unsigned(2).Get(2).Indexed()))
	expect(l, []Optional[int64]{is(0), is(math.MinInt64), missing, is(math.MaxInt64)}, BitField("f",
		i64.Set(1, math.MinInt64).Indexed(), i64.Get(64), i64.IncrBy(64, -1).OnOverflow(OverflowFail), i64.IncrBy(64, -1)))
	expect(l, []Optional[int64]{is(0), is(math.MaxInt64)}, BitField("g", Unsigned(63).Set(1, math.MaxInt64), Unsigned(63).Get(1)))
	expect(l, []Optional[int64]{}, BitField("f"))
	expect(l, []int64{9, 9, -7, 0}, BitFieldRO("f", Signed(8).Get(0), Unsigned(4).Get(1).Indexed(), Signed(4).Get(4), Unsigned(63).Get(5000)))
	expect(l, []int64{}, BitFieldRO("f"))
	expect(l, []int64{0}, BitFieldRO("none", u8.Get(0)))
	expect(l, 1, LPush("list", "v"))
	fails(l, "wrong kind of value", BitField("list", u8.Get(0)))
}
