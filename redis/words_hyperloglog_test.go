package redis

var hyperLogLogWords = []transcript{
	send("PFADD <k>", PFAdd("k")),
	send("PFADD <k> a 2 3.5", PFAdd("k", "a", 2, 3.5)),
	send("PFCOUNT <a> <b>", PFCount("a", "b")),
	send("PFDEBUG DECODE <k>", PFDebugDecode("k")),
	send("PFDEBUG ENCODING <k>", PFDebugEncoding("k")),
	send("PFDEBUG GETREG <k>", PFDebugGetReg("k")),
	send("PFDEBUG TODENSE <k>", PFDebugToDense("k")),
	send("PFMERGE <d>", PFMerge("d")),
	send("PFMERGE <d> <a> <b>", PFMerge("d", "a", "b")),
	send("PFSELFTEST", PFSelfTest()),
}
