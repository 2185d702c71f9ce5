package redis

import "testing"

// document is one of RESP3's results.
func document(pairs ...string) string {
	return mapOf(append(pairs, "+values\r\n", arrayOf())...)
}

// results is what RESP3 has around documents or rows.
func results(total int64, of ...string) string {
	return mapOf("+attributes\r\n", arrayOf(), "+format\r\n", "+STRING\r\n", "+results\r\n", arrayOf(of...), "+total_results\r\n", number(total), "+warning\r\n", arrayOf())
}

func TestReadSearch(t *testing.T) {
	t.Parallel()
	fields2, fields3 := arrayOf(bulk("a"), bulk("1"), bulk("b"), bulk("x")), mapOf(bulk("a"), bulk("1"), bulk("b"), bulk("x"))
	fields := map[string]string{"a": "1", "b": "x"}
	want := func(total int64, docs ...FTDocument) FTSearchResult {
		return FTSearchResult{Total: total, Docs: append([]FTDocument{}, docs...)}
	}
	read := func(args FTSearchArgs, resp2, resp3 string, want FTSearchResult) {
		t.Helper()
		bothRead(t, FTSearchWithArgs("i", "*", args), resp2, resp3, want)
	}
	read(FTSearchArgs{}, arrayOf(number(7), bulk("k"), fields2, bulk("l"), "*-1\r\n"),
		results(7, document("+id\r\n", bulk("k"), "+extra_attributes\r\n", fields3), document("+id\r\n", bulk("l"), "+extra_attributes\r\n", "_\r\n")),
		want(7, FTDocument{ID: "k", Fields: fields}, FTDocument{ID: "l"}))
	read(FTSearchArgs{NoContent: true}, arrayOf(number(2), bulk("k"), bulk("l")), results(2, document("+id\r\n", bulk("k")), document("+id\r\n", bulk("l"))),
		want(2, FTDocument{ID: "k"}, FTDocument{ID: "l"}))
	read(FTSearchArgs{WithScores: true, WithPayloads: true, WithSortKeys: true},
		arrayOf(number(1), bulk("k"), bulk("1.5"), bulk("p"), bulk("#5"), fields2),
		results(1, document("+id\r\n", bulk("k"), "+score\r\n", ",1.5\r\n", "+payload\r\n", bulk("p"), "+sortkey\r\n", bulk("#5"), "+extra_attributes\r\n", fields3)),
		want(1, FTDocument{ID: "k", Score: 1.5, Payload: "p", SortKey: "#5", Fields: fields}))
	read(FTSearchArgs{WithScores: true, WithPayloads: true, NoContent: true}, arrayOf(number(1), bulk("k"), bulk("1.5"), "$-1\r\n"),
		results(1, document("+id\r\n", bulk("k"), "+score\r\n", ",1.5\r\n", "+payload\r\n", "_\r\n")), want(1, FTDocument{ID: "k", Score: 1.5}))
	read(FTSearchArgs{WithScores: true, ExplainScore: true, NoContent: true}, arrayOf(number(1), bulk("k"), arrayOf(bulk("2"), arrayOf(bulk("Final"), arrayOf(bulk("TF"), bulk("IDF"))))),
		results(1, document("+id\r\n", bulk("k"), "+score\r\n", arrayOf(",2\r\n", arrayOf(bulk("Final"), arrayOf(bulk("TF"), bulk("IDF")))))),
		want(1, FTDocument{ID: "k", Score: 2, Explanation: []string{"Final", "TF", "IDF"}}))
	read(FTSearchArgs{CountOnly: true}, arrayOf(number(9)), results(9), want(9))

	c := FTSearch("i", "*")
	bothNil(t, c)
	readsNot(t, c, number(1), arrayOf(), arrayOf(bulk("x")), arrayOf(number(1), arrayOf()), arrayOf(number(1), bulk("k")), arrayOf(number(1), bulk("k"), number(1)),
		mapOf("+total_results\r\n", bulk("x")), mapOf("+results\r\n", number(1)), mapOf("+results\r\n", arrayOf(mapOf("+id\r\n", arrayOf()))), mapOf("+warning\r\n", number(1)),
		mapOf("+results\r\n", arrayOf(mapOf("+score\r\n", bulk("x")))), mapOf("+results\r\n", arrayOf(mapOf("+score\r\n", arrayOf(bulk("1"))))), mapOf(arrayOf(), number(1)))
	readsNot(t, FTSearchWithArgs("i", "*", FTSearchArgs{WithScores: true}), arrayOf(number(1), bulk("k"), bulk("x"), arrayOf()), arrayOf(number(1), bulk("k"), bulk("1")))
}

