package redis

import (
	"strings"

	"github.com/fairlead-go/fairlead/resp"
)

// FTDetails tell how an index is made. Of an average of nothing servers say that it is not a number; here it is NaN.
type FTDetails struct {
	IndexName       string
	IndexOptions    []string
	IndexDefinition FTIndexDefinition
	Attributes      []FTAttribute
	FieldStatistics []FTFieldStatistic
	IndexErrors     FTIndexErrors

	NumDocs              int64 // documents
	MaxDocID             int64
	NumTerms             int64 // different words
	NumRecords           int64 // occurrences of words
	NumberOfUses         int64
	HashIndexingFailures int64
	Indexing             bool    // documents that exist are being indexed
	PercentIndexed       float64 // which share of them is, 1 at the end
	Cleaning             bool
	TotalIndexingTime    float64 // milliseconds

	InvertedSzMB, VectorIndexSzMB, OffsetVectorsSzMB, DocTableSizeMB, SortableValuesSizeMB, KeyTableSizeMB float64 // megabytes
	TagOverheadSzMB, TextOverheadSzMB, GeoshapesSzMB, TotalIndexMemorySzMB                                 float64 // megabytes

	TotalInvertedIndexBlocks                                                       int64
	RecordsPerDocAvg, BytesPerRecordAvg, OffsetsPerTermAvg, OffsetBitsPerRecordAvg float64
	GCStats                                                                        FTGCStats
	CursorStats                                                                    FTCursorStats
	DialectStats                                                                   map[string]int64 // queries by "dialect_1" and so on
}

// FTIndexDefinition says which documents are indexed.
type FTIndexDefinition struct {
	KeyType      string // HASH or JSON
	Prefixes     []string
	Filter       string
	DefaultScore float64
}

// An FTAttribute is a field of an index.
type FTAttribute struct {
	Identifier string // of a hash; of JSON documents a path
	Attribute  string // its name in queries
	Type       string // TEXT, TAG and so on
	Weight     float64
	Separator  string

	Sortable, UNF, NoStem, NoIndex, CaseSensitive, WithSuffixtrie, IndexEmpty, IndexMissing bool

	PhoneticMatcher string
	CoordSystem     string // of GEOSHAPE

	Algorithm, DataType, DistanceMetric string // of VECTOR
	Dim, M, EFConstruction              int64  // of VECTOR
}

// FTIndexErrors tell about documents that could not be indexed.
type FTIndexErrors struct {
	IndexingFailures     int64
	LastIndexingError    string // "N/A" if there is none
	LastIndexingErrorKey string // "N/A" if there is none
}

// An FTFieldStatistic tells about one field of an index.
type FTFieldStatistic struct {
	Identifier, Attribute string
	IndexErrors           FTIndexErrors
}

// FTGCStats tell how an index was cleaned.
type FTGCStats struct {
	BytesCollected, TotalMsRun, TotalCycles             int64
	AverageCycleTimeMs                                  float64
	LastRunTimeMs, GCNumericTreesMissed, GCBlocksDenied int64
}

// FTCursorStats tell how many cursors there are.
type FTCursorStats struct{ GlobalIdle, GlobalTotal, IndexCapacity, IndexTotal int64 }

// An FTSpelling is a word that an index does not have, and what may have been meant.
type FTSpelling struct {
	Term        string
	Suggestions []FTSuggestion
}

// An FTSuggestion is a word that may have been meant.
type FTSuggestion struct {
	Text    string
	Score   float64
	Payload string // if asked for; "" if there is none
}

func readFTDetails(r resp.Reply) (d FTDetails, err error) {
	err = readFields(r, map[string]any{
		"index_name": &d.IndexName, "index_options": &d.IndexOptions, "num_docs": roughInt{&d.NumDocs}, "max_doc_id": roughInt{&d.MaxDocID},
		"num_terms": roughInt{&d.NumTerms}, "num_records": roughInt{&d.NumRecords}, "number_of_uses": roughInt{&d.NumberOfUses},
		"hash_indexing_failures": roughInt{&d.HashIndexingFailures}, "indexing": &d.Indexing, "percent_indexed": &d.PercentIndexed, "cleaning": &d.Cleaning,
		"total_indexing_time": &d.TotalIndexingTime, "inverted_sz_mb": &d.InvertedSzMB, "vector_index_sz_mb": &d.VectorIndexSzMB,
		"offset_vectors_sz_mb": &d.OffsetVectorsSzMB, "doc_table_size_mb": &d.DocTableSizeMB, "sortable_values_size_mb": &d.SortableValuesSizeMB,
		"key_table_size_mb": &d.KeyTableSizeMB, "tag_overhead_sz_mb": &d.TagOverheadSzMB, "text_overhead_sz_mb": &d.TextOverheadSzMB,
		"geoshapes_sz_mb": &d.GeoshapesSzMB, "total_index_memory_sz_mb": &d.TotalIndexMemorySzMB,
		"total_inverted_index_blocks": roughInt{&d.TotalInvertedIndexBlocks}, "records_per_doc_avg": &d.RecordsPerDocAvg,
		"bytes_per_record_avg": &d.BytesPerRecordAvg, "offsets_per_term_avg": &d.OffsetsPerTermAvg,
		"offset_bits_per_record_avg": &d.OffsetBitsPerRecordAvg,
	})
	if err != nil {
		return d, err
	}
	err = eachField(r, func(name string, value resp.Reply) (err error) {
		switch name {
		case "index_definition":
			d.IndexDefinition, err = readFTIndexDefinition(value)
		case "attributes":
			d.Attributes, err = readSlice(value, readFTAttribute)
		case "field statistics":
			d.FieldStatistics, err = readSlice(value, readFTFieldStatistic)
		case "Index Errors":
			d.IndexErrors, err = readFTIndexErrors(value)
		case "gc_stats":
			d.GCStats, err = readFTGCStats(value)
		case "cursor_stats":
			c := &d.CursorStats
			err = readFields(value, map[string]any{"global_idle": roughInt{&c.GlobalIdle}, "global_total": roughInt{&c.GlobalTotal},
				"index_capacity": roughInt{&c.IndexCapacity}, "index_total": roughInt{&c.IndexTotal}})
		case "dialect_stats":
			d.DialectStats, err = readCounts(value)
		}
		return err
	})
	return d, err
}

