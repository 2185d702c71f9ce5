package redis

import (
	"errors"
	"maps"
)

// FTHybridSearch is the part of [FTHybridWithArgs] that looks for words.
type FTHybridSearch struct {
	Query        string
	Scorer       string // how scores are computed; "" is the server's choice
	YieldScoreAs string // the name by which to return the score; "" does not
}

// FTHybridVector is the part of [FTHybridWithArgs] that looks for neighbours of a vector.
type FTHybridVector struct {
	Field        string // such as "@embedding"; the @ may be left out
	Data         any    // a []byte or a [VectorFP32]
	Method       string // KNN or RANGE; "" is the server's choice
	MethodArgs   []any  // names and values in turn, such as "K", 10
	Filter       string // only documents that meet a condition
	YieldScoreAs string // the name by which to return the score; "" does not
}

// FTHybridCombine says how two scores are made one.
type FTHybridCombine struct {
	Method string // RRF or LINEAR
	Args   []any  // names and values in turn, such as "WINDOW", 20, "CONSTANT", 60 or "ALPHA", 0.3, "BETA", 0.7
}

// vectorParam is the name by which queries refer to the vector, which servers take among the values of names only.
const vectorParam = "fairlead_vector"

func (r *Request) ftVSim(field string) {
	if field == "" {
		r.fail(errors.New("a search by a vector needs the name of the field with vectors"))
	} else if field[0] != '@' {
		field = "@" + field
	}
	r.text("VSIM")
	r.text(field)
	r.text("$" + vectorParam)
}

func (r *Request) ftVector(v any) { r.ftHybridParams(nil, v) }

// ftHybridParams sends the values of names, the vector's among them.
func (r *Request) ftHybridParams(params map[string]any, vector any) {
	if _, taken := params[vectorParam]; taken {
		r.fail(errors.New(vectorParam + " is the name of the vector itself: give the value in Params another one"))
	}
	switch v := vector.(type) {
	case []byte:
		r.atLeastOne(len(v), "number in the vector")
	case VectorFP32:
		r.atLeastOne(len(v.Val), "number in the vector")
	case *VectorFP32:
	default:
		r.fail(errors.New("needs a vector: a []byte or a VectorFP32"))
		return
	}
	all := maps.Clone(params)
	if all == nil {
		all = make(map[string]any, 1)
	}
	all[vectorParam] = vector
	r.ftParams(all)
}

// ftHybrid sends the two searches and how they are made one.
func (r *Request) ftHybrid(s FTHybridSearch, v FTHybridVector, combine *FTHybridCombine) {
	r.text("SEARCH")
	r.text(s.Query)
	r.words(s.Scorer != "", "SCORER", s.Scorer)
	r.words(s.YieldScoreAs != "", "YIELD_SCORE_AS", s.YieldScoreAs)
	r.ftVSim(v.Field)
	if v.Method != "" {
		r.word(v.Method, "KNN", "RANGE")
		r.countedPairs(v.MethodArgs)
	} else if len(v.MethodArgs) > 0 {
		r.fail(errors.New("MethodArgs do nothing without a Method"))
	}
	r.words(v.Filter != "", "FILTER", v.Filter)
	r.words(v.YieldScoreAs != "", "YIELD_SCORE_AS", v.YieldScoreAs)
	if combine != nil {
		r.text("COMBINE")
		r.word(combine.Method, "RRF", "LINEAR")
		r.countedPairs(combine.Args)
	}
}

// countedPairs sends names and values in turn, after how many words they are.
func (r *Request) countedPairs(pairs []any) {
	r.even(len(pairs))
	r.int(int64(len(pairs)))
	r.values(pairs)
}
