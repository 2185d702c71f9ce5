package redis

import "github.com/fairlead-go/fairlead/resp"

// readLists reads lists by their names.
func readLists(r resp.Reply) (map[string][]string, error) {
	lists := make(map[string][]string, pairCount(r))
	err := eachNamed(r, func(name string, value resp.Reply) (err error) {
		lists[name], err = readStrings(value)
		return err
	})
	if err != nil {
		return nil, err
	}
	return lists, nil
}

// readFTSpellings reads lists of the word TERM, a term and its suggestions, each a score and a text; RESP3 has a map of results, of
// a list of maps from text to score by the term.
func readFTSpellings(r resp.Reply) ([]FTSpelling, error) {
	if r.Kind() != resp.Map {
		return readSlice(r, readFTSpelling)
	}
	list := []FTSpelling{}
	err := eachField(r, func(name string, value resp.Reply) error {
		if name != "results" {
			return nil
		}
		return eachNamed(value, func(term string, value resp.Reply) error {
			s := FTSpelling{Term: term, Suggestions: []FTSuggestion{}}
			for c := value.Elements(); ; {
				e, ok := c.Next()
				if !ok {
					list = append(list, s)
					return nil
				}
				suggestions, err := readFTSuggestions(e)
				if err != nil {
					return err
				}
				s.Suggestions = append(s.Suggestions, suggestions...)
			}
		})
	})
	return list, err
}

func readFTSpelling(r resp.Reply) (s FTSpelling, err error) {
	f, err := columns(r, 3)
	if err != nil {
		return s, err
	}
	if s.Term, err = f[1].Str(); err != nil {
		return s, err
	}
	s.Suggestions, err = readPairs(f[2], func(score, text resp.Reply) (FTSuggestion, error) { return toFTSuggestion(text, score) })
	return s, err
}

// readFTSuggestions reads texts and scores in turn.
func readFTSuggestions(r resp.Reply) ([]FTSuggestion, error) { return readPairs(r, toFTSuggestion) }

func toFTSuggestion(text, score resp.Reply) (s FTSuggestion, err error) {
	if s.Text, err = text.Str(); err != nil {
		return s, err
	}
	s.Score, err = score.Float()
	return s, err
}

// readFTPayloads reads texts, scores and payloads in turn.
func readFTPayloads(r resp.Reply) ([]FTSuggestion, error) {
	if err := noList(r); err != nil {
		return nil, err
	}
	list := make([]FTSuggestion, 0, r.Len()/3)
	for c := r.Elements(); ; {
		text, ok := c.Next()
		if !ok {
			return list, nil
		}
		score, _ := c.Next()
		s, err := toFTSuggestion(text, score)
		if err != nil {
			return nil, err
		}
		payload, ok := c.Next()
		if !ok {
			return nil, &resp.TypeError{Want: "texts, scores and payloads in turn", Got: r.Kind()}
		}
		if s.Payload, err = readText(payload); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
}
