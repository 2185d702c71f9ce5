package redis

import "errors"

// An FTStep is something that [FTAggregateWithArgs] makes of the documents that it found: an [FTLoad], [FTApply], [FTGroupBy],
// [FTSortBy], [FTLimit] or [FTFilter].
type FTStep interface{ sendStep(r *Request) }

// FTLoad loads fields of the documents into the rows; without Fields, all.
type FTLoad struct{ Fields []FTSearchReturn }

// FTApply computes a value in each row.
type FTApply struct {
	Expression string
	As         string // its name
}

// FTGroupBy makes one row of those with the same values of Fields.
type FTGroupBy struct {
	Fields []string // such as "@name"; none makes one row of all
	Reduce []FTReducer
}

// An FTReducer makes one value of those of a group.
type FTReducer struct {
	Reducer string // such as COUNT, SUM, AVG, TOLIST or FIRST_VALUE
	Args    []any  // such as "@name"
	As      string // the value's name; "" is the server's choice
}

// FTSortBy sorts the rows.
type FTSortBy struct {
	Fields []FTSearchSortBy
	Max    int64 // how many rows are kept; 0 is the server's choice
}

// FTLimit leaves out the first Offset rows, and all after the Count rows that follow.
type FTLimit struct{ Offset, Count int64 }

// FTFilter keeps the rows that meet a condition.
type FTFilter struct{ Expression string }

// ftSteps sends steps in their order.
func (r *Request) ftSteps(steps []FTStep) {
	for _, s := range steps {
		if s == nil {
			r.fail(errors.New("a step is nil: give an FTLoad, FTApply, FTGroupBy, FTSortBy, FTLimit or FTFilter"))
			continue
		}
		s.sendStep(r)
	}
}

func (s FTLoad) sendStep(r *Request) {
	if len(s.Fields) == 0 {
		r.text("LOAD")
		r.text("*")
		return
	}
	r.counted("LOAD", fieldWords(s.Fields))
}

func (s FTApply) sendStep(r *Request) {
	r.text("APPLY")
	r.text(s.Expression)
	if s.As != "" {
		r.text("AS")
		r.text(s.As)
	}
}

func (s FTGroupBy) sendStep(r *Request) {
	r.text("GROUPBY")
	r.int(int64(len(s.Fields)))
	r.texts(s.Fields)
	for _, reduce := range s.Reduce {
		r.text("REDUCE")
		r.text(reduce.Reducer)
		r.int(int64(len(reduce.Args)))
		r.values(reduce.Args)
		if reduce.As != "" {
			r.text("AS")
			r.text(reduce.As)
		}
	}
}

func (s FTSortBy) sendStep(r *Request) {
	r.atLeastOne(len(s.Fields), "field to sort by")
	r.text("SORTBY")
	r.int(int64(2 * len(s.Fields)))
	for i := range s.Fields {
		r.text(s.Fields[i].FieldName)
		r.text(s.Fields[i].order())
	}
	if s.Max != 0 {
		r.text("MAX")
		r.int(s.Max)
	}
}

func (s FTLimit) sendStep(r *Request) {
	r.text("LIMIT")
	r.int(s.Offset)
	r.int(s.Count)
}

func (s FTFilter) sendStep(r *Request) {
	r.text("FILTER")
	r.text(s.Expression)
}