func TestReadAggregate(t *testing.T) {
	t.Parallel()
	row2 := arrayOf(bulk("a"), bulk("1"), bulk("b"), "$-1\r\n", bulk("c"), arrayOf(bulk("x"), bulk("y")))
	row3 := document("+extra_attributes\r\n", mapOf(bulk("a"), ",1\r\n", bulk("b"), "_\r\n", bulk("c"), arrayOf(bulk("x"), bulk("y"))))
	want := FTAggregateResult{Total: 1, Rows: []FTRow{{Fields: map[string]string{"a": "1", "b": ""}, Lists: map[string][]string{"c": {"x", "y"}}}}}
	bothRead(t, FTAggregate("i", "*"), arrayOf(number(1), row2), mapOf("+results\r\n", arrayOf(row3), "+total_results\r\n", number(1)), want)
	bothRead(t, FTAggregate("i", "*"), arrayOf(number(0)), mapOf("+results\r\n", arrayOf(), "+total_results\r\n", number(0)), FTAggregateResult{Rows: []FTRow{}})
	// The fields of a row with two fields are no pair of a name and a value.
	bothRead(t, FTAggregate("i", "*"), arrayOf(number(1), arrayOf(bulk("a"), arrayOf(bulk("x"), bulk("y")))),
		mapOf("+results\r\n", arrayOf(document("+extra_attributes\r\n", mapOf(bulk("a"), arrayOf(bulk("x"), bulk("y"))))), "+total_results\r\n", number(1)),
		FTAggregateResult{Total: 1, Rows: []FTRow{{Fields: map[string]string{}, Lists: map[string][]string{"a": {"x", "y"}}}}})
	bothNil(t, FTAggregate("i", "*"))
	readsNot(t, FTAggregate("i", "*"), number(1), arrayOf(), arrayOf(bulk("x")), arrayOf(number(1), number(1)), arrayOf(number(1), arrayOf(bulk("a"))),
		arrayOf(number(1), arrayOf(arrayOf(), bulk("a"))), arrayOf(number(1), arrayOf(bulk("a"), arrayOf(arrayOf()))), mapOf("+results\r\n", number(1)))

	page := FTCursorRead("i", 7, 0)
	bothRead(t, page, arrayOf(arrayOf(number(1), row2), number(8)), arrayOf(mapOf("+results\r\n", arrayOf(row3), "+total_results\r\n", number(1)), number(8)),
		FTCursorPage{FTAggregateResult: want, Cursor: 8})
	bothNil(t, page)
	readsNot(t, page, number(1), arrayOf(arrayOf(number(1))), arrayOf(number(1), number(2)), arrayOf(arrayOf(number(1)), bulk("x")))

	hybrid := FTHybrid("i", "q", "v", []byte("abcd"))
	row := arrayOf(bulk("__key"), bulk("k"), bulk("__score"), bulk("0.5"))
	asMap(t, hybrid, FTHybridResult{1, []FTRow{{Fields: map[string]string{"__key": "k", "__score": "0.5"}}}, []string{"slow"}, 1.5},
		"+total_results\r\n", number(1), "+results\r\n", arrayOf(row), "+warnings\r\n", arrayOf(bulk("slow")), "+execution_time\r\n", bulk("1.5"), "+later\r\n", number(1))
	bothNil(t, hybrid)
	readsNot(t, hybrid, number(1), arrayOf("+total_results\r\n"), arrayOf("+total_results\r\n", bulk("x")), arrayOf("+results\r\n", arrayOf(number(1))))
}

