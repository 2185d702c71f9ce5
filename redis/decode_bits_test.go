package redis

import "testing"

func TestReadBitField(t *testing.T) {
	t.Parallel()
	c := BitField("k", Unsigned(8).Get(0))
	bothRead(t, c, "*3\r\n:255\r\n$-1\r\n:-9223372036854775808\r\n", "*3\r\n:255\r\n_\r\n:-9223372036854775808\r\n",
		[]Optional[int64]{{255, true}, {}, {-1 << 63, true}}) // a null is what OVERFLOW FAIL kept from happening
	bothRead(t, c, "*0\r\n", "*0\r\n", []Optional[int64]{})
	bothNil(t, c)
	readsNot(t, c, ":1\r\n", "$1\r\n1\r\n", "*1\r\n*0\r\n", "*1\r\n+x\r\n", "*1\r\n,1.5\r\n", "*2\r\n:1\r\n-ERR inside\r\n")

	bothRead(t, BitFieldRO("k"), "*2\r\n:255\r\n:-1\r\n", "*2\r\n:255\r\n:-1\r\n", []int64{255, -1})
	readsNot(t, BitFieldRO("k"), ":1\r\n", "*1\r\n*0\r\n")
	bothRead(t, BitPos("k", 1), ":-1\r\n", ":-1\r\n", -1)
	readsNot(t, BitCount("k"), "+many\r\n", "*0\r\n")
}

func TestReadHyperLogLog(t *testing.T) {
	t.Parallel()
	bothRead(t, PFCount("k"), ":3\r\n", ":3\r\n", 3)
	bothRead(t, PFDebugGetReg("k"), "*3\r\n:0\r\n:2\r\n:0\r\n", "*3\r\n:0\r\n:2\r\n:0\r\n", []int64{0, 2, 0})
	bothRead(t, PFDebugEncoding("k"), "+sparse\r\n", "+sparse\r\n", "sparse")
	bothRead(t, PFDebugToDense("k"), ":1\r\n", ":1\r\n", true)
	bothRead(t, PFSelfTest(), "+OK\r\n", "+OK\r\n", struct{}{})
	readsNot(t, PFDebugGetReg("k"), ":1\r\n", "*1\r\n+x\r\n")
}
