package redis

import "github.com/fairlead-go/fairlead/resp"

// A RawVector is a vector as the server keeps it.
type RawVector struct {
	Quantization string  // "f32", "int8" or "bin"
	Data         []byte  // for each number four bytes, one, or a bit, the lowest first; the vector has unit length
	Norm         float64 // the length of the vector before it was made unit length
	Range        float64 // of "int8": which number 127 stands for; else 0
}

// VectorSetInfo tells how a vector set is made.
type VectorSetInfo struct {
	Quantization    string // "f32", "int8" or "bin"
	M               int64  // how many neighbours an element has at most in each layer, twice as many in the lowest
	Dimensions      int64  // of the vectors as they are kept
	InputDimensions int64  // of the vectors as they are given, if they are reduced; else 0
	Size            int64  // elements
	MaxLevel        int64  // the highest layer of the graph
	AttributesCount int64  // elements that have attributes
	UID             int64  // the set's number in the server
	MaxNodeUID      int64  // the highest number of an element so far
}

// A VectorScore is an element of a vector set and how like another one, or a vector, it is: from 0 (opposite) to 1 (the same).
type VectorScore struct {
	Name  string
	Score float64
}

// A VectorAttrib is an element of a vector set and its attributes.
type VectorAttrib struct {
	Name    string
	Attribs string // JSON; "" if it has none
}

// A VectorScoreAttrib is a VectorScore with the element's attributes.
type VectorScoreAttrib struct {
	Name    string
	Score   float64
	Attribs string // JSON; "" if it has none
}

func readRawVector(r resp.Reply) (v RawVector, err error) {
	f, err := columns(r, 3)
	if err != nil {
		return v, err
	}
	if v.Quantization, err = f[0].Str(); err != nil {
		return v, err
	}
	data, err := f[1].Str()
	if err != nil {
		return v, err
	}
	v.Data = []byte(data)
	if v.Norm, err = f[2].Float(); err != nil || len(f) < 4 {
		return v, err
	}
	v.Range, err = f[3].Float()
	return v, err
}

func readVectorSetInfo(r resp.Reply) (i VectorSetInfo, err error) {
	err = readFields(r, map[string]any{
		"quant-type": &i.Quantization, "hnsw-m": &i.M, "vector-dim": &i.Dimensions, "projection-input-dim": &i.InputDimensions,
		"size": &i.Size, "max-level": &i.MaxLevel, "attributes-count": &i.AttributesCount, "vset-uid": &i.UID,
		"hnsw-max-node-uid": &i.MaxNodeUID,
	})
	return i, err
}

func readVectorLinks(r resp.Reply) ([][]string, error) { return readSlice(r, readStrings) }

func readVectorLinkScores(r resp.Reply) ([][]VectorScore, error) {
	return readSlice(r, readVectorScores)
}

func readVectorScores(r resp.Reply) ([]VectorScore, error) {
	return readPairs(r, func(name, score resp.Reply) (s VectorScore, err error) {
		if s.Name, err = name.Str(); err != nil {
			return s, err
		}
		s.Score, err = score.Float()
		return s, err
	})
}

func readVectorAttribs(r resp.Reply) ([]VectorAttrib, error) {
	return readPairs(r, func(name, attribs resp.Reply) (a VectorAttrib, err error) {
		if a.Name, err = name.Str(); err != nil {
			return a, err
		}
		a.Attribs, err = readText(attribs)
		return a, err
	})
}

// readVectorScoreAttribs reads names with a list of score and attributes, or in RESP2 all three in turn.
func readVectorScoreAttribs(r resp.Reply) ([]VectorScoreAttrib, error) {
	if err := noList(r); err != nil {
		return nil, err
	}
	list := []VectorScoreAttrib{}
	for c := r.Elements(); ; {
		name, ok := c.Next()
		if !ok {
			return list, nil
		}
		score, _ := c.Next()
		var attribs resp.Reply
		if r.Kind() == resp.Map {
			f, err := columns(score, 2)
			if err != nil {
				return nil, err
			}
			score, attribs = f[0], f[1]
		} else if attribs, ok = c.Next(); !ok {
			return nil, &resp.TypeError{Want: "a list of names, scores and attributes", Got: r.Kind()}
		}
		s, err := toVectorScoreAttrib(name, score, attribs)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
}

func toVectorScoreAttrib(name, score, attribs resp.Reply) (s VectorScoreAttrib, err error) {
	if s.Name, err = name.Str(); err != nil {
		return s, err
	}
	if s.Score, err = score.Float(); err != nil {
		return s, err
	}
	s.Attribs, err = readText(attribs)
	return s, err
}
