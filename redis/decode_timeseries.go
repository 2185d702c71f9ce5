package redis

import (
	"strings"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// A TSTimestampValue is a sample of a time series.
type TSTimestampValue struct {
	Timestamp int64     // milliseconds since 1970
	Value     float64   // of several aggregators the first one's
	Values    []float64 // of several aggregators each one's; nil if there is one value
}

// Time returns when the sample is from.
func (v TSTimestampValue) Time() time.Time { return time.UnixMilli(v.Timestamp) }

// A TSSeries holds samples of one time series.
type TSSeries struct {
	Key     string            // of series that were grouped: label=value
	Labels  map[string]string // those that were asked for; "" for one that the series does not have
	Samples []TSTimestampValue
	Reducer string   // of series that were grouped: how samples of one moment became one; it may be missing without labels
	Sources []string // of series that were grouped: their keys; they may be missing without labels
}

// A TSAdded tells what became of a sample.
type TSAdded struct {
	Timestamp int64 // milliseconds since 1970
	Err       error // why it was not added: a *resp.Error
}

// readTSSample reads the last sample of a series: an empty list is Nil, as there is none.
func readTSSample(r resp.Reply) (TSTimestampValue, error) {
	if r.Kind().Aggregate() && r.Len() == 0 {
		return TSTimestampValue{}, Nil
	}
	if err := noList(r); err != nil {
		return TSTimestampValue{}, err
	}
	return toTSSample(r)
}

// toTSSample reads a list of a timestamp and a value, or more of them.
func toTSSample(r resp.Reply) (s TSTimestampValue, err error) {
	if !r.Kind().Aggregate() || r.Len() < 2 {
		return s, &resp.TypeError{Want: "a list of a timestamp and a value", Got: r.Kind()}
	}
	c := r.Elements()
	at, _ := c.Next()
	if s.Timestamp, err = at.Int(); err != nil {
		return s, err
	}
	value, _ := c.Next()
	if s.Value, err = value.Float(); err != nil || r.Len() == 2 {
		return s, err
	}
	s.Values = make([]float64, 1, r.Len()-1)
	s.Values[0] = s.Value
	for {
		value, ok := c.Next()
		if !ok {
			return s, nil
		}
		f, err := value.Float()
		if err != nil {
			return s, err
		}
		s.Values = append(s.Values, f)
	}
}

func readTSSamples(r resp.Reply) ([]TSTimestampValue, error) { return readSlice(r, toTSSample) }

// readTSAdded reads timestamps, and errors among them.
func readTSAdded(r resp.Reply) ([]TSAdded, error) {
	if err := noList(r); err != nil {
		return nil, err
	}
	list := make([]TSAdded, 0, r.Len())
	for c := r.Elements(); ; {
		e, ok := c.Next()
		if !ok {
			return list, nil
		}
		a := TSAdded{Err: e.Err()}
		if a.Err == nil {
			var err error
			if a.Timestamp, err = e.Int(); err != nil {
				return nil, err
			}
		}
		list = append(list, a)
	}
}

// readTSSeries reads a list of key, labels and samples for each series, or RESP3's map from keys to the rest, which has between labels
// and samples what it says about aggregators, or about reducers and sources.
func readTSSeries(r resp.Reply) ([]TSSeries, error) {
	if err := noList(r); err != nil {
		return nil, err
	}
	list := make([]TSSeries, 0, r.Len())
	for c := r.Elements(); ; {
		e, ok := c.Next()
		if !ok {
			return list, nil
		}
		key, rest := e, e
		if r.Kind() == resp.Map {
			rest, _ = c.Next()
		}
		parts, err := columns(rest, 2)
		if err != nil {
			return nil, err
		}
		if r.Kind() != resp.Map {
			key, parts = parts[0], parts[1:]
		}
		s, err := toTSSeries(key, parts)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
}

func toTSSeries(key resp.Reply, parts []resp.Reply) (s TSSeries, err error) {
	if len(parts) < 2 {
		return s, &resp.TypeError{Want: "labels and samples", Got: key.Kind()}
	}
	if s.Key, err = key.Str(); err != nil {
		return s, err
	}
	if s.Labels, err = readStringMap(parts[0]); err != nil {
		return s, err
	}
	s.takeGroup()
	for _, about := range parts[1 : len(parts)-1] {
		if err := s.about(about); err != nil {
			return s, err
		}
	}
	s.Samples, err = readTSSamplesOf(parts[len(parts)-1])
	return s, err
}

// takeGroup takes out of the labels what RESP2 says there about series that were grouped.
func (s *TSSeries) takeGroup() {
	if sources, ok := s.Labels["__source__"]; ok {
		s.Sources = strings.Split(sources, ",")
		delete(s.Labels, "__source__")
	}
	if reducer, ok := s.Labels["__reducer__"]; ok {
		s.Reducer = reducer
		delete(s.Labels, "__reducer__")
	}
}

// about reads what RESP3 says in a place of its own.
func (s *TSSeries) about(r resp.Reply) error {
	var reducers []string
	err := readFields(r, map[string]any{"reducers": &reducers, "sources": &s.Sources})
	if len(reducers) > 0 {
		s.Reducer = reducers[0]
	}
	return err
}

// readTSSamplesOf reads a list of samples, or one sample, or the empty list of none.
func readTSSamplesOf(r resp.Reply) ([]TSTimestampValue, error) {
	c := r.Elements()
	if first, ok := c.Next(); ok && !first.Kind().Aggregate() {
		s, err := toTSSample(r)
		if err != nil {
			return nil, err
		}
		return []TSTimestampValue{s}, nil
	}
	return readTSSamples(r)
}
