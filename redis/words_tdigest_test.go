package redis

var tDigestWords = []transcript{
	send("TDIGEST.ADD <k> 1.5 -2", TDigestAdd("k", 1.5, -2)),
	send("TDIGEST.BYRANK <k> 0 18446744073709551615", TDigestByRank("k", 0, 1<<64-1)),
	send("TDIGEST.BYREVRANK <k> 1", TDigestByRevRank("k", 1)),
	send("TDIGEST.CDF <k> 1.5", TDigestCDF("k", 1.5)),
	send("TDIGEST.CREATE <k>", TDigestCreate("k")),
	send("TDIGEST.CREATE <k> COMPRESSION 200", TDigestCreateWithCompression("k", 200)),
	send("TDIGEST.INFO <k>", TDigestInfo("k")),
	send("TDIGEST.MAX <k>", TDigestMax("k")),
	send("TDIGEST.MERGE <d> 2 <a> <b>", TDigestMerge("d", TDigestMergeArgs{}, "a", "b")),
	send("TDIGEST.MERGE <d> 1 <a> COMPRESSION 200 OVERRIDE", TDigestMerge("d", TDigestMergeArgs{Compression: 200, Override: true}, "a")),
	send("TDIGEST.MIN <k>", TDigestMin("k")),
	send("TDIGEST.QUANTILE <k> 0.5 0.99", TDigestQuantile("k", 0.5, 0.99)),
	send("TDIGEST.RANK <k> 1.5", TDigestRank("k", 1.5)),
	send("TDIGEST.RESET <k>", TDigestReset("k")),
	send("TDIGEST.REVRANK <k> 1.5", TDigestRevRank("k", 1.5)),
	send("TDIGEST.TRIMMED_MEAN <k> 0.1 0.9", TDigestTrimmedMean("k", 0.1, 0.9)),
}
