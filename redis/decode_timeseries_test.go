package redis

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

func TestReadTimeSeriesSamples(t *testing.T) {
	t.Parallel()
	bothRead(t, TSGet("k"), arrayOf(number(7), "+1.5\r\n"), arrayOf(number(7), ",1.5\r\n"), TSTimestampValue{Timestamp: 7, Value: 1.5})
	for _, empty := range []string{"*0\r\n", "~0\r\n"} {
		if got, err := ask3(t, TSGet("k"), empty); err != Nil {
			t.Errorf("a series without samples is read as %v, %v, want Nil", got, err)
		}
	}
	bothNil(t, TSGet("k"))
	readsNot(t, TSGet("k"), number(1), arrayOf(number(1)), arrayOf(bulk("x"), bulk("1")), arrayOf(number(1), bulk("x")), arrayOf(number(1), bulk("1"), bulk("x")))

	samples := TSRange("k", "-", "+")
	bothRead(t, samples, arrayOf(arrayOf(number(1), "+1\r\n"), arrayOf(number(2), "+2.5\r\n")),
		arrayOf(arrayOf(number(1), ",1\r\n"), arrayOf(number(2), ",2.5\r\n")), []TSTimestampValue{{Timestamp: 1, Value: 1}, {Timestamp: 2, Value: 2.5}})
	bothRead(t, samples, arrayOf(), arrayOf(), []TSTimestampValue{})
	bothRead(t, samples, arrayOf(arrayOf(number(1), "+10\r\n", "+20\r\n")), arrayOf(arrayOf(number(1), ",10\r\n", ",20\r\n")), // of two aggregators
		[]TSTimestampValue{{Timestamp: 1, Value: 10, Values: []float64{10, 20}}})
	bothNil(t, samples)
	readsNot(t, samples, number(1), arrayOf(number(1)), arrayOf(arrayOf(number(1))), arrayOf("-ERR inside\r\n"))

	if at := (TSTimestampValue{Timestamp: 1700000000123}).Time(); !at.Equal(instant) {
		t.Errorf("the sample is from %v, want %v", at, instant)
	}
}

// TestReadTimeSeriesAdded: one sample that is refused hides nothing of the others.
func TestReadTimeSeriesAdded(t *testing.T) {
	t.Parallel()
	c := TSMAdd(TSSample{"k", 1, 1}, TSSample{"l", 2, 1})
	got, err := c.Read(fromWire(t, arrayOf(number(1), "-ERR TSDB: the key does not exist\r\n")))
	if err != nil || len(got) != 2 || got[0] != (TSAdded{Timestamp: 1}) {
		t.Fatalf("read as %v, %v", got, err)
	}
	if e, ok := errors.AsType[*resp.Error](got[1].Err); !ok || e.Message != "ERR TSDB: the key does not exist" {
		t.Errorf("the second sample failed with %v", got[1].Err)
	}
	bothNil(t, c)
	readsNot(t, c, number(1), arrayOf(bulk("x")))
}

func TestReadTimeSeriesOfMany(t *testing.T) {
	t.Parallel()
	samples2, samples3 := arrayOf(arrayOf(number(1), "+1.5\r\n")), arrayOf(arrayOf(number(1), ",1.5\r\n"))
	samples := []TSTimestampValue{{Timestamp: 1, Value: 1.5}}
	many := TSMRange("-", "+", []string{"a=1"})
	bothRead(t, many,
		arrayOf(arrayOf(bulk("k"), arrayOf(arrayOf(bulk("a"), bulk("1")), arrayOf(bulk("b"), "$-1\r\n")), samples2), arrayOf(bulk("l"), arrayOf(), arrayOf())),
		mapOf(bulk("k"), arrayOf(mapOf(bulk("a"), bulk("1"), bulk("b"), "_\r\n"), mapOf("+aggregators\r\n", arrayOf()), samples3),
			bulk("l"), arrayOf(mapOf(), mapOf("+aggregators\r\n", arrayOf()), arrayOf())),
		[]TSSeries{{Key: "k", Labels: map[string]string{"a": "1", "b": ""}, Samples: samples}, {Key: "l", Labels: map[string]string{}, Samples: []TSTimestampValue{}}})

	// What RESP2 puts among the labels of series that were grouped has places of its own in RESP3.
	bothRead(t, many,
		arrayOf(arrayOf(bulk("a=1"), arrayOf(arrayOf(bulk("a"), bulk("1")), arrayOf(bulk("__reducer__"), bulk("max")), arrayOf(bulk("__source__"), bulk("k,l"))), samples2)),
		mapOf(bulk("a=1"), arrayOf(mapOf(bulk("a"), bulk("1")), mapOf("+reducers\r\n", arrayOf(bulk("max"))), mapOf("+sources\r\n", arrayOf(bulk("k"), bulk("l"))), samples3)),
		[]TSSeries{{Key: "a=1", Labels: map[string]string{"a": "1"}, Samples: samples, Reducer: "max", Sources: []string{"k", "l"}}})
	bothRead(t, many, arrayOf(), mapOf(), []TSSeries{})
	bothNil(t, many)
	readsNot(t, many, number(1), arrayOf(number(1)), arrayOf(arrayOf(bulk("k"))), arrayOf(arrayOf(bulk("k"), arrayOf())), mapOf(bulk("k"), arrayOf(mapOf())),
		arrayOf(arrayOf(arrayOf(), arrayOf(), arrayOf())), arrayOf(arrayOf(bulk("k"), number(1), arrayOf())), arrayOf(arrayOf(bulk("k"), arrayOf(), number(1))),
		mapOf(bulk("k"), arrayOf(mapOf(), number(1), arrayOf())), arrayOf(arrayOf(bulk("k"), arrayOf(), arrayOf(number(1), bulk("x")))))

	last := TSMGet([]string{"a=1"})
	bothRead(t, last, arrayOf(arrayOf(bulk("k"), arrayOf(), arrayOf(number(1), "+1.5\r\n")), arrayOf(bulk("l"), arrayOf(), arrayOf())),
		mapOf(bulk("k"), arrayOf(mapOf(), arrayOf(number(1), ",1.5\r\n")), bulk("l"), arrayOf(mapOf(), arrayOf())),
		[]TSSeries{{Key: "k", Labels: map[string]string{}, Samples: samples}, {Key: "l", Labels: map[string]string{}, Samples: []TSTimestampValue{}}})
}

