package redis

import (
	"strings"
	"testing"
	"time"
)

// TestMisuse: what cannot be sent is an error with a sentence before a byte leaves, and no value is part of it.
func TestMisuse(t *testing.T) {
	t.Parallel()
	for _, m := range []struct {
		request Request
		want    string
	}{
		{Del().Request, "DEL: needs at least one key"},
		{MGet().Request, "MGET: needs at least one key"},
		{SInterCard(0).Request, "SINTERCARD: needs at least one key"},
		{BLPop(0).Request, "BLPOP: needs at least one key"},
		{HDel("k").Request, "HDEL: needs at least one field"},
		{HExpire("k", time.Second).Request, "HEXPIRE: needs at least one field"},
		{LPush("k").Request, "LPUSH: needs at least one value"},
		{SAdd("k").Request, "SADD: needs at least one member"},
		{ZAdd("k").Request, "ZADD: needs at least one member"},
		{ZAddWithArgs("k", ZAddArgs{}).Request, "ZADD: needs at least one member"},
		{ZUnion(ZStoreArgs{}).Request, "ZUNION: needs at least one key"},
		{MSet(map[string]string{}).Request, "MSET: needs at least one pair"},
		{MSet([]string{}).Request, "MSET: needs at least one pair"},
		{HSet("k", map[string]any{}).Request, "HSET: needs at least one pair"},
		{ConfigGet().Request, "CONFIG GET: needs at least one parameter"},
		{ScriptExists().Request, "SCRIPT EXISTS: needs at least one sha1"},

		{HSet("k", "secret").Request, "HSET: 1 arguments do not make pairs of a name and a value: the last one has none"},
		{HSet("k", "a", 1, "b").Request, "HSET: 3 arguments do not make pairs of a name and a value: the last one has none"},
		{MSet([]string{"a", "b", "c"}).Request, "MSET: 3 arguments do not make pairs of a name and a value: the last one has none"},
		{ConfigSet("a", 1, "b").Request, "CONFIG SET: 1 arguments do not make pairs of a name and a value: the last one has none"},
		{ModuleLoadex("m", ModuleLoadArgs{Config: []any{"a"}}).Request, "MODULE LOADEX: 1 arguments do not make pairs of a name and a value: the last one has none"},
		{ZInter(ZStoreArgs{Keys: []string{"a", "b"}, Weights: []float64{1}}).Request, "ZINTER: 1 weights for 2 keys: there must be one for each"},

		{ClusterAddSlots().Request, "CLUSTER ADDSLOTS: needs at least one slot"},
		{ClusterAddSlots(1, HashSlots).Request, "CLUSTER ADDSLOTS: 16384 is no slot: they are numbered from 0 to 16383"},
		{ClusterCountKeysInSlot(-1).Request, "CLUSTER COUNTKEYSINSLOT: -1 is no slot: they are numbered from 0 to 16383"},
		{ClusterDelSlotsRange(0, 1, SlotRange{5, 4}).Request, "CLUSTER DELSLOTSRANGE: the range of slots from 5 to 4 ends before it starts"},
		{ClusterMigrateSlots().Request, "CLUSTER MIGRATESLOTS: needs at least one move"},
		{ClusterMigrateSlots(SlotMove{NodeID: "id"}).Request, "CLUSTER MIGRATESLOTS: needs at least one range of slots"},
		{SentinelConfigGet().Request, "SENTINEL CONFIG: needs at least one parameter"},
		{SentinelSet("m", "quorum", 1, "secret").Request, "SENTINEL SET: 1 arguments do not make pairs of a name and a value: the last one has none"},
		{VAdd("k", "secret", nil).Request, "VADD: needs a vector: a VectorValues, a VectorFP32 or, to search, a VectorRef"},
		{VAdd("k", "e", VectorRef{Name: "secret"}).Request, "VADD: a VectorRef is only for searches: read the element's vector by VEmb to add it"},
		{VAdd("k", "e", (*VectorFP32)(nil)).Request, "VADD: needs a vector: a VectorValues, a VectorFP32 or, to search, a VectorRef"},
		{VAdd("k", "e", VectorFP32{}).Request, "VADD: needs at least one number in the vector"},
		{VAdd("k", "e", VectorFP32{Val: []byte("secret")}).Request, "VADD: a vector of 6 bytes has no four for each number: use FP32 to make them"},
		{VAddWithArgs("k", "e", FP32(1), VAddArgs{Q8: true, Bin: true}).Request, "VADD: use only one of the options NoQuant, Q8 or Bin"},
		{VSim("k", (*VectorValues)(nil)).Request, "VSIM: needs a vector: a VectorValues, a VectorFP32 or, to search, a VectorRef"},
		{VSim("k", (*VectorRef)(nil)).Request, "VSIM: needs a vector: a VectorValues, a VectorFP32 or, to search, a VectorRef"},
		{VSim("k", &VectorValues{}).Request, "VSIM: needs at least one number in the vector"},

		{JSONArrAppend("k", "$").Request, "JSON.ARRAPPEND: needs at least one value"},
		{JSONSet("k", "$", make(chan int)).Request, "JSON.SET: a value of type chan int has no form in JSON"},
		{JSONSet("k", "$", "").Request, `JSON.SET: an empty text is no JSON: send "null", or "\"\"" for an empty string`},
		{JSONMerge("k", "$", []byte{}).Request, `JSON.MERGE: an empty text is no JSON: send "null", or "\"\"" for an empty string`},
		{JSONMSet("k", "$").Request, "JSON.MSET: 2 arguments are no keys, paths and values in turn: give three for each value"},
		{JSONMSet("k", nil, "secret").Request, `JSON.MSET: nil is no value: send "" or delete the key`},
		{JSONMSetArgs(nil).Request, "JSON.MSET: needs at least one value to set"},
		{JSONMGet("$").Request, "JSON.MGET: needs at least one key"},
		{JSONSetMode("k", "$", 1, "secret").Request, "JSON.SET: a word that is given must be one of NX, XX"},
		{BFInsert("k", BFInsertArgs{}).Request, "BF.INSERT: needs at least one element"},
		{BFInsert("k", BFInsertArgs{NoCreate: true, Capacity: 1}, "e").Request, "BF.INSERT: use only one of the options NoCreate or Capacity"},
		{BFReserveWithArgs("k", BFReserveArgs{Expansion: 2, NonScaling: true}).Request, "BF.RESERVE: use only one of the options Expansion or NonScaling"},
		{CFInsert("k", CFInsertArgs{NoCreate: true, Capacity: 1}, "e").Request, "CF.INSERT: use only one of the options Capacity or NoCreate"},
		{CMSIncrBy("k", "secret").Request, "CMS.INCRBY: 1 arguments do not make pairs of a name and a value: the last one has none"},
		{CMSMergeWithWeight("d", nil).Request, "CMS.MERGE: needs at least one sketch to merge"},
		{TDigestAdd("k").Request, "TDIGEST.ADD: needs at least one element"},
		{TSAdd("k", nil, 1).Request, `TS.ADD: nil is no timestamp: give milliseconds since 1970, a time.Time, or one of the words "*", "-" and "+"`},
		{TSRange("k", "", "+").Request, `TS.RANGE: an empty timestamp is none: give milliseconds since 1970, a time.Time, or one of the words "*", "-" and "+"`},
		{TSAdd("k", time.Second, 1).Request, "TS.ADD: a time.Duration has no unit in Redis: send d.Milliseconds(), d.Seconds() or d.String()"},
		{TSMAdd().Request, "TS.MADD: needs at least one sample"},
		{TSMGet(nil).Request, "TS.MGET: needs at least one filter"},
		{TSCreateRule("k", "d", "secret", time.Second).Request, "TS.CREATERULE: a word that is given must be one of " + strings.Join(tsAggregators, ", ")},
		{TSCreateRule("k", "d", "AVG", 60000).Request, "TS.CREATERULE: the time is 60µs, but must be whole milliseconds: write a unit, such as 60*time.Second"},
		{TSCreateRule("k", "d", "AVG", 0).Request, "TS.CREATERULE: a bucket of 0s holds nothing: give a length of time, such as 60*time.Second"},
		{TSCreateWithArgs("k", TSCreateArgs{Retention: 5000}).Request, "TS.CREATE: the time is 5µs, but must be whole milliseconds: write a unit, such as 60*time.Second"},
		{TSRangeWithArgs("k", 0, 1, TSRangeArgs{FilterByValue: []float64{1}}).Request, "TS.RANGE: FilterByValue has 1 numbers: give two, the least and the greatest value"},
		{TSRangeWithArgs("k", 0, 1, TSRangeArgs{Aggregators: []string{"secret"}, BucketDuration: time.Second}).Request, "TS.RANGE: an aggregator must be one of " + strings.Join(tsAggregators, ", ")},
		{TSRangeWithArgs("k", 0, 1, TSRangeArgs{Aggregators: []string{"AVG"}}).Request, "TS.RANGE: a bucket of 0s holds nothing: give a length of time, such as 60*time.Second"},
		{TSRangeWithArgs("k", 0, 1, TSRangeArgs{BucketDuration: time.Second}).Request, "TS.RANGE: there is a BucketDuration, but Aggregators do not say what to make of the samples in a bucket"},
		{TSMRangeWithArgs(0, 1, []string{"a=1"}, TSMRangeArgs{GroupByLabel: "secret"}).Request, "TS.MRANGE: GroupByLabel and Reducer go together: give both or none"},
		{TSMRangeWithArgs(0, 1, []string{"a=1"}, TSMRangeArgs{GroupByLabel: "a", Reducer: "MAX", Aggregators: []string{"MIN", "MAX"}, BucketDuration: time.Second}).Request,
			"TS.MRANGE: series are not grouped by servers with several Aggregators: give one"},
		{TSMGetWithArgs([]string{"a=1"}, TSMGetArgs{WithLabels: true, SelectedLabels: []string{"a"}}).Request, "TS.MGET: use only one of the options WithLabels or SelectedLabels"},
		{FTCreate("i", FTCreateArgs{}).Request, "FT.CREATE: needs at least one field"},
		{FTCreate("i", FTCreateArgs{}, FieldSchema{FieldType: "TEXT"}).Request, "FT.CREATE: a field of the schema has no FieldName"},
		{FTCreate("i", FTCreateArgs{}, FieldSchema{FieldName: "secret"}).Request, "FT.CREATE: a word that is given must be one of TEXT, TAG, NUMERIC, GEO, VECTOR, GEOSHAPE"},
		{FTCreate("i", FTCreateArgs{}, FieldSchema{FieldName: "f", FieldType: "VECTOR"}).Request, "FT.CREATE: a field of the type VECTOR needs VectorArgs, and no other field has them"},
		{FTCreate("i", FTCreateArgs{}, FieldSchema{FieldName: "f", FieldType: "TAG", VectorArgs: &FTVectorArgs{}}).Request,
			"FT.CREATE: a field of the type VECTOR needs VectorArgs, and no other field has them"},
		{FTCreate("i", FTCreateArgs{}, FieldSchema{FieldName: "f", FieldType: "VECTOR", VectorArgs: &FTVectorArgs{Algorithm: "FLAT"}}).Request,
			"FT.CREATE: VectorArgs need a Type, a Dim and a DistanceMetric"},
		{FTCreate("i", FTCreateArgs{}, FieldSchema{FieldName: "f", FieldType: "TAG", UNF: true}).Request, "FT.CREATE: UNF does nothing without Sortable"},
		{FTSearchWithArgs("i", "*", FTSearchArgs{ExplainScore: true}).Request, "FT.SEARCH: ExplainScore does nothing without WithScores"},
		{FTSearchWithArgs("i", "*", FTSearchArgs{CountOnly: true, Limit: 1}).Request, "FT.SEARCH: use only one of the options CountOnly or LimitOffset and Limit"},
		{FTSearchWithArgs("i", "*", FTSearchArgs{LimitOffset: 10}).Request, "FT.SEARCH: a LimitOffset of 10 needs a Limit: how many documents to return at most"},
		{FTSearchWithArgs("i", "*", FTSearchArgs{Params: map[string]any{"v": (*VectorFP32)(nil)}}).Request, "FT.SEARCH: " + errNoVector.Error()},
		{FTAggregateWithArgs("i", "*", FTAggregateArgs{Steps: []FTStep{nil}}).Request, "FT.AGGREGATE: a step is nil: give an FTLoad, FTApply, FTGroupBy, FTSortBy, FTLimit or FTFilter"},
		{FTAggregateWithArgs("i", "*", FTAggregateArgs{Steps: []FTStep{FTSortBy{}}}).Request, "FT.AGGREGATE: needs at least one field to sort by"},
		{FTAggregateWithArgs("i", "*", FTAggregateArgs{Timeout: 500}).Request, "FT.AGGREGATE: the time is 500ns, but must be whole milliseconds: write a unit, such as 60*time.Second"},
		{FTHybrid("i", "q", "", []byte("abcd")).Request, "FT.HYBRID: a search by a vector needs the name of the field with vectors"},
		{FTHybrid("i", "q", "v", nil).Request, "FT.HYBRID: needs a vector: a []byte or a VectorFP32"},
		{FTHybrid("i", "q", "v", VectorFP32{}).Request, "FT.HYBRID: needs at least one number in the vector"},
		{FTHybrid("i", "q", "v", (*VectorFP32)(nil)).Request, "FT.HYBRID: " + errNoVector.Error()},
		{FTHybridWithArgs("i", FTHybridArgs{Vector: FTHybridVector{Field: "v", Data: []byte("ab"), MethodArgs: []any{"K", 1}}}).Request, "FT.HYBRID: MethodArgs do nothing without a Method"},
		{FTHybridWithArgs("i", FTHybridArgs{Vector: FTHybridVector{Field: "v", Data: []byte("ab")}, Params: map[string]any{vectorParam: 1}}).Request,
			"FT.HYBRID: fairlead_vector is the name of the vector itself: give the value in Params another one"},
		{FTSpellCheckWithArgs("i", "q", FTSpellCheckArgs{Terms: []FTSpellCheckTerms{{Inclusion: "secret"}}}).Request,
			"FT.SPELLCHECK: a word that is given must be one of INCLUDE, EXCLUDE"},
		{FTSynUpdate("i", 1, nil).Request, "FT.SYNUPDATE: needs at least one term"},

		{LMove("a", "b", "secret", "LEFT").Request, "LMOVE: a word that is given must be one of LEFT, RIGHT"},
		{FunctionRestoreWithArgs("d", FunctionRestoreArgs{Policy: "secret"}).Request, "FUNCTION RESTORE: a word that is given must be one of FLUSH, APPEND, REPLACE"},
		{Sort("k", SortArgs{Order: "secret"}).Request, "SORT: a word that is given must be one of ASC, DESC"},
		{SetWithArgs("k", "v", SetArgs{NX: true, XX: true}).Request, "SET: use only one of the options NX, XX or IFEQ"},
		{SetWithArgs("k", "v", SetArgs{Expiration: time.Second, ExpireAt: time.Unix(1, 0)}).Request, "SET: use only one of the options Expiration or ExpireAt"},
		{GetExWithArgs("k", GetExArgs{Expiration: time.Second, Persist: true}).Request, "GETEX: use only one of the options Expiration, ExpireAt or Persist"},
		{ExpireAtWithArgs("k", time.Unix(1, 0), ExpireArgs{NX: true, GT: true}).Request, "EXPIREAT: use only one of the options NX, XX, GT or LT"},
		{ZAddWithArgs("k", ZAddArgs{NX: true, LT: true, Members: []Z{{}}}).Request, "ZADD: use only one of the options NX, GT or LT"},
		{CommandList(CommandListArgs{Module: "m", Pattern: "p"}).Request, "COMMAND LIST: use only one of the options Module, ACLCat or Pattern"},

		{Set("k", "v", -time.Second).Request, "SET: the expiration -1s is negative: use 0 for none, or delete the key"},
		{GetExWithArgs("k", GetExArgs{Expiration: -5}).Request, "GETEX: the expiration -5ns is negative: use 0 for none, or delete the key"},
		{Set("k", "v", 60).Request, "SET: the expiration is 60ns: write a unit, such as 60*time.Second"},
		{Expire("k", 10).Request, "EXPIRE: the time is 10ns: write a unit, such as 60*time.Second"},
		{As[struct{ A string }](HMGet("k", "a")).Request, "HMGET: the reply has values without their names, so it is no struct { A string }: read a slice, or HGETALL"},
		{As[map[string]string](MGet("k")).Request, "MGET: the reply has values without their names, so it is no map[string]string: read a slice, or HGETALL"},
		{BLPop(-1, "k").Request, "BLPOP: the timeout -1ns is negative: use 0 to wait without end"},
		{Wait(1, -time.Second).Request, "WAIT: the timeout -1s is negative: use 0 to wait without end"},

		{Set("k", nil, 0).Request, `SET: nil is no value: send "" or delete the key`},
		{Set("k", time.Second, 0).Request, "SET: a time.Duration has no unit in Redis: send d.Milliseconds(), d.Seconds() or d.String()"},
		{HSet("k", "f", struct{ s string }{"secret"}).Request, "HSET: a value of type struct { s string } cannot be sent: convert it to a string, []byte, integer, float or bool"},
	} {
		err := m.request.Err()
		if err == nil || err.Error() != m.want {
			t.Errorf("got  %v\nwant %s", err, m.want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("a value is part of the error: %v", err)
		}
	}
}

// TestBlocking: a command that waits at the server says for how long, rounded up as it is sent.
func TestBlocking(t *testing.T) {
	t.Parallel()
	const wait, rounded = 1500*time.Microsecond + 1, 2 * time.Millisecond
	for _, r := range []Request{
		BLPop(wait, "k").Request, BRPop(wait, "k").Request, BLMove("a", "b", "LEFT", "LEFT", wait).Request,
		BRPopLPush("a", "b", wait).Request, BLMPop(wait, "LEFT", 0, "k").Request, BZPopMin(wait, "k").Request,
		BZPopMax(wait, "k").Request, BZMPop(wait, "MIN", 0, "k").Request, Wait(1, wait).Request, WaitAOF(1, 1, wait).Request,
	} {
		if d, blocks := r.Blocks(); !blocks || d != rounded {
			t.Errorf("%s blocks for %v, %v; want %v", r.Name(), d, blocks, rounded)
		}
	}
	endless, brief := BLPop(0, "k"), LPop("k")
	if d, blocks := endless.Blocks(); !blocks || d != 0 {
		t.Errorf("BLPOP without a timeout blocks for %v, %v; want 0, true", d, blocks)
	}
	if _, blocks := brief.Blocks(); blocks {
		t.Error("LPOP blocks")
	}
	for _, s := range transcripts {
		_, blocks := s.request.Blocks()
		want := s.request.Spec().Flags.Has(Blocking)
		if strings.HasPrefix(s.want, "XREAD") { // there waiting is an option
			want = strings.Contains(s.want, " BLOCK ")
		}
		if blocks != want {
			t.Errorf("%s: blocks %v, want %v", s.want, blocks, want)
		}
	}
}

// TestSpecs: behaviour comes from the servers' flags and the reviewed lists.
func TestSpecs(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]Flags{
		"GET": ReadOnly, "SET": Write, "ECHO": 0, "BLPOP": Write | Blocking, "ZUNION": ReadOnly | MovableKey,
		"XREAD": ReadOnly | Blocking | MovableKey, "SUBSCRIBE": PubSub | Stateful | NoReply, "PUBLISH": PubSub,
		"SELECT": Stateful, "CLIENT REPLY": Stateful | NoReply | NoMulti, "MULTI": Stateful | NoMulti, "CONFIG SET": Admin,
		"SHUTDOWN": Admin | HangsUp | NoMulti, "SCRIPT KILL": Aside, "WAIT": Blocking | OwnConn, "SORT": Write | MovableKey, "SORT_RO": ReadOnly | MovableKey, "MONITOR": Admin | Stateful | NoReply,
		"READONLY": Stateful, "ASKING": Stateful, "CLUSTER NODES": 0, "CLUSTERSCAN": ReadOnly, "SENTINEL SET": Admin, "VADD": Write, "VSIM": ReadOnly,
		"JSON.GET": ReadOnly, "JSON.SET": Write, "BF.SCANDUMP": ReadOnly, "TDIGEST.MERGE": Write | MovableKey, "TS.MRANGE": ReadOnly, "TS.MADD": Write,
		"FT.SEARCH": ReadOnly, "FT.AGGREGATE": ReadOnly, "FT.CURSOR READ": 0, "FT.CREATE": Write, "FT.CONFIG SET": Admin,
	} {
		s := lookup(name)
		if s == nil {
			t.Errorf("%s is not in the table", name)
			continue
		}
		if s.Flags != want {
			t.Errorf("%s has the flags %b, want %b", name, s.Flags, want)
		}
	}
}

