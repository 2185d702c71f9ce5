package redis

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// An FTSearchFilter lets a number in a field be in a range.
type FTSearchFilter struct {
	FieldName string
	Min, Max  any // numbers, or words such as "-inf" and "(5", where 5 itself is not in the range
}

// An FTSearchGeoFilter lets a place in a field be near another one.
type FTSearchGeoFilter struct {
	FieldName           string
	Longitude, Latitude float64 // degrees
	Radius              float64
	Unit                GeoUnit
}

// An FTSearchReturn is a field to return.
type FTSearchReturn struct {
	FieldName string
	As        string // the name to return it by; "" is its own
}

// An FTSearchSortBy is a field to sort by.
type FTSearchSortBy struct {
	FieldName string
	Desc      bool // the largest value first
}

// FTSummarize says which parts of fields to return.
type FTSummarize struct {
	Fields    []string // nil is all
	Frags     int64    // how many parts of a field; 0 is 3
	Len       int64    // how many words a part has; 0 is 20
	Separator string   // what is between parts; "" is "... "
}

// FTHighlight says how to mark what was found.
type FTHighlight struct {
	Fields    []string  // nil is all
	OpenClose [2]string // what to write before and after; empty is <b> and </b>
}

// FTSpellCheckTerms is a dictionary to take words from, or not.
type FTSpellCheckTerms struct {
	Inclusion  string // INCLUDE or EXCLUDE
	Dictionary string
	Terms      []any // more words
}

func (r *Request) anyList(vs []any) {
	r.atLeastOne(len(vs), "term")
	r.values(vs)
}

// dialect sends the version of the query language: 2, unless told otherwise. It is always sent, since servers are configured differently.
func (r *Request) dialect(version int64) {
	if version == 0 {
		version = 2
	}
	r.text("DIALECT")
	r.int(version)
}

// needs refuses an option that does nothing without another one.
func (r *Request) needs(option string, used bool, other string, otherUsed bool) {
	if used && !otherUsed {
		r.fail(errors.New(option + " does nothing without " + other))
	}
}

// counted sends a list after how long it is, unless it is empty.
func (r *Request) counted(word string, list []string) {
	if len(list) > 0 {
		r.text(word)
		r.int(int64(len(list)))
		r.texts(list)
	}
}

// stopWords sends a list that may be empty, unless it is nil.
func (r *Request) stopWords(words []string) {
	if words != nil {
		r.text("STOPWORDS")
		r.int(int64(len(words)))
		r.texts(words)
	}
}

// ftParams sends the values of a query's names, in the order of the names.
func (r *Request) ftParams(params map[string]any) {
	if len(params) == 0 {
		return
	}
	r.text("PARAMS")
	r.int(int64(2 * len(params)))
	r.room(2 * len(params))
	for _, name := range slices.Sorted(maps.Keys(params)) {
		r.text(name)
		r.vectorOr(params[name])
	}
}

// vectorOr sends a value, which may be a vector.
func (r *Request) vectorOr(v any) {
	switch vector := v.(type) {
	case VectorFP32:
		r.value(vector.Val)
	case *VectorFP32:
		if vector == nil {
			r.fail(errNoVector)
			return
		}
		r.value(vector.Val)
	default:
		r.value(v)
	}
}

func (r *Request) ftFilters(filters []FTSearchFilter) {
	for _, f := range filters {
		r.text("FILTER")
		r.text(f.FieldName)
		r.value(f.Min)
		r.value(f.Max)
	}
}

func (r *Request) ftGeoFilters(filters []FTSearchGeoFilter) {
	for _, f := range filters {
		r.text("GEOFILTER")
		r.text(f.FieldName)
		r.float(f.Longitude)
		r.float(f.Latitude)
		r.float(f.Radius)
		r.unit(f.Unit)
	}
}

// ftReturn sends the fields to return, after the number of words that follow.
func (r *Request) ftReturn(fields []FTSearchReturn) { r.counted("RETURN", fieldWords(fields)) }

// fieldWords are the words that name fields and what they are returned as.
func fieldWords(fields []FTSearchReturn) []string {
	words := make([]string, 0, 3*len(fields))
	for _, f := range fields {
		words = append(words, f.FieldName)
		if f.As != "" {
			words = append(words, "AS", f.As)
		}
	}
	return words
}

func (r *Request) ftSummarize(s *FTSummarize) {
	if s == nil {
		return
	}
	r.text("SUMMARIZE")
	r.counted("FIELDS", s.Fields)
	if s.Frags != 0 {
		r.text("FRAGS")
		r.int(s.Frags)
	}
	if s.Len != 0 {
		r.text("LEN")
		r.int(s.Len)
	}
	if s.Separator != "" {
		r.text("SEPARATOR")
		r.text(s.Separator)
	}
}

func (r *Request) ftHighlight(h *FTHighlight) {
	if h == nil {
		return
	}
	r.text("HIGHLIGHT")
	r.counted("FIELDS", h.Fields)
	if h.OpenClose != [2]string{} {
		r.text("TAGS")
		r.text(h.OpenClose[0])
		r.text(h.OpenClose[1])
	}
}

func (r *Request) ftSortBy(by *FTSearchSortBy) {
	if by == nil {
		return
	}
	r.text("SORTBY")
	r.text(by.FieldName)
	r.text(by.order())
}

func (by *FTSearchSortBy) order() string {
	if by.Desc {
		return "DESC"
	}
	return "ASC"
}

// ftLimit sends which part of the documents to return, unless the server is to choose.
func (r *Request) ftLimit(offset, count int64, none bool) {
	r.onlyOne("CountOnly or LimitOffset and Limit", none, offset != 0 || count != 0)
	if offset != 0 && count == 0 {
		r.fail(fmt.Errorf("a LimitOffset of %d needs a Limit: how many documents to return at most", offset))
	}
	if none || count != 0 {
		r.text("LIMIT")
		r.int(offset)
		r.int(count)
	}
}

func (r *Request) ftTerms(terms []FTSpellCheckTerms) {
	for _, t := range terms {
		r.text("TERMS")
		r.word(t.Inclusion, "INCLUDE", "EXCLUDE")
		r.text(t.Dictionary)
		r.values(t.Terms)
	}
}

// once keeps the command from being sent twice, or to a replica: a cursor belongs to the server that made it.
func (*FTCursorArgs) once(r *Request) { r.flags &^= ReadOnly }
