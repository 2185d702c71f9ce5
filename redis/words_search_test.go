package redis

import "time"

var searchWords = []transcript{
	send("FT._LIST", FT_List()),
	send("FT.AGGREGATE i * DIALECT 2", FTAggregate("i", "*")),
	send("FT.AGGREGATE i * DIALECT 2", FTAggregateWithArgs("i", "*", FTAggregateArgs{})),
	send("FT.AGGREGATE i * VERBATIM SCORER BM25STD ADDSCORES TIMEOUT 500 LOAD * APPLY @a+1 AS b APPLY @b GROUPBY 2 @a @b REDUCE COUNT 0 AS n REDUCE SUM 1 @a "+
		"SORTBY 4 @n DESC @a ASC MAX 10 LIMIT 5 10 FILTER @n>1 PARAMS 4 v ab x 2 DIALECT 3", FTAggregateWithArgs("i", "*", FTAggregateArgs{
		Verbatim: true, Scorer: "BM25STD", AddScores: true, Timeout: 500 * time.Millisecond,
		Steps: []FTStep{
			FTLoad{}, FTApply{"@a+1", "b"}, FTApply{Expression: "@b"},
			FTGroupBy{[]string{"@a", "@b"}, []FTReducer{{Reducer: "COUNT", As: "n"}, {Reducer: "SUM", Args: []any{"@a"}}}},
			FTSortBy{[]FTSearchSortBy{{"@n", true}, {"@a", false}}, 10}, FTLimit{5, 10}, FTFilter{"@n>1"},
		},
		Params: map[string]any{"x": 2, "v": []byte("ab")}, Dialect: 3,
	})),
	send("FT.AGGREGATE i * LOAD 4 @a @b AS c GROUPBY 0 SORTBY 2 @a ASC DIALECT 2", FTAggregateWithArgs("i", "*", FTAggregateArgs{
		Steps: []FTStep{FTLoad{[]FTSearchReturn{{"@a", ""}, {"@b", "c"}}}, FTGroupBy{}, FTSortBy{Fields: []FTSearchSortBy{{FieldName: "@a"}}}},
	})),
	send("FT.AGGREGATE i * DIALECT 2 WITHCURSOR", FTAggregateWithCursor("i", "*", FTAggregateArgs{}, FTCursorArgs{})),
	send("FT.AGGREGATE i * DIALECT 2 WITHCURSOR COUNT 100 MAXIDLE 60000", FTAggregateWithCursor("i", "*", FTAggregateArgs{}, FTCursorArgs{Count: 100, MaxIdle: time.Minute})),
	send("FT.ALIASADD a i", FTAliasAdd("i", "a")),
	send("FT.ALIASDEL a", FTAliasDel("a")),
	send("FT.ALIASUPDATE a i", FTAliasUpdate("i", "a")),
	send("FT.ALTER i SCHEMA ADD f TAG", FTAlter("i", false, FieldSchema{FieldName: "f", FieldType: "TAG"})),
	send("FT.ALTER i SKIPINITIALSCAN SCHEMA ADD f NUMERIC g GEO", FTAlter("i", true, FieldSchema{FieldName: "f", FieldType: "NUMERIC"}, FieldSchema{FieldName: "g", FieldType: "geo"})),
	send("FT.CONFIG GET *", FTConfigGet("*")),
	send("FT.CONFIG SET TIMEOUT 500", FTConfigSet("TIMEOUT", 500)),
	send("FT.CREATE i SCHEMA f TEXT", FTCreate("i", FTCreateArgs{}, FieldSchema{FieldName: "f", FieldType: "TEXT"})),
	send("FT.CREATE i ON HASH PREFIX 2 a: b: FILTER @x>1 LANGUAGE german LANGUAGE_FIELD l SCORE 0.5 SCORE_FIELD s PAYLOAD_FIELD p MAXTEXTFIELDS TEMPORARY 60 NOOFFSETS "+
		"NOHL NOFIELDS NOFREQS STOPWORDS 1 the SKIPINITIALSCAN SCHEMA f AS g TEXT NOSTEM WEIGHT 2 PHONETIC dm:en WITHSUFFIXTRIE INDEXEMPTY INDEXMISSING SORTABLE UNF NOINDEX",
		FTCreate("i", FTCreateArgs{
			On: "HASH", Prefix: []string{"a:", "b:"}, Filter: "@x>1", DefaultLanguage: "german", LanguageField: "l", Score: 0.5, ScoreField: "s", PayloadField: "p",
			MaxTextFields: true, Temporary: time.Minute, NoOffsets: true, NoHL: true, NoFields: true, NoFreqs: true, StopWords: []string{"the"}, SkipInitialScan: true,
		}, FieldSchema{
			FieldName: "f", As: "g", FieldType: "TEXT", NoStem: true, Weight: 2, PhoneticMatcher: "dm:en", WithSuffixtrie: true, IndexEmpty: true, IndexMissing: true,
			Sortable: true, UNF: true, NoIndex: true,
		})),
	send("FT.CREATE i ON JSON STOPWORDS 0 SCHEMA $.f AS f TAG SEPARATOR ; CASESENSITIVE $.g GEOSHAPE FLAT", FTCreate("i", FTCreateArgs{On: "json", StopWords: []string{}},
		FieldSchema{FieldName: "$.f", As: "f", FieldType: "TAG", Separator: ";", CaseSensitive: true}, FieldSchema{FieldName: "$.g", FieldType: "GEOSHAPE", GeoShapeFieldType: "flat"})),
	send("FT.CREATE i SCHEMA v VECTOR FLAT 10 TYPE FLOAT32 DIM 3 DISTANCE_METRIC L2 INITIAL_CAP 100 BLOCK_SIZE 10 n NUMERIC SORTABLE g GEO", FTCreate("i", FTCreateArgs{},
		FieldSchema{FieldName: "v", FieldType: "VECTOR", VectorArgs: &FTVectorArgs{Algorithm: "FLAT", Type: "FLOAT32", Dim: 3, DistanceMetric: "L2", InitialCapacity: 100, BlockSize: 10}},
		FieldSchema{FieldName: "n", FieldType: "NUMERIC", Sortable: true}, FieldSchema{FieldName: "g", FieldType: "GEO"})),
	send("FT.CREATE i SCHEMA v VECTOR HNSW 14 TYPE FLOAT16 DIM 3 DISTANCE_METRIC IP M 16 EF_CONSTRUCTION 200 EF_RUNTIME 10 EPSILON 0.01", FTCreate("i", FTCreateArgs{},
		FieldSchema{FieldName: "v", FieldType: "VECTOR", VectorArgs: &FTVectorArgs{Algorithm: "hnsw", Type: "FLOAT16", Dim: 3, DistanceMetric: "IP", M: 16, EFConstruction: 200,
			EFRunTime: 10, Epsilon: 0.01}})),
	send("FT.CREATE i SCHEMA v VECTOR SVS-VAMANA 18 TYPE FLOAT32 DIM 3 DISTANCE_METRIC COSINE CONSTRUCTION_WINDOW_SIZE 200 GRAPH_MAX_DEGREE 32 SEARCH_WINDOW_SIZE 10 "+
		"TRAINING_THRESHOLD 1000 REDUCE 2 COMPRESSION LVQ8", FTCreate("i", FTCreateArgs{},
		FieldSchema{FieldName: "v", FieldType: "VECTOR", VectorArgs: &FTVectorArgs{Algorithm: "SVS-VAMANA", Type: "FLOAT32", Dim: 3, DistanceMetric: "COSINE",
			ConstructionWindowSize: 200, GraphMaxDegree: 32, SearchWindowSize: 10, TrainingThreshold: 1000, ReduceDim: 2, Compression: "LVQ8"}})),
	send("FT.CURSOR DEL i 7", FTCursorDel("i", 7)),
	send("FT.CURSOR READ i 7", FTCursorRead("i", 7, 0)),
	send("FT.CURSOR READ i 7 COUNT 10", FTCursorRead("i", 7, 10)),
	send("FT.DICTADD d a b", FTDictAdd("d", "a", "b")),
	send("FT.DICTDEL d a", FTDictDel("d", "a")),
	send("FT.DICTDUMP d", FTDictDump("d")),
	send("FT.DROPINDEX i", FTDropIndex("i")),
	send("FT.DROPINDEX i DD", FTDropIndexWithArgs("i", FTDropIndexArgs{DeleteDocs: true})),
	send("FT.EXPLAIN i a|b DIALECT 2", FTExplain("i", "a|b")),
	send("FT.EXPLAIN i a DIALECT 4", FTExplainWithArgs("i", "a", FTExplainArgs{Dialect: 4})),
	send("FT.EXPLAINCLI i a DIALECT 2", FTExplainCLI("i", "a")),
	send("FT.EXPLAINCLI i a DIALECT 1", FTExplainCLIWithArgs("i", "a", FTExplainArgs{Dialect: 1})),
	send("FT.HYBRID i SEARCH red VSIM @v $fairlead_vector PARAMS 2 fairlead_vector abcd", FTHybrid("i", "red", "v", []byte("abcd"))),
	send("FT.HYBRID i SEARCH red VSIM @v $fairlead_vector PARAMS 2 fairlead_vector abcd", FTHybridWithArgs("i", FTHybridArgs{
		Search: FTHybridSearch{Query: "red"}, Vector: FTHybridVector{Field: "@v", Data: VectorFP32{Val: []byte("abcd")}},
	})),
	send("FT.HYBRID i SEARCH $q SCORER BM25STD YIELD_SCORE_AS s VSIM @v $fairlead_vector KNN 2 K 10 FILTER @n>1 YIELD_SCORE_AS t COMBINE RRF 4 WINDOW 20 CONSTANT 60 "+
		"LOAD 1 @a APPLY @a AS b GROUPBY 1 @b REDUCE COUNT 0 SORTBY 2 @b ASC LIMIT 0 5 PARAMS 4 fairlead_vector abcd q red TIMEOUT 500", FTHybridWithArgs("i", FTHybridArgs{
		Search:  FTHybridSearch{Query: "$q", Scorer: "BM25STD", YieldScoreAs: "s"},
		Vector:  FTHybridVector{Field: "v", Data: &VectorFP32{Val: []byte("abcd")}, Method: "knn", MethodArgs: []any{"K", 10}, Filter: "@n>1", YieldScoreAs: "t"},
		Combine: &FTHybridCombine{Method: "RRF", Args: []any{"WINDOW", 20, "CONSTANT", 60}},
		Steps: []FTStep{FTLoad{[]FTSearchReturn{{FieldName: "@a"}}}, FTApply{"@a", "b"}, FTGroupBy{[]string{"@b"}, []FTReducer{{Reducer: "COUNT"}}},
			FTSortBy{Fields: []FTSearchSortBy{{FieldName: "@b"}}}, FTLimit{0, 5}},
		Params: map[string]any{"q": "red"}, Timeout: 500 * time.Millisecond,
	})),
	send("FT.HYBRID i SEARCH red VSIM @v $fairlead_vector RANGE 2 RADIUS 0.5 COMBINE LINEAR 4 ALPHA 0.3 BETA 0.7 PARAMS 2 fairlead_vector abcd", FTHybridWithArgs("i", FTHybridArgs{
		Search: FTHybridSearch{Query: "red"}, Vector: FTHybridVector{Field: "v", Data: []byte("abcd"), Method: "RANGE", MethodArgs: []any{"RADIUS", 0.5}},
		Combine: &FTHybridCombine{Method: "LINEAR", Args: []any{"ALPHA", 0.3, "BETA", 0.7}},
	})),
	send("FT.INFO i", FTInfo("i")),
	send("FT.SEARCH i @a:{b} DIALECT 2", FTSearch("i", "@a:{b}")),
	send("FT.SEARCH i * DIALECT 2", FTSearchWithArgs("i", "*", FTSearchArgs{})),
	send("FT.SEARCH i * NOCONTENT VERBATIM NOSTOPWORDS WITHSCORES WITHPAYLOADS WITHSORTKEYS FILTER n -inf (5 FILTER m 1 2 GEOFILTER g 1.5 2 3 km INKEYS 2 k l INFIELDS 1 f "+
		"RETURN 4 f g AS h SUMMARIZE FIELDS 1 f FRAGS 2 LEN 5 SEPARATOR | HIGHLIGHT FIELDS 1 f TAGS [ ] SLOP 0 TIMEOUT 500 INORDER LANGUAGE german EXPANDER e SCORER s EXPLAINSCORE "+
		"PAYLOAD p SORTBY f DESC LIMIT 10 5 PARAMS 2 v abcd DIALECT 3", FTSearchWithArgs("i", "*", FTSearchArgs{
		NoContent: true, Verbatim: true, NoStopWords: true, WithScores: true, WithPayloads: true, WithSortKeys: true,
		Filters: []FTSearchFilter{{"n", "-inf", "(5"}, {"m", 1, 2}}, GeoFilter: []FTSearchGeoFilter{{"g", 1.5, 2, 3, Kilometers}}, InKeys: []string{"k", "l"},
		InFields: []string{"f"}, Return: []FTSearchReturn{{"f", ""}, {"g", "h"}}, Summarize: &FTSummarize{[]string{"f"}, 2, 5, "|"},
		Highlight: &FTHighlight{[]string{"f"}, [2]string{"[", "]"}}, Slop: new(int64), Timeout: 500 * time.Millisecond, InOrder: true, Language: "german", Expander: "e",
		Scorer: "s", ExplainScore: true, Payload: "p", SortBy: &FTSearchSortBy{"f", true}, LimitOffset: 10, Limit: 5, Params: map[string]any{"v": VectorFP32{Val: []byte("abcd")}}, Dialect: 3,
	})),
	send("FT.SEARCH i * SUMMARIZE HIGHLIGHT SORTBY f ASC LIMIT 0 0 DIALECT 2", FTSearchWithArgs("i", "*", FTSearchArgs{
		Summarize: &FTSummarize{}, Highlight: &FTHighlight{}, SortBy: &FTSearchSortBy{FieldName: "f"}, CountOnly: true,
	})),
	send("FT.SPELLCHECK i helo DIALECT 2", FTSpellCheck("i", "helo")),
	send("FT.SPELLCHECK i helo DISTANCE 2 TERMS INCLUDE d TERMS EXCLUDE e x y DIALECT 2", FTSpellCheckWithArgs("i", "helo", FTSpellCheckArgs{
		Distance: 2, Terms: []FTSpellCheckTerms{{Inclusion: "INCLUDE", Dictionary: "d"}, {"exclude", "e", []any{"x", "y"}}},
	})),
	send("FT.SUGADD <k> hello 1.5", FTSugAdd("k", "hello", 1.5)),
	send("FT.SUGADD <k> hello 1 INCR PAYLOAD p", FTSugAddWithArgs("k", "hello", 1, FTSugAddArgs{Incr: true, Payload: "p"})),
	send("FT.SUGDEL <k> hello", FTSugDel("k", "hello")),
	send("FT.SUGGET <k> he", FTSugGet("k", "he", FTSugGetArgs{})),
	send("FT.SUGGET <k> he FUZZY MAX 3 WITHSCORES", FTSugGetWithScores("k", "he", FTSugGetArgs{Fuzzy: true, Max: 3})),
	send("FT.SUGGET <k> he WITHSCORES WITHPAYLOADS", FTSugGetWithPayloads("k", "he", FTSugGetArgs{})),
	send("FT.SUGLEN <k>", FTSugLen("k")),
	send("FT.SYNDUMP i", FTSynDump("i")),
	send("FT.SYNUPDATE i 1 a b", FTSynUpdate("i", 1, []any{"a", "b"})),
	send("FT.SYNUPDATE i g SKIPINITIALSCAN a", FTSynUpdateWithArgs("i", "g", FTSynUpdateArgs{SkipInitialScan: true}, []any{"a"})),
	send("FT.TAGVALS i f", FTTagVals("i", "f")),
}
