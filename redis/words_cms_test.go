package redis

var cmsWords = []transcript{
	send("CMS.INCRBY <k> e 2 f 1", CMSIncrBy("k", "e", 2, "f", 1)),
	send("CMS.INCRBY <k> e 2", CMSIncrBy("k", map[string]any{"e": 2})),
	send("CMS.INFO <k>", CMSInfo("k")),
	send("CMS.INITBYDIM <k> 2000 5", CMSInitByDim("k", 2000, 5)),
	send("CMS.INITBYPROB <k> 0.001 0.01", CMSInitByProb("k", 0.001, 0.01)),
	send("CMS.MERGE <d> 2 <a> <b>", CMSMerge("d", "a", "b")),
	send("CMS.MERGE <d> 2 <a> <b> WEIGHTS 3 1", CMSMergeWithWeight("d", map[string]int64{"b": 1, "a": 3})),
	send("CMS.QUERY <k> e f", CMSQuery("k", "e", "f")),
}
