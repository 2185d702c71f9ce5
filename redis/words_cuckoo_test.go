package redis

var cuckooWords = []transcript{
	send("CF.ADD <k> e", CFAdd("k", "e")),
	send("CF.ADDNX <k> e", CFAddNX("k", "e")),
	send("CF.COUNT <k> e", CFCount("k", "e")),
	send("CF.DEL <k> e", CFDel("k", "e")),
	send("CF.EXISTS <k> e", CFExists("k", "e")),
	send("CF.INFO <k>", CFInfo("k")),
	send("CF.INSERT <k> CAPACITY 100 ITEMS e f", CFInsert("k", CFInsertArgs{Capacity: 100}, "e", "f")),
	send("CF.INSERT <k> NOCREATE ITEMS e", CFInsert("k", CFInsertArgs{NoCreate: true}, "e")),
	send("CF.INSERTNX <k> CAPACITY 100 ITEMS e f", CFInsertNX("k", CFInsertArgs{Capacity: 100}, "e", "f")),
	send("CF.INSERTNX <k> NOCREATE ITEMS e", CFInsertNX("k", CFInsertArgs{NoCreate: true}, "e")),
	send("CF.LOADCHUNK <k> 1 bytes", CFLoadChunk("k", 1, "bytes")),
	send("CF.MEXISTS <k> e f", CFMExists("k", "e", "f")),
	send("CF.RESERVE <k> 1000", CFReserve("k", 1000)),
	send("CF.RESERVE <k> 1000 EXPANSION 2", CFReserveExpansion("k", 1000, 2)),
	send("CF.RESERVE <k> 1000 BUCKETSIZE 4", CFReserveBucketSize("k", 1000, 4)),
	send("CF.RESERVE <k> 1000 MAXITERATIONS 30", CFReserveMaxIterations("k", 1000, 30)),
	send("CF.RESERVE <k> 1000", CFReserveWithArgs("k", CFReserveArgs{Capacity: 1000})),
	send("CF.RESERVE <k> 1000 BUCKETSIZE 4 MAXITERATIONS 30 EXPANSION 2",
		CFReserveWithArgs("k", CFReserveArgs{Capacity: 1000, BucketSize: 4, MaxIterations: 30, Expansion: 2})),
	send("CF.SCANDUMP <k> 0", CFScanDump("k", 0)),
}
