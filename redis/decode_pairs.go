package redis

import (
	"strconv"

	"github.com/fairlead-go/fairlead/resp"
)

// eachPair calls f with the pairs of a reply, which is one of RESP3's maps, a list of names and values in turn, or a list of
// lists of two. Null is Nil.
func eachPair(r resp.Reply, f func(a, b resp.Reply) error) error {
	if r.IsNull() {
		return Nil
	}
	if !r.Kind().Aggregate() {
		return &resp.TypeError{Want: "a list of pairs", Got: r.Kind()}
	}
	c := r.Elements()
	for {
		a, ok := c.Next()
		if !ok {
			return nil
		}
		var b resp.Reply
		if r.Kind() != resp.Map && a.Kind().Aggregate() && a.Len() == 2 {
			inner := a.Elements()
			a, _ = inner.Next()
			b, _ = inner.Next()
		} else if b, ok = c.Next(); !ok {
			return &resp.TypeError{Want: "a list of pairs", Got: r.Kind()}
		}
		if err := f(a, b); err != nil {
			return err
		}
	}
}

// eachField calls f with the names and values of what is a map in RESP3.
func eachField(r resp.Reply, f func(name string, value resp.Reply) error) error {
	return eachPair(r, func(a, b resp.Reply) error {
		name, err := a.Str()
		if err != nil {
			return err
		}
		return f(name, b)
	})
}

// columns returns the n elements of a list that stands for a struct. Null is Nil; a longer list is one of a later server.
func columns(r resp.Reply, n int) ([]resp.Reply, error) {
	switch {
	case r.IsNull():
		return nil, Nil
	case !r.Kind().Aggregate() || r.Len() < n:
		return nil, &resp.TypeError{Want: "a list of at least " + strconv.Itoa(n), Got: r.Kind()}
	}
	list := make([]resp.Reply, 0, r.Len())
	for c := r.Elements(); ; {
		e, ok := c.Next()
		if !ok {
			return list, nil
		}
		list = append(list, e)
	}
}

func readKV(r resp.Reply) (KV, error) {
	f, err := columns(r, 2)
	if err != nil {
		return KV{}, err
	}
	return toKV(f[0], f[1])
}

func toKV(a, b resp.Reply) (kv KV, err error) {
	if kv.Key, err = a.Str(); err != nil {
		return KV{}, err
	}
	kv.Value, err = b.Str()
	return kv, err
}

func toZ(member, score resp.Reply) (z Z, err error) {
	if z.Member, err = member.Str(); err != nil {
		return Z{}, err
	}
	z.Score, err = score.Float()
	return z, err
}

func readKVs(r resp.Reply) ([]KV, error) { return readPairs(r, toKV) }
func readZs(r resp.Reply) ([]Z, error)   { return readPairs(r, toZ) }

func readPairs[E any](r resp.Reply, to func(a, b resp.Reply) (E, error)) ([]E, error) {
	list := make([]E, 0, pairCount(r))
	err := eachPair(r, func(a, b resp.Reply) error {
		e, err := to(a, b)
		list = append(list, e)
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// pairCount returns how many pairs a reply holds, nested or not.
func pairCount(r resp.Reply) int {
	c := r.Elements()
	if e, ok := c.Next(); ok && e.Kind().Aggregate() {
		return r.Len()
	}
	return r.Len() / 2
}

func readKeyValues(r resp.Reply) (kvs KeyValues, err error) {
	f, err := columns(r, 2)
	if err != nil {
		return kvs, err
	}
	if kvs.Key, err = f[0].Str(); err != nil {
		return kvs, err
	}
	kvs.Values, err = readStrings(f[1])
	return kvs, err
}

func readZWithKey(r resp.Reply) (z ZWithKey, err error) {
	f, err := columns(r, 3)
	if err != nil {
		return z, err
	}
	if z.Key, err = f[0].Str(); err != nil {
		return z, err
	}
	z.Z, err = toZ(f[1], f[2])
	return z, err
}

func readZsWithKey(r resp.Reply) (zs ZsWithKey, err error) {
	f, err := columns(r, 2)
	if err != nil {
		return zs, err
	}
	if zs.Key, err = f[0].Str(); err != nil {
		return zs, err
	}
	zs.Members, err = readZs(f[1])
	return zs, err
}

func readRankScore(r resp.Reply) (rs RankScore, err error) {
	f, err := columns(r, 2)
	if err != nil {
		return rs, err
	}
	if rs.Rank, err = f[0].Int(); err != nil {
		return rs, err
	}
	rs.Score, err = f[1].Float()
	return rs, err
}

func readPage(r resp.Reply) (Page[string], error) { return readPageOf(r, readStrings) }
func readPageKV(r resp.Reply) (Page[KV], error)   { return readPageOf(r, readKVs) }
func readPageZ(r resp.Reply) (Page[Z], error)     { return readPageOf(r, readZs) }

func readPageOf[E any](r resp.Reply, read func(resp.Reply) ([]E, error)) (p Page[E], err error) {
	f, err := columns(r, 2)
	if err != nil {
		return p, err
	}
	cursor, err := f[0].Str()
	if err != nil {
		return p, err
	}
	if p.Cursor, err = strconv.ParseUint(cursor, 10, 64); err != nil {
		return p, err
	}
	p.Elements, err = read(f[1])
	return p, err
}