func TestReadTimeSeriesInfo(t *testing.T) {
	t.Parallel()
	fields := []string{
		"+totalSamples\r\n", number(3), "+memoryUsage\r\n", number(5000), "+firstTimestamp\r\n", number(1), "+lastTimestamp\r\n", number(9), "+retentionTime\r\n", number(60000),
		"+chunkCount\r\n", number(2), "+chunkSize\r\n", number(4096), "+chunkType\r\n", "+compressed\r\n", "+duplicatePolicy\r\n", "+last\r\n",
		"+ignoreMaxTimeDiff\r\n", number(1000), "+sourceKey\r\n", bulk("s"),
	}
	want := TSDetails{
		TotalSamples: 3, MemoryUsage: 5000, FirstTimestamp: 1, LastTimestamp: 9, Retention: time.Minute, ChunkCount: 2, ChunkSize: 4096, ChunkType: "compressed",
		DuplicatePolicy: "last", IgnoreMaxTimeDiff: time.Second, IgnoreMaxValDiff: 0.5, SourceKey: "s", Labels: map[string]string{"a": "1"},
		Rules:  []TSRule{{"d", time.Minute, "AVG", 5}, {"e", time.Second, "SUM", 0}},
		Chunks: []TSChunk{{1, 9, 3, 4096, 1.25}},
	}
	chunk := []string{"+startTimestamp\r\n", number(1), "+endTimestamp\r\n", number(9), "+samples\r\n", number(3), "+size\r\n", number(4096)}
	bothRead(t, TSInfo("k"),
		arrayOf(append(fields, "+ignoreMaxValDiff\r\n", bulk("0.5"), "+labels\r\n", arrayOf(arrayOf(bulk("a"), bulk("1"))),
			"+rules\r\n", arrayOf(arrayOf(bulk("d"), number(60000), "+AVG\r\n", number(5)), arrayOf(bulk("e"), number(1000), "+SUM\r\n")),
			"+Chunks\r\n", arrayOf(arrayOf(append(chunk, "+bytesPerSample\r\n", bulk("1.25"))...)))...),
		mapOf(append(fields, "+ignoreMaxValDiff\r\n", ",0.5\r\n", "+labels\r\n", mapOf(bulk("a"), bulk("1")),
			"+rules\r\n", mapOf(bulk("d"), arrayOf(number(60000), "+AVG\r\n", number(5)), bulk("e"), arrayOf(number(1000), "+SUM\r\n")),
			"+Chunks\r\n", arrayOf(mapOf(append(chunk, "+bytesPerSample\r\n", ",1.25\r\n")...)))...), want)

	asMap(t, TSInfo("k"), TSDetails{TotalSamples: 1}, "+totalSamples\r\n", number(1), "+duplicatePolicy\r\n", "_\r\n", "+sourceKey\r\n", "$-1\r\n", "+later\r\n", arrayOf())
	readsNot(t, TSInfo("k"), number(1), arrayOf("+totalSamples\r\n"), arrayOf("+totalSamples\r\n", bulk("x")), arrayOf("+labels\r\n", number(1)), arrayOf("+rules\r\n", number(1)),
		arrayOf("+rules\r\n", arrayOf(arrayOf(bulk("d")))), mapOf("+rules\r\n", mapOf(bulk("d"), arrayOf(number(1)))), arrayOf("+rules\r\n", arrayOf(arrayOf(bulk("d"), bulk("x"), bulk("AVG")))),
		arrayOf("+rules\r\n", arrayOf(arrayOf(arrayOf(), number(1), bulk("AVG")))), arrayOf("+rules\r\n", arrayOf(arrayOf(bulk("d"), number(1), arrayOf()))),
		arrayOf("+Chunks\r\n", arrayOf(number(1))))
}

// TestTSAggregators: the names that options know are those that rules know.
func TestTSAggregators(t *testing.T) {
	t.Parallel()
	var known []string
	for _, c := range modulesTable(t).Commands {
		if c.Name == "TS.CREATERULE" {
			known = optionWords(c.Args)[1:] // without AGGREGATION
		}
	}
	if !slices.Equal(known, tsAggregators) {
		t.Errorf("the options know %q, the table %q", tsAggregators, known)
	}
}
