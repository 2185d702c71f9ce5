package redis

import "github.com/fairlead-go/fairlead/resp"

// FTSearchResult holds documents that match a query.
type FTSearchResult struct {
	Total    int64 // how many match, about
	Docs     []FTDocument
	Warnings []string // why something may be missing; servers tell under RESP3 only
}

// An FTDocument is one that matches a query. What was not asked for is zero.
type FTDocument struct {
	ID          string            // its key
	Score       float64           // how well it matches
	Explanation []string          // how the score was computed
	Payload     string            // "" if it has none
	SortKey     string            // what it is sorted by: "#" before a number, "$" before a text; "" if it has none
	Fields      map[string]string // nil if it was deleted meanwhile; of a JSON document "$" is the whole
}

// FTAggregateResult holds rows made of the documents that match a query.
type FTAggregateResult struct {
	Total    int64 // how many rows there are, about: servers do not always count them
	Rows     []FTRow
	Warnings []string // why something may be missing; servers tell under RESP3 only
}

// An FTRow is a row of results.
type FTRow struct {
	Fields map[string]string   // "" for one that is null
	Lists  map[string][]string // those that are lists; nil if there are none
}

// An FTCursorPage holds the next rows of a cursor.
type FTCursorPage struct {
	FTAggregateResult
	Cursor int64 // to be given to FTCursorRead; 0: there are no more
}

// FTHybridResult holds what two searches found together.
type FTHybridResult struct {
	Total         int64
	Rows          []FTRow // "__key" is the document's key, "__score" its score
	Warnings      []string
	ExecutionTime float64 // milliseconds
}

// An ftLayout tells what RESP2 has for each document after its key.
type ftLayout struct{ scores, payloads, sortKeys, noContent bool }

func readFTSearch(r resp.Reply) (FTSearchResult, error) { return ftLayout{}.read(r) }

// reader returns what reads the reply to a search with these options: under RESP2 nothing in it says what its parts are.
func (a *FTSearchArgs) reader() func(resp.Reply) (FTSearchResult, error) {
	return ftLayout{a.WithScores, a.WithPayloads, a.WithSortKeys, a.NoContent}.read
}

func (l ftLayout) read(r resp.Reply) (s FTSearchResult, err error) {
	if r.Kind() == resp.Map {
		s.Docs = []FTDocument{}
		err = eachField(r, func(name string, value resp.Reply) (err error) {
			switch name {
			case "total_results":
				s.Total, err = value.Int()
			case "results":
				s.Docs, err = readSlice(value, readFTDocument)
			case "warning":
				s.Warnings, err = readWarnings(value)
			}
			return err
		})
		return s, err
	}
	if err := noList(r); err != nil {
		return s, err
	}
	c := r.Elements()
	total, _ := c.Next()
	if s.Total, err = total.Int(); err != nil {
		return s, err
	}
	s.Docs = []FTDocument{}
	for {
		id, ok := c.Next()
		if !ok {
			return s, nil
		}
		d, err := l.document(id, &c)
		if err != nil {
			return s, err
		}
		s.Docs = append(s.Docs, d)
	}
}

// document reads what follows the key of a document.
func (l ftLayout) document(id resp.Reply, c *resp.Cursor) (d FTDocument, err error) {
	if d.ID, err = id.Str(); err != nil {
		return d, err
	}
	for _, part := range []struct {
		there bool
		read  func(*FTDocument, resp.Reply) error
	}{
		{l.scores, (*FTDocument).readScore},
		{l.payloads, func(d *FTDocument, r resp.Reply) (err error) { d.Payload, err = readText(r); return err }},
		{l.sortKeys, func(d *FTDocument, r resp.Reply) (err error) { d.SortKey, err = readText(r); return err }},
		{!l.noContent, (*FTDocument).readFields},
	} {
		if !part.there {
			continue
		}
		r, ok := c.Next()
		if !ok {
			return d, &resp.TypeError{Want: "more about the last document", Got: resp.Array}
		}
		if err := part.read(&d, r); err != nil {
			return d, err
		}
	}
	return d, nil
}

func readFTDocument(r resp.Reply) (d FTDocument, err error) {
	err = eachField(r, func(name string, value resp.Reply) (err error) {
		switch name {
		case "id":
			d.ID, err = value.Str()
		case "score":
			err = d.readScore(value)
		case "payload":
			d.Payload, err = readText(value)
		case "sortkey":
			d.SortKey, err = readText(value)
		case "extra_attributes":
			err = d.readFields(value)
		}
		return err
	})
	return d, err
}

