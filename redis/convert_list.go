package redis

import (
	"fmt"
	"reflect"

	"github.com/fairlead-go/fairlead/resp"
)

func (b planner) planSlice(p *plan, t reflect.Type) error {
	name := t.String()
	if isByte(t.Elem()) {
		p.read = func(in *input, v reflect.Value) error {
			bytes, err := in.bytes(name)
			v.SetBytes(bytes)
			return err
		}
		return nil
	}
	elem, err := b.plan(t.Elem())
	if err != nil {
		return err
	}
	p.read = func(in *input, v reflect.Value) error {
		if !in.kind.Aggregate() {
			return in.not(article(name))
		}
		v.Set(reflect.MakeSlice(t, in.len(), in.len()))
		return fillElements(in, v, elem)
	}
	return nil
}

func (b planner) planArray(p *plan, t reflect.Type) error {
	name := t.String()
	if isByte(t.Elem()) {
		p.read = func(in *input, v reflect.Value) error {
			s, err := in.string(name)
			if err == nil && len(s) != t.Len() {
				err = in.not(article(name) + ": it has another length")
			}
			if err == nil {
				reflect.Copy(v, reflect.ValueOf(s))
			}
			return err
		}
		return nil
	}
	elem, err := b.plan(t.Elem())
	if err != nil {
		return err
	}
	p.read = func(in *input, v reflect.Value) error {
		switch {
		case !in.kind.Aggregate():
			return in.not(article(name))
		case in.len() != t.Len():
			return in.not(article(name) + ": it has another number of elements")
		}
		return fillElements(in, v, elem)
	}
	return nil
}

// isByte reports whether a list of t is a string of bytes.
func isByte(t reflect.Type) bool {
	return t.Kind() == reflect.Uint8 && !readsItself(t)
}

// fillElements fills in a list that is as long as the input.
func fillElements(in *input, list reflect.Value, elem *plan) error {
	var e input
	walk := in.elements()
	for i := 0; walk.next(&e); i++ {
		if err := elem.fill(&e, list.Index(i)); err != nil {
			return inElement(i, err)
		}
	}
	return nil
}

func (b planner) planMap(p *plan, t reflect.Type) error {
	switch t.Key().Kind() {
	case reflect.String, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
	default:
		return fmt.Errorf("no reply can be read as %s: a map's keys must be strings or integers", article(t.String()))
	}
	key, err := b.plan(t.Key())
	if err != nil {
		return err
	}
	want := article(t.String())
	if t.Elem() == reflect.TypeFor[struct{}]() {
		p.read = func(in *input, v reflect.Value) error {
			if !in.kind.Aggregate() || in.kind == resp.Map {
				return in.not(want)
			}
			return fillSet(in, v, key)
		}
		return nil
	}
	elem, err := b.plan(t.Elem())
	if err != nil {
		return err
	}
	p.read = func(in *input, v reflect.Value) error {
		walk, err := in.pairs(want)
		if err != nil {
			return err
		}
		return fillMap(&walk, v, key, elem)
	}
	return nil
}

// fillSet fills in a map that has only keys.
func fillSet(in *input, v reflect.Value, key *plan) error {
	t := v.Type()
	v.Set(reflect.MakeMapWithSize(t, in.len()))
	k, present := reflect.New(t.Key()).Elem(), reflect.Zero(t.Elem())
	var e input
	walk := in.elements()
	for i := 0; walk.next(&e); i++ {
		if err := fillKey(&e, k, key); err != nil {
			return inElement(i, err)
		}
		v.SetMapIndex(k, present)
	}
	return nil
}

// fillMap fills in a map. A key's copy goes into it, so one place to read keys and values into is enough.
func fillMap(walk *pairs, v reflect.Value, key, elem *plan) error {
	t := v.Type()
	v.Set(reflect.MakeMapWithSize(t, walk.count))
	k, e := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
	var keyIn, elemIn input
	for i := 0; ; i++ {
		more, err := walk.next(&keyIn, &elemIn)
		if err != nil {
			return inPair("", i, err)
		}
		if !more {
			return nil
		}
		if err := fillKey(&keyIn, k, key); err != nil {
			return inPair("the key of ", i, err)
		}
		e.SetZero()
		if err := elem.fill(&elemIn, e); err != nil {
			return inPair("the value of ", i, err)
		}
		v.SetMapIndex(k, e)
	}
}

// fillKey fills in a key, which a null cannot be.
func fillKey(in *input, v reflect.Value, key *plan) error {
	if in.kind == resp.Null {
		return in.not("a key")
	}
	v.SetZero()
	return key.fill(in, v)
}

// inPair says where an error is without naming the key: i is the pair's place, counted from 0.
func inPair(part string, i int, err error) error {
	return fmt.Errorf("%spair %d (from 0): %w", part, i, err)
}