// TestCursorsAreReadOnce: what a cursor returned does not come again, and no other server knows it.
func TestCursorsAreReadOnce(t *testing.T) {
	t.Parallel()
	plain, opened, read := FTAggregate("i", "*"), FTAggregateWithCursor("i", "*", FTAggregateArgs{}, FTCursorArgs{}), FTCursorRead("i", 7, 0)
	if !plain.Repeatable() || !plain.ReadOnly() {
		t.Error("FT.AGGREGATE without a cursor only reads, but may not be sent twice")
	}
	if opened.Repeatable() || opened.ReadOnly() || read.Repeatable() || read.ReadOnly() {
		t.Error("a cursor may be made or read twice")
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	for _, s := range specs {
		if lookup(s.Name) != s || lookup(strings.ToLower(s.Name)) != s {
			t.Errorf("%s is not found in both cases", s.Name)
		}
		if s.Since == "" {
			t.Errorf("nobody says since which version there is %s", s.Name)
		}
	}
	for _, name := range []string{"", "A", "GE", "GETT", "CLIENT", "CLIENT ", "ZZZ", "get\x00", "GET "} {
		if s := lookup(name); s != nil {
			t.Errorf("%q is found as %s", name, s.Name)
		}
	}
	if s := lookup("object encoding"); s.FirstKey != 2 || s.LastKey != 2 || s.KeyStep != 1 {
		t.Errorf("OBJECT ENCODING has its key at %d to %d, want the third word", s.FirstKey, s.LastKey)
	}
	if s := lookup("DELIFEQ"); s.Since != "9.0.0" {
		t.Errorf("DELIFEQ is since %s, want Valkey's 9.0.0", s.Since)
	}
}
