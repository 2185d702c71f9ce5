package redis

var topKWords = []transcript{
	send("TOPK.ADD <k> e 1", TopKAdd("k", "e", 1)),
	send("TOPK.COUNT <k> e f", TopKCount("k", "e", "f")),
	send("TOPK.INCRBY <k> e 2 f 1", TopKIncrBy("k", "e", 2, "f", 1)),
	send("TOPK.INFO <k>", TopKInfo("k")),
	send("TOPK.LIST <k>", TopKList("k")),
	send("TOPK.LIST <k> WITHCOUNT", TopKListWithCount("k")),
	send("TOPK.QUERY <k> e f", TopKQuery("k", "e", "f")),
	send("TOPK.RESERVE <k> 10", TopKReserve("k", 10)),
	send("TOPK.RESERVE <k> 10 50 4 0.9", TopKReserveWithOptions("k", 10, 50, 4, 0.9)),
}