func TestReadSearchWords(t *testing.T) {
	t.Parallel()
	spellings := []FTSpelling{{"helo", []FTSuggestion{{Text: "hello", Score: 0.5}, {Text: "help", Score: 0.25}}}, {"wrld", []FTSuggestion{}}}
	bothRead(t, FTSpellCheck("i", "helo wrld"),
		arrayOf(arrayOf(bulk("TERM"), bulk("helo"), arrayOf(arrayOf(bulk("0.5"), bulk("hello")), arrayOf(bulk("0.25"), bulk("help")))), arrayOf(bulk("TERM"), bulk("wrld"), arrayOf())),
		mapOf("+results\r\n", mapOf(bulk("helo"), arrayOf(mapOf(bulk("hello"), ",0.5\r\n"), mapOf(bulk("help"), ",0.25\r\n")), bulk("wrld"), arrayOf()), "+later\r\n", number(1)), spellings)
	bothNil(t, FTSpellCheck("i", "q"))
	readsNot(t, FTSpellCheck("i", "q"), number(1), arrayOf(number(1)), arrayOf(arrayOf(bulk("TERM"), bulk("a"))), arrayOf(arrayOf(bulk("TERM"), arrayOf(), arrayOf())),
		arrayOf(arrayOf(bulk("TERM"), bulk("a"), arrayOf(arrayOf(bulk("x"), bulk("b"))))), mapOf("+results\r\n", number(1)), mapOf("+results\r\n", mapOf(bulk("a"), arrayOf(number(1)))))

	bothRead(t, FTSynDump("i"), arrayOf(bulk("a"), arrayOf(bulk("g"), bulk("h"))), mapOf(bulk("a"), arrayOf(bulk("g"), bulk("h"))), map[string][]string{"a": {"g", "h"}})
	bothNil(t, FTSynDump("i"))
	readsNot(t, FTSynDump("i"), number(1), arrayOf(bulk("a")), arrayOf(bulk("a"), number(1)))
	bothRead(t, FTTagVals("i", "f"), arrayOf(bulk("a")), "~1\r\n"+bulk("a"), []string{"a"})
	bothRead(t, FTConfigGet("*"), arrayOf(arrayOf(bulk("TIMEOUT"), bulk("500")), arrayOf(bulk("EXTLOAD"), "$-1\r\n")), mapOf(bulk("TIMEOUT"), bulk("500"), bulk("EXTLOAD"), "_\r\n"),
		map[string]string{"TIMEOUT": "500", "EXTLOAD": ""})

	bothRead(t, FTSugGetWithScores("k", "h", FTSugGetArgs{}), arrayOf(bulk("hello"), bulk("1.5")), arrayOf(bulk("hello"), ",1.5\r\n"), []FTSuggestion{{Text: "hello", Score: 1.5}})
	payloads := FTSugGetWithPayloads("k", "h", FTSugGetArgs{})
	bothRead(t, payloads, arrayOf(bulk("hello"), bulk("1.5"), bulk("p"), bulk("help"), bulk("1"), "$-1\r\n"), arrayOf(bulk("hello"), ",1.5\r\n", bulk("p"), bulk("help"), ",1\r\n", "_\r\n"),
		[]FTSuggestion{{"hello", 1.5, "p"}, {"help", 1, ""}})
	bothNil(t, payloads)
	readsNot(t, payloads, number(1), arrayOf(bulk("a"), bulk("1")), arrayOf(bulk("a"), bulk("x"), bulk("p")), arrayOf(bulk("a"), bulk("1"), arrayOf()))
}

