package redis

import (
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// TSDetails tell how a time series is kept.
type TSDetails struct {
	TotalSamples      int64
	MemoryUsage       int64         // bytes
	FirstTimestamp    int64         // milliseconds since 1970; 0 if there is no sample
	LastTimestamp     int64         // milliseconds since 1970; 0 if there is no sample
	Retention         time.Duration // 0 is for ever
	ChunkCount        int64
	ChunkSize         int64  // bytes
	ChunkType         string // "compressed" or "uncompressed"
	DuplicatePolicy   string // "" is the server's choice
	IgnoreMaxTimeDiff time.Duration
	IgnoreMaxValDiff  float64
	Labels            map[string]string
	SourceKey         string // of a series that a rule fills: from which one
	Rules             []TSRule
	Chunks            []TSChunk // nil unless TSInfoArgs.Debug asked for them
}

// A TSRule says how samples of a time series are aggregated into another one.
type TSRule struct {
	DestKey        string
	BucketDuration time.Duration
	Aggregator     string
	AlignTimestamp int64 // a moment at which a bucket begins, in milliseconds since 1970
}

// A TSChunk holds samples that are kept together.
type TSChunk struct {
	StartTimestamp, EndTimestamp int64 // milliseconds since 1970
	Samples                      int64
	Size                         int64 // bytes
	BytesPerSample               float64
}

func readTSDetails(r resp.Reply) (d TSDetails, err error) {
	err = readFields(r, map[string]any{
		"totalSamples": &d.TotalSamples, "memoryUsage": &d.MemoryUsage, "firstTimestamp": &d.FirstTimestamp, "lastTimestamp": &d.LastTimestamp,
		"retentionTime": inMillis{&d.Retention}, "chunkCount": &d.ChunkCount, "chunkSize": &d.ChunkSize, "chunkType": &d.ChunkType,
		"duplicatePolicy": &d.DuplicatePolicy, "ignoreMaxTimeDiff": inMillis{&d.IgnoreMaxTimeDiff}, "ignoreMaxValDiff": &d.IgnoreMaxValDiff,
		"sourceKey": &d.SourceKey,
	})
	if err != nil {
		return d, err
	}
	err = eachField(r, func(name string, value resp.Reply) (err error) {
		switch name {
		case "labels":
			d.Labels, err = readStringMap(value)
		case "rules":
			d.Rules, err = readTSRules(value)
		case "Chunks":
			d.Chunks, err = readSlice(value, readTSChunk)
		}
		return err
	})
	return d, err
}

// readTSRules reads lists of destination, length of a bucket, aggregator and alignment, or RESP3's map from destinations to the rest.
func readTSRules(r resp.Reply) ([]TSRule, error) {
	if err := noList(r); err != nil {
		return nil, err
	}
	var rules []TSRule
	for c := r.Elements(); ; {
		e, ok := c.Next()
		if !ok {
			return rules, nil
		}
		key, parts, err := e, []resp.Reply(nil), error(nil)
		if r.Kind() == resp.Map {
			rest, _ := c.Next()
			parts, err = columns(rest, 2)
		} else if parts, err = columns(e, 3); err == nil {
			key, parts = parts[0], parts[1:]
		}
		if err != nil {
			return nil, err
		}
		rule, err := toTSRule(key, parts)
		if err != nil {
			return nil, err
		}
		rules = append(rules, rule)
	}
}

func toTSRule(key resp.Reply, parts []resp.Reply) (rule TSRule, err error) {
	if rule.DestKey, err = key.Str(); err != nil {
		return rule, err
	}
	if err = readNumberField(parts[0], inMillis{&rule.BucketDuration}); err != nil {
		return rule, err
	}
	if rule.Aggregator, err = parts[1].Str(); err != nil || len(parts) < 3 {
		return rule, err
	}
	rule.AlignTimestamp, err = parts[2].Int()
	return rule, err
}

func readTSChunk(r resp.Reply) (c TSChunk, err error) {
	err = readFields(r, map[string]any{
		"startTimestamp": &c.StartTimestamp, "endTimestamp": &c.EndTimestamp, "samples": &c.Samples, "size": &c.Size,
		"bytesPerSample": &c.BytesPerSample,
	})
	return c, err
}
