package redis

import "time"

// allTS are all options of a new time series.
var allTS = TSCreateArgs{
	Retention: time.Minute, Encoding: "COMPRESSED", ChunkSize: 4096, DuplicatePolicy: "LAST", IgnoreMaxTimeDiff: second, IgnoreMaxValDiff: 0.5,
	Labels: map[string]string{"b": "2", "a": "1"},
}

const allTSWords = "RETENTION 60000 ENCODING COMPRESSED CHUNK_SIZE 4096 DUPLICATE_POLICY LAST IGNORE 1000 0.5 LABELS a 1 b 2"

var timeSeriesWords = []transcript{
	send("TS.ADD <k> * 1.5", TSAdd("k", "*", 1.5)),
	send("TS.ADD <k> 1700000000123 1.5", TSAdd("k", 1700000000123, 1.5)),
	send("TS.ADD <k> 1700000000123 1.5", TSAdd("k", instant, 1.5)), // a time.Time
	send("TS.ADD <k> 1 2", TSAddWithArgs("k", 1, 2, TSAddArgs{})),
	send("TS.ADD <k> 1 2 ON_DUPLICATE SUM "+allTSWords, TSAddWithArgs("k", 1, 2, TSAddArgs{OnDuplicate: "SUM", TSCreateArgs: allTS})),
	send("TS.ALTER <k>", TSAlter("k", TSAlterArgs{})),
	send("TS.ALTER <k> RETENTION 0 LABELS", TSAlter("k", TSAlterArgs{Retention: -1, Labels: map[string]string{}})), // for ever; no labels any more
	send("TS.ALTER <k> RETENTION 60000 CHUNK_SIZE 4096 DUPLICATE_POLICY MIN IGNORE 0 2 LABELS a 1", TSAlter("k", TSAlterArgs{
		Retention: time.Minute, ChunkSize: 4096, DuplicatePolicy: "MIN", IgnoreMaxValDiff: 2, Labels: map[string]string{"a": "1"},
	})),
	send("TS.CREATE <k>", TSCreate("k")),
	send("TS.CREATE <k>", TSCreateWithArgs("k", TSCreateArgs{Labels: map[string]string{}})),
	send("TS.CREATE <k> "+allTSWords, TSCreateWithArgs("k", allTS)),
	send("TS.CREATE <k> ENCODING UNCOMPRESSED DUPLICATE_POLICY BLOCK", TSCreateWithArgs("k", TSCreateArgs{Encoding: "UNCOMPRESSED", DuplicatePolicy: "BLOCK"})),
	send("TS.CREATE <k> DUPLICATE_POLICY FIRST", TSCreateWithArgs("k", TSCreateArgs{DuplicatePolicy: "first"})),
	send("TS.CREATE <k> DUPLICATE_POLICY MIN", TSCreateWithArgs("k", TSCreateArgs{DuplicatePolicy: "MIN"})),
	send("TS.CREATE <k> DUPLICATE_POLICY MAX", TSCreateWithArgs("k", TSCreateArgs{DuplicatePolicy: "MAX"})),
	send("TS.CREATE <k> DUPLICATE_POLICY SUM", TSCreateWithArgs("k", TSCreateArgs{DuplicatePolicy: "SUM"})),
	send("TS.CREATERULE <k> <d> AGGREGATION AVG 60000", TSCreateRule("k", "d", "AVG", time.Minute)),
	send("TS.CREATERULE <k> <d> AGGREGATION SUM 1 5", TSCreateRuleWithArgs("k", "d", "sum", time.Millisecond, TSCreateRuleArgs{AlignTimestamp: 5})),
	send("TS.CREATERULE <k> <d> AGGREGATION MIN 1000", TSCreateRule("k", "d", "MIN", second)),
	send("TS.CREATERULE <k> <d> AGGREGATION MAX 1000", TSCreateRule("k", "d", "MAX", second)),
	send("TS.CREATERULE <k> <d> AGGREGATION RANGE 1000", TSCreateRule("k", "d", "RANGE", second)),
	send("TS.CREATERULE <k> <d> AGGREGATION COUNT 1000", TSCreateRule("k", "d", "COUNT", second)),
	send("TS.CREATERULE <k> <d> AGGREGATION FIRST 1000", TSCreateRule("k", "d", "FIRST", second)),
	send("TS.CREATERULE <k> <d> AGGREGATION LAST 1000", TSCreateRule("k", "d", "LAST", second)),
	send("TS.CREATERULE <k> <d> AGGREGATION STD.P 1000", TSCreateRule("k", "d", "STD.P", second)),
	send("TS.CREATERULE <k> <d> AGGREGATION STD.S 1000", TSCreateRule("k", "d", "STD.S", second)),
	send("TS.CREATERULE <k> <d> AGGREGATION VAR.P 1000", TSCreateRule("k", "d", "VAR.P", second)),
	send("TS.CREATERULE <k> <d> AGGREGATION VAR.S 1000", TSCreateRule("k", "d", "VAR.S", second)),
	send("TS.CREATERULE <k> <d> AGGREGATION TWA 1000", TSCreateRule("k", "d", "TWA", second)),
	send("TS.CREATERULE <k> <d> AGGREGATION COUNTNAN 1000", TSCreateRule("k", "d", "COUNTNAN", second)),
	send("TS.CREATERULE <k> <d> AGGREGATION COUNTALL 1000", TSCreateRule("k", "d", "COUNTALL", second)),
	send("TS.DECRBY <k> 1.5", TSDecrBy("k", 1.5)),
	send("TS.DECRBY <k> 1.5 TIMESTAMP * "+allTSWords, TSDecrByWithArgs("k", 1.5, TSIncrDecrArgs{Timestamp: "*", TSCreateArgs: allTS})),
	send("TS.DEL <k> - 1700000000123", TSDel("k", "-", instant)),
	send("TS.DELETERULE <k> <d>", TSDeleteRule("k", "d")),
	send("TS.GET <k>", TSGet("k")),
	send("TS.GET <k> LATEST", TSGetWithArgs("k", TSGetArgs{Latest: true})),
	send("TS.INCRBY <k> 1.5", TSIncrBy("k", 1.5)),
	send("TS.INCRBY <k> 1.5 TIMESTAMP 7 "+allTSWords, TSIncrByWithArgs("k", 1.5, TSIncrDecrArgs{Timestamp: 7, TSCreateArgs: allTS})),
	send("TS.INFO <k>", TSInfo("k")),
	send("TS.INFO <k> DEBUG", TSInfoWithArgs("k", TSInfoArgs{Debug: true})),
	send("TS.MADD <k> * 1 <l> 7 -2.5", TSMAdd(TSSample{"k", "*", 1}, TSSample{"l", 7, -2.5})),
	send("TS.MGET FILTER a=1 b!=", TSMGet([]string{"a=1", "b!="})), // there is no key
	send("TS.MGET LATEST WITHLABELS FILTER a=1", TSMGetWithArgs([]string{"a=1"}, TSMGetArgs{Latest: true, WithLabels: true})),
	send("TS.MGET SELECTED_LABELS a b FILTER a=1", TSMGetWithArgs([]string{"a=1"}, TSMGetArgs{SelectedLabels: []string{"a", "b"}})),
	send("TS.MRANGE - + FILTER a=1", TSMRange("-", "+", []string{"a=1"})),
	send("TS.MRANGE 0 9 LATEST FILTER_BY_TS 1 2 FILTER_BY_VALUE 0.5 2 WITHLABELS COUNT 5 ALIGN start AGGREGATION AVG 60000 BUCKETTIMESTAMP ~ EMPTY "+
		"FILTER a=1 GROUPBY a REDUCE MAX", TSMRangeWithArgs(0, 9, []string{"a=1"}, TSMRangeArgs{
		Latest: true, FilterByTS: []int64{1, 2}, FilterByValue: []float64{0.5, 2}, WithLabels: true, Count: 5, Align: "start", Aggregators: []string{"avg"},
		BucketDuration: time.Minute, BucketTimestamp: "~", Empty: true, GroupByLabel: "a", Reducer: "max",
	})),
	send("TS.MRANGE 0 9 SELECTED_LABELS a b FILTER a=1", TSMRangeWithArgs(0, 9, []string{"a=1"}, TSMRangeArgs{SelectedLabels: []string{"a", "b"}})),
	send("TS.MREVRANGE - + FILTER a=1", TSMRevRange("-", "+", []string{"a=1"})),
	send("TS.MREVRANGE 0 9 LATEST FILTER_BY_TS 1 FILTER_BY_VALUE 0 1 WITHLABELS COUNT 5 ALIGN 3 AGGREGATION MIN 1000 BUCKETTIMESTAMP + EMPTY "+
		"FILTER a=1 GROUPBY a REDUCE SUM", TSMRevRangeWithArgs(0, 9, []string{"a=1"}, TSMRangeArgs{
		Latest: true, FilterByTS: []int64{1}, FilterByValue: []float64{0, 1}, WithLabels: true, Count: 5, Align: 3, Aggregators: []string{"MIN"},
		BucketDuration: second, BucketTimestamp: "+", Empty: true, GroupByLabel: "a", Reducer: "SUM",
	})),
	send("TS.MREVRANGE 0 9 SELECTED_LABELS a FILTER a=1", TSMRevRangeWithArgs(0, 9, []string{"a=1"}, TSMRangeArgs{SelectedLabels: []string{"a"}})),
	send("TS.QUERYINDEX a=1 b=(x,y)", TSQueryIndex([]string{"a=1", "b=(x,y)"})),
	send("TS.RANGE <k> - +", TSRange("k", "-", "+")),
	send("TS.RANGE <k> 0 1700000000123", TSRange("k", int64(0), instant)),
	send("TS.RANGE <k> 0 9 LATEST FILTER_BY_TS 1 2 FILTER_BY_VALUE 0.5 2 COUNT 5 ALIGN end AGGREGATION MIN,MAX 60000 BUCKETTIMESTAMP - EMPTY",
		TSRangeWithArgs("k", 0, 9, TSRangeArgs{
			Latest: true, FilterByTS: []int64{1, 2}, FilterByValue: []float64{0.5, 2}, Count: 5, Align: "end", Aggregators: []string{"min", "MAX"},
			BucketDuration: time.Minute, BucketTimestamp: "-", Empty: true,
		})),
	send("TS.REVRANGE <k> - +", TSRevRange("k", "-", "+")),
	send("TS.REVRANGE <k> 0 9 LATEST FILTER_BY_TS 1 FILTER_BY_VALUE 0 1 COUNT 5 ALIGN 1700000000123 AGGREGATION TWA 1 BUCKETTIMESTAMP - EMPTY",
		TSRevRangeWithArgs("k", 0, 9, TSRangeArgs{
			Latest: true, FilterByTS: []int64{1}, FilterByValue: []float64{0, 1}, Count: 5, Align: instant, Aggregators: []string{"TWA"},
			BucketDuration: time.Millisecond, BucketTimestamp: "-", Empty: true,
		})),
}
