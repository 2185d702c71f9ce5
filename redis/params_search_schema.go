package redis

import (
	"errors"
	"strings"
)

// A FieldSchema is a field of an index.
type FieldSchema struct {
	FieldName         string // of a hash; of JSON documents a path
	As                string // its name in queries; "" is FieldName
	FieldType         string // TEXT, TAG, NUMERIC, GEO, VECTOR or GEOSHAPE
	VectorArgs        *FTVectorArgs
	GeoShapeFieldType string  // of GEOSHAPE: SPHERICAL or FLAT; "" is SPHERICAL
	NoStem            bool    // of TEXT: index words as they are
	PhoneticMatcher   string  // of TEXT: find words that sound alike, such as "dm:en"
	Weight            float64 // of TEXT: how much the field counts; 0 is 1
	Separator         string  // of TAG: what is between tags, one character; "" is a comma
	CaseSensitive     bool    // of TAG
	WithSuffixtrie    bool    // of TEXT and TAG: be fast with parts of words
	IndexEmpty        bool    // of TEXT and TAG: find empty strings
	IndexMissing      bool    // find documents without the field
	Sortable          bool    // be fast in sorting by the field
	UNF               bool    // of a sortable field: sort by the value as it is, not by one in small letters
	NoIndex           bool    // do not find documents by the field
}

// FTVectorArgs say how vectors are indexed. Of the numbers that are not needed 0 is the server's choice.
type FTVectorArgs struct {
	Algorithm              string  // FLAT, HNSW or SVS-VAMANA
	Type                   string  // of the numbers: FLOAT32, FLOAT64, FLOAT16, BFLOAT16, INT8 or UINT8
	Dim                    int64   // how many numbers a vector has
	DistanceMetric         string  // L2, IP or COSINE
	InitialCapacity        int64   // of FLAT and HNSW: vectors to make room for
	BlockSize              int64   // of FLAT: vectors that are kept together
	M                      int64   // of HNSW: neighbours of a vector in each layer
	EFConstruction         int64   // of HNSW: candidates when a vector is added
	EFRunTime              int64   // of HNSW: candidates of a search
	Epsilon                float64 // of HNSW and SVS-VAMANA: how far beyond the limit a search by distance looks
	Compression            string  // of SVS-VAMANA: such as LVQ8
	ConstructionWindowSize int64   // of SVS-VAMANA: candidates when a vector is added
	GraphMaxDegree         int64   // of SVS-VAMANA: neighbours of a vector
	SearchWindowSize       int64   // of SVS-VAMANA: candidates of a search
	TrainingThreshold      int64   // of SVS-VAMANA: vectors after which compression begins
	ReduceDim              int64   // of SVS-VAMANA: how many numbers are left of a vector
}

// ftFields sends fields of an index: what belongs to their types first, then what all fields may have.
func (r *Request) ftFields(fields []FieldSchema) {
	for i := range fields {
		f := &fields[i]
		if f.FieldName == "" {
			r.fail(errors.New("a field of the schema has no FieldName"))
		}
		r.text(f.FieldName)
		if f.As != "" {
			r.text("AS")
			r.text(f.As)
		}
		r.word(f.FieldType, "TEXT", "TAG", "NUMERIC", "GEO", "VECTOR", "GEOSHAPE")
		r.ftFieldType(f)
		r.words(f.IndexMissing, "INDEXMISSING")
		r.words(f.Sortable, "SORTABLE")
		r.words(f.UNF, "UNF")
		r.words(f.NoIndex, "NOINDEX")
		r.needs("UNF", f.UNF, "Sortable", f.Sortable)
	}
}

// words sends words if they are wanted.
func (r *Request) words(wanted bool, words ...string) {
	if wanted {
		r.texts(words)
	}
}

func (r *Request) ftFieldType(f *FieldSchema) {
	if strings.EqualFold(f.FieldType, "VECTOR") != (f.VectorArgs != nil) {
		r.fail(errors.New("a field of the type VECTOR needs VectorArgs, and no other field has them"))
	}
	if f.VectorArgs != nil {
		r.ftVectorArgs(f.VectorArgs)
	}
	if f.GeoShapeFieldType != "" {
		r.word(f.GeoShapeFieldType, "SPHERICAL", "FLAT")
	}
	r.words(f.NoStem, "NOSTEM")
	if f.Weight != 0 {
		r.text("WEIGHT")
		r.float(f.Weight)
	}
	r.words(f.PhoneticMatcher != "", "PHONETIC", f.PhoneticMatcher)
	r.words(f.Separator != "", "SEPARATOR", f.Separator)
	r.words(f.CaseSensitive, "CASESENSITIVE")
	r.words(f.WithSuffixtrie, "WITHSUFFIXTRIE")
	r.words(f.IndexEmpty, "INDEXEMPTY")
}

// ftVectorArgs sends the options of an index of vectors, after the number of words that follow.
func (r *Request) ftVectorArgs(a *FTVectorArgs) {
	if a.Type == "" || a.Dim <= 0 || a.DistanceMetric == "" {
		r.fail(errors.New("VectorArgs need a Type, a Dim and a DistanceMetric"))
	}
	r.word(a.Algorithm, "FLAT", "HNSW", "SVS-VAMANA")
	options := []any{"TYPE", a.Type, "DIM", a.Dim, "DISTANCE_METRIC", a.DistanceMetric}
	for _, o := range []struct {
		name  string
		value int64
	}{
		{"INITIAL_CAP", a.InitialCapacity},
		{"BLOCK_SIZE", a.BlockSize},
		{"M", a.M},
		{"EF_CONSTRUCTION", a.EFConstruction},
		{"EF_RUNTIME", a.EFRunTime},
		{"CONSTRUCTION_WINDOW_SIZE", a.ConstructionWindowSize},
		{"GRAPH_MAX_DEGREE", a.GraphMaxDegree},
		{"SEARCH_WINDOW_SIZE", a.SearchWindowSize},
		{"TRAINING_THRESHOLD", a.TrainingThreshold},
		{"REDUCE", a.ReduceDim},
	} {
		if o.value != 0 {
			options = append(options, o.name, o.value)
		}
	}
	if a.Epsilon != 0 {
		options = append(options, "EPSILON", a.Epsilon)
	}
	if a.Compression != "" {
		options = append(options, "COMPRESSION", a.Compression)
	}
	r.int(int64(len(options)))
	r.values(options)
}