func readFTIndexDefinition(r resp.Reply) (d FTIndexDefinition, err error) {
	err = readFields(r, map[string]any{"key_type": &d.KeyType, "prefixes": &d.Prefixes, "filter": &d.Filter, "default_score": &d.DefaultScore})
	return d, err
}

func readFTIndexErrors(r resp.Reply) (e FTIndexErrors, err error) {
	err = readFields(r, map[string]any{
		"indexing failures": roughInt{&e.IndexingFailures}, "last indexing error": &e.LastIndexingError,
		"last indexing error key": &e.LastIndexingErrorKey,
	})
	return e, err
}

func readFTFieldStatistic(r resp.Reply) (s FTFieldStatistic, err error) {
	if err = readFields(r, map[string]any{"identifier": &s.Identifier, "attribute": &s.Attribute}); err != nil {
		return s, err
	}
	err = eachField(r, func(name string, value resp.Reply) (err error) {
		if name == "Index Errors" {
			s.IndexErrors, err = readFTIndexErrors(value)
		}
		return err
	})
	return s, err
}

func readFTGCStats(r resp.Reply) (g FTGCStats, err error) {
	err = readFields(r, map[string]any{
		"bytes_collected": roughInt{&g.BytesCollected}, "total_ms_run": roughInt{&g.TotalMsRun}, "total_cycles": roughInt{&g.TotalCycles},
		"average_cycle_time_ms": &g.AverageCycleTimeMs, "last_run_time_ms": roughInt{&g.LastRunTimeMs},
		"gc_numeric_trees_missed": roughInt{&g.GCNumericTreesMissed}, "gc_blocks_denied": roughInt{&g.GCBlocksDenied},
	})
	return g, err
}

// readFTAttribute reads names with values, and words that stand alone under RESP2 and in a list named flags under RESP3.
func readFTAttribute(r resp.Reply) (a FTAttribute, err error) {
	if err := noList(r); err != nil {
		return a, err
	}
	values := map[string]any{
		"identifier": &a.Identifier, "attribute": &a.Attribute, "type": &a.Type, "weight": &a.Weight, "separator": &a.Separator,
		"phonetic": &a.PhoneticMatcher, "coord_system": &a.CoordSystem, "algorithm": &a.Algorithm, "data_type": &a.DataType,
		"distance_metric": &a.DistanceMetric, "dim": roughInt{&a.Dim}, "m": roughInt{&a.M}, "ef_construction": roughInt{&a.EFConstruction},
	}
	for c := r.Elements(); ; {
		e, ok := c.Next()
		if !ok {
			return a, nil
		}
		name, err := e.Str()
		if err != nil {
			return a, err
		}
		place, named := values[strings.ToLower(name)]
		if !named && r.Kind() != resp.Map && !strings.EqualFold(name, "flags") {
			a.flag(name)
			continue
		}
		value, ok := c.Next()
		if !ok {
			return a, &resp.TypeError{Want: "a value of " + strings.ToLower(name), Got: r.Kind()}
		}
		switch {
		case named && !value.IsNull():
			err = readField(value, place)
		case strings.EqualFold(name, "flags"):
			err = a.flags(value)
		}
		if err != nil {
			return a, err
		}
	}
}

func (a *FTAttribute) flags(r resp.Reply) error {
	names, err := readStrings(r)
	for _, name := range names {
		a.flag(name)
	}
	return err
}

// flag notes a word that stands alone; words of later servers are passed over.
func (a *FTAttribute) flag(name string) {
	switch strings.ToUpper(name) {
	case "SORTABLE":
		a.Sortable = true
	case "UNF":
		a.UNF = true
	case "NOSTEM":
		a.NoStem = true
	case "NOINDEX":
		a.NoIndex = true
	case "CASESENSITIVE", "CASE_SENSITIVE":
		a.CaseSensitive = true
	case "WITHSUFFIXTRIE":
		a.WithSuffixtrie = true
	case "INDEXEMPTY":
		a.IndexEmpty = true
	case "INDEXMISSING":
		a.IndexMissing = true
	}
}