// readScore reads a score, alone or in a list with its explanation.
func (d *FTDocument) readScore(r resp.Reply) (err error) {
	if !r.Kind().Aggregate() {
		d.Score, err = r.Float()
		return err
	}
	parts, err := columns(r, 2)
	if err != nil {
		return err
	}
	d.explain(parts[1])
	d.Score, err = parts[0].Float()
	return err
}

// explain collects the lines of an explanation, which is a tree.
func (d *FTDocument) explain(r resp.Reply) {
	if !r.Kind().Aggregate() {
		d.Explanation = append(d.Explanation, r.Text())
		return
	}
	for c := r.Elements(); ; {
		e, ok := c.Next()
		if !ok {
			return
		}
		d.explain(e)
	}
}

// readFields reads fields; null stands for those of a document that was deleted meanwhile.
func (d *FTDocument) readFields(r resp.Reply) (err error) {
	if r.IsNull() {
		return nil
	}
	d.Fields, err = readStringMap(r)
	return err
}

func readFTAggregate(r resp.Reply) (a FTAggregateResult, err error) {
	if r.Kind() == resp.Map {
		a.Rows = []FTRow{}
		err = eachField(r, func(name string, value resp.Reply) (err error) {
			switch name {
			case "total_results":
				a.Total, err = value.Int()
			case "results":
				a.Rows, err = readSlice(value, readFTResultRow)
			case "warning":
				a.Warnings, err = readWarnings(value)
			}
			return err
		})
		return a, err
	}
	if err := noList(r); err != nil {
		return a, err
	}
	c := r.Elements()
	total, _ := c.Next()
	if a.Total, err = total.Int(); err != nil {
		return a, err
	}
	a.Rows = make([]FTRow, 0, r.Len()-1)
	for {
		e, ok := c.Next()
		if !ok {
			return a, nil
		}
		row, err := readFTRow(e)
		if err != nil {
			return a, err
		}
		a.Rows = append(a.Rows, row)
	}
}

// readWarnings reads a list that is nearly always empty: then it is nil, as under RESP2.
func readWarnings(r resp.Reply) ([]string, error) {
	list, err := readStrings(r)
	if len(list) == 0 {
		return nil, err
	}
	return list, err
}

// readFTResultRow reads a row as RESP3 has it, among other things.
func readFTResultRow(r resp.Reply) (row FTRow, err error) {
	row.Fields = map[string]string{}
	err = eachField(r, func(name string, value resp.Reply) (err error) {
		if name == "extra_attributes" {
			row, err = readFTRow(value)
		}
		return err
	})
	return row, err
}

func readFTRow(r resp.Reply) (row FTRow, err error) {
	row.Fields = make(map[string]string, r.Len()/2)
	err = eachNamed(r, func(name string, value resp.Reply) (err error) {
		if value.Kind().Aggregate() {
			if row.Lists == nil {
				row.Lists = make(map[string][]string)
			}
			row.Lists[name], err = readStrings(value)
			return err
		}
		row.Fields[name], err = readText(value)
		return err
	})
	return row, err
}

// eachNamed is eachField for rows, where a value may be a list of two but is never a pair of its own.
func eachNamed(r resp.Reply, f func(name string, value resp.Reply) error) error {
	if err := noList(r); err != nil {
		return err
	}
	for c := r.Elements(); ; {
		key, ok := c.Next()
		if !ok {
			return nil
		}
		value, ok := c.Next()
		if !ok {
			return &resp.TypeError{Want: "names and values in turn", Got: r.Kind()}
		}
		name, err := key.Str()
		if err != nil {
			return err
		}
		if err := f(name, value); err != nil {
			return err
		}
	}
}

func readFTCursorPage(r resp.Reply) (p FTCursorPage, err error) {
	f, err := columns(r, 2)
	if err != nil {
		return p, err
	}
	if p.FTAggregateResult, err = readFTAggregate(f[0]); err != nil {
		return p, err
	}
	p.Cursor, err = f[1].Int()
	return p, err
}

func readFTHybrid(r resp.Reply) (h FTHybridResult, err error) {
	h.Rows = []FTRow{}
	err = eachNamed(r, func(name string, value resp.Reply) (err error) {
		switch name {
		case "total_results":
			h.Total, err = value.Int()
		case "results":
			h.Rows, err = readSlice(value, readFTRow)
		case "warning", "warnings":
			h.Warnings, err = readWarnings(value)
		case "execution_time":
			h.ExecutionTime, err = value.Float()
		}
		return err
	})
	return h, err
}