func TestReadSearchInfo(t *testing.T) {
	t.Parallel()
	errors2 := []string{"+indexing failures\r\n", number(2), "+last indexing error\r\n", bulk("bad"), "+last indexing error key\r\n", bulk("k")}
	errors := FTIndexErrors{2, "bad", "k"}
	want := FTDetails{
		IndexName: "i", IndexOptions: []string{"NOOFFSETS"}, IndexDefinition: FTIndexDefinition{"HASH", []string{"a:"}, "@x>1", 1},
		Attributes: []FTAttribute{
			{Identifier: "f", Attribute: "g", Type: "TEXT", Weight: 2, Sortable: true, NoStem: true},
			{Identifier: "v", Attribute: "v", Type: "VECTOR", Algorithm: "HNSW", DataType: "FLOAT32", Dim: 3, DistanceMetric: "L2", M: 16, EFConstruction: 200},
		},
		FieldStatistics: []FTFieldStatistic{{"f", "g", errors}}, IndexErrors: errors, NumDocs: 3, MaxDocID: 4, Indexing: true, PercentIndexed: 0.5, InvertedSzMB: 1.25,
		GCStats: FTGCStats{BytesCollected: 7, AverageCycleTimeMs: 1.5}, CursorStats: FTCursorStats{1, 2, 3, 4}, DialectStats: map[string]int64{"dialect_2": 5},
	}
	info := func(pairs func(...string) string, flags [2]string, num, float string) string {
		return pairs("+index_name\r\n", bulk("i"), "+index_options\r\n", arrayOf("+NOOFFSETS\r\n"),
			"+index_definition\r\n", pairs("+key_type\r\n", "+HASH\r\n", "+prefixes\r\n", arrayOf(bulk("a:")), "+filter\r\n", bulk("@x>1"), "+default_score\r\n", bulk("1")),
			"+attributes\r\n", arrayOf(flags[0], flags[1]), "+num_docs\r\n", num, "+max_doc_id\r\n", bulk("4"), "+num_terms\r\n", float, "+indexing\r\n", number(1),
			"+percent_indexed\r\n", bulk("0.5"), "+inverted_sz_mb\r\n", bulk("1.25"),
			"+gc_stats\r\n", pairs("+bytes_collected\r\n", number(7), "+average_cycle_time_ms\r\n", bulk("1.5")),
			"+cursor_stats\r\n", pairs("+global_idle\r\n", number(1), "+global_total\r\n", number(2), "+index_capacity\r\n", number(3), "+index_total\r\n", number(4)),
			"+dialect_stats\r\n", pairs("+dialect_2\r\n", number(5)), "+Index Errors\r\n", pairs(errors2...),
			"+field statistics\r\n", arrayOf(pairs("+identifier\r\n", bulk("f"), "+attribute\r\n", bulk("g"), "+Index Errors\r\n", pairs(errors2...))), "+later\r\n", arrayOf())
	}
	text := []string{"+identifier\r\n", bulk("f"), "+attribute\r\n", bulk("g"), "+type\r\n", "+TEXT\r\n", "+WEIGHT\r\n"}
	vector := []string{
		"+identifier\r\n", bulk("v"), "+attribute\r\n", bulk("v"), "+type\r\n", "+VECTOR\r\n", "+algorithm\r\n", "+HNSW\r\n", "+data_type\r\n", "+FLOAT32\r\n", "+dim\r\n", number(3),
		"+distance_metric\r\n", "+L2\r\n", "+M\r\n", number(16), "+ef_construction\r\n", number(200),
	}
	bothRead(t, FTInfo("i"),
		info(arrayOf, [2]string{arrayOf(append(text[:7:7], bulk("2"), "+SORTABLE\r\n", "+NOSTEM\r\n", "+LATER\r\n")...), arrayOf(vector...)}, bulk("3"), bulk("nan")),
		info(mapOf, [2]string{mapOf(append(text[:7:7], ",2\r\n", "+flags\r\n", arrayOf("+SORTABLE\r\n", "+NOSTEM\r\n"), "+later\r\n", number(1))...),
			mapOf(append(vector, "+flags\r\n", arrayOf())...)}, ",3\r\n", ",nan\r\n"), want)
	bothNil(t, FTInfo("i"))
	readsNot(t, FTInfo("i"), number(1), arrayOf("+num_docs\r\n", bulk("x")), arrayOf("+attributes\r\n", number(1)), arrayOf("+attributes\r\n", arrayOf(number(1))),
		arrayOf("+attributes\r\n", arrayOf(arrayOf("+type\r\n"))), arrayOf("+attributes\r\n", arrayOf(arrayOf(arrayOf()))), arrayOf("+attributes\r\n", arrayOf(arrayOf("+dim\r\n", bulk("x")))),
		mapOf("+attributes\r\n", arrayOf(mapOf("+flags\r\n", number(1)))), arrayOf("+gc_stats\r\n", number(1)), arrayOf("+Index Errors\r\n", number(1)),
		arrayOf("+field statistics\r\n", arrayOf(number(1))), arrayOf("+index_definition\r\n", number(1)), arrayOf("+cursor_stats\r\n", number(1)), arrayOf("+dialect_stats\r\n", number(1)))
}

// TestReadAttributeFlags: words that stand alone, all of them.
func TestReadAttributeFlags(t *testing.T) {
	t.Parallel()
	var words []string
	for _, w := range []string{"SORTABLE", "UNF", "NOSTEM", "NOINDEX", "CASESENSITIVE", "WITHSUFFIXTRIE", "INDEXEMPTY", "INDEXMISSING"} {
		words = append(words, "+"+w+"\r\n")
	}
	bothRead(t, FTInfo("i"), arrayOf("+attributes\r\n", arrayOf(arrayOf(words...))), mapOf("+attributes\r\n", arrayOf(mapOf("+flags\r\n", arrayOf(words...)))),
		FTDetails{Attributes: []FTAttribute{{
			Sortable: true, UNF: true, NoStem: true, NoIndex: true, CaseSensitive: true, WithSuffixtrie: true, IndexEmpty: true, IndexMissing: true,
		}}})
}
