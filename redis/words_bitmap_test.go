package redis

import "math"

var bitmapWords = []transcript{
	send("BITCOUNT <k>", BitCount("k")),
	send("BITCOUNT <k> 1", BitCount("k", 1)),
	send("BITCOUNT <k> 0 -1", BitCount("k", 0, -1)),
	send("BITCOUNT <k> 0 5 BIT", BitCountSpan("k", 0, 5, "BIT")),
	send("BITCOUNT <k> 0 -2 BYTE", BitCountSpan("k", 0, -2, "byte")),

	send("BITFIELD <k>", BitField("k")),
	send("BITFIELD <k> GET u8 0", BitField("k", Unsigned(8).Get(0))),
	send("BITFIELD <k> GET i5 100 SET u63 #3 -1 INCRBY i64 #0 -9223372036854775808", BitField("k",
		Signed(5).Get(100), Unsigned(63).Set(3, -1).Indexed(), Signed(64).IncrBy(0, math.MinInt64).Indexed())),
	// OVERFLOW counts for what follows, so it is sent where it changes
	send("BITFIELD <k> OVERFLOW SAT SET u2 0 9 GET u2 0 INCRBY u2 0 1 OVERFLOW FAIL INCRBY u2 2 1 OVERFLOW WRAP INCRBY u1 4 1", BitField("k",
		Unsigned(2).Set(0, 9).OnOverflow(OverflowSat), Unsigned(2).Get(0), Unsigned(2).IncrBy(0, 1).OnOverflow(OverflowSat),
		Unsigned(2).IncrBy(2, 1).OnOverflow("fail"), Unsigned(1).IncrBy(4, 1))),
	send("BITFIELD <k> INCRBY u1 0 1 INCRBY u1 0 1", BitField("k", Unsigned(1).IncrBy(0, 1).OnOverflow(OverflowWrap), Unsigned(1).IncrBy(0, 1))),
	send("BITFIELD_RO <k>", BitFieldRO("k")),
	send("BITFIELD_RO <k> GET u8 0 GET i64 #1", BitFieldRO("k", Unsigned(8).Get(0), Signed(64).Get(1).Indexed())),

	send("BITOP AND <d> <a> <b>", BitOpAnd("d", "a", "b")),
	send("BITOP OR <d> <a>", BitOpOr("d", "a")),
	send("BITOP XOR <d> <a> <b> <c>", BitOpXor("d", "a", "b", "c")),
	send("BITOP NOT <d> <a>", BitOpNot("d", "a")),

	send("BITPOS <k> 1", BitPos("k", 1)),
	send("BITPOS <k> 0 2", BitPos("k", 0, 2)),
	send("BITPOS <k> 0 2 -1", BitPos("k", 0, 2, -1)),
	send("BITPOS <k> 1 2 -1 BIT", BitPosSpan("k", 1, 2, -1, "BIT")),
	send("BITPOS <k> 0 2 3 BYTE", BitPosSpan("k", 0, 2, 3, "BYTE")),
	send("GETBIT <k> 4294967295", GetBit("k", math.MaxUint32)),
	send("SETBIT <k> 7 1", SetBit("k", 7, 1)),
}
