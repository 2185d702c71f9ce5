package redis

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// A TSSample is a sample that [TSMAdd] appends to the time series at Key.
type TSSample struct {
	Key       string
	Timestamp any // milliseconds since 1970 as an integer, a time.Time, or "*" for the server's clock
	Value     float64
}

// tsAggregators are the ways to make one value of many.
var tsAggregators = []string{
	"AVG", "SUM", "MIN", "MAX", "RANGE", "COUNT", "FIRST", "LAST", "STD.P", "STD.S", "VAR.P", "VAR.S", "TWA", "COUNTNAN", "COUNTALL",
}

// timestamp sends a moment: milliseconds since 1970, however they are given, or one of the words that stand for one.
func (r *Request) timestamp(v any) {
	switch v := v.(type) {
	case time.Time:
		r.int(v.UnixMilli())
	case string:
		if v == "" {
			r.fail(errors.New(`an empty timestamp is none: give milliseconds since 1970, a time.Time, or one of the words "*", "-" and "+"`))
		}
		r.text(v)
	case nil:
		r.text("")
		r.fail(errors.New(`nil is no timestamp: give milliseconds since 1970, a time.Time, or one of the words "*", "-" and "+"`))
	default:
		r.value(v)
	}
}

func (r *Request) tsSamples(samples []TSSample) {
	r.room(3 * len(samples))
	for i := range samples {
		r.key(samples[i].Key)
		r.timestamp(samples[i].Timestamp)
		r.float(samples[i].Value)
	}
}

// wholeMillis sends a length of time, which must have no part of a millisecond: that would be a number without its unit.
func (r *Request) wholeMillis(d time.Duration) {
	if d%time.Millisecond != 0 {
		r.fail(fmt.Errorf("the time is %v, but must be whole milliseconds: write a unit, such as 60*time.Second", d))
	}
	r.int(int64(d / time.Millisecond))
}

// bucket sends how long a bucket is.
func (r *Request) bucket(d time.Duration) {
	if d <= 0 {
		r.fail(fmt.Errorf("a bucket of %v holds nothing: give a length of time, such as 60*time.Second", d))
	}
	r.wholeMillis(d)
}

// retention sends how long samples are kept: less than 0 is for ever, which servers call 0.
func (r *Request) retention(d time.Duration) { r.wholeMillis(max(d, 0)) }

func (r *Request) ignore(within time.Duration, by float64) {
	if within != 0 || by != 0 {
		r.text("IGNORE")
		r.wholeMillis(within)
		r.float(by)
	}
}

// labels sends labels, in the order of their names, unless they are nil.
func (r *Request) labels(labels map[string]string) {
	if labels == nil {
		return
	}
	r.text("LABELS")
	r.room(2 * len(labels))
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		r.text(name)
		r.text(labels[name])
	}
}

// newLabels sends labels unless there are none.
func (r *Request) newLabels(labels map[string]string) {
	if len(labels) > 0 {
		r.labels(labels)
	}
}

func (r *Request) tsFilters(filters []string) {
	r.atLeastOne(len(filters), "filter")
	r.texts(filters)
}

// between sends the two ends of a range of values.
func (r *Request) between(ends []float64) {
	switch len(ends) {
	case 0:
	case 2:
		r.text("FILTER_BY_VALUE")
		r.floats(ends)
	default:
		r.fail(fmt.Errorf("FilterByValue has %d numbers: give two, the least and the greatest value", len(ends)))
	}
}

// aggregation sends how the samples of a bucket become one.
func (r *Request) aggregation(names []string, bucket time.Duration) {
	if len(names) == 0 {
		if bucket != 0 {
			r.fail(errors.New("there is a BucketDuration, but Aggregators do not say what to make of the samples in a bucket"))
		}
		return
	}
	known := make([]string, len(names))
	for i, name := range names {
		known[i] = strings.ToUpper(name)
		if !slices.Contains(tsAggregators, known[i]) {
			r.fail(errors.New("an aggregator must be one of " + strings.Join(tsAggregators, ", ")))
		}
	}
	r.text("AGGREGATION")
	r.text(strings.Join(known, ","))
	r.bucket(bucket)
}

// groupBy sends what goes after the filters.
func (a *TSMRangeArgs) groupBy(r *Request) {
	switch {
	case a.GroupByLabel != "" && a.Reducer != "":
		r.text("GROUPBY")
		r.text(a.GroupByLabel)
		r.text("REDUCE")
		r.word(a.Reducer, tsAggregators...)
	case a.GroupByLabel != "" || a.Reducer != "":
		r.fail(errors.New("GroupByLabel and Reducer go together: give both or none"))
	}
	if a.GroupByLabel != "" && len(a.Aggregators) > 1 {
		r.fail(errors.New("series are not grouped by servers with several Aggregators: give one"))
	}
}
