package redis

import "testing"

// found is a list of which nothing is missing.
func found[E any](values ...E) (list []Optional[E]) {
	for _, v := range values {
		list = append(list, Optional[E]{Value: v, Found: true})
	}
	return list
}

func TestReadJSONLists(t *testing.T) {
	t.Parallel()
	lengths := JSONArrLen("k", "$..a")
	bothRead(t, lengths, arrayOf(number(3), "$-1\r\n"), arrayOf(number(3), "_\r\n"), append(found[int64](3), Optional[int64]{}))
	bothRead(t, lengths, number(3), number(3), found[int64](3)) // by a path of the older syntax
	bothRead(t, lengths, arrayOf(), arrayOf(), []Optional[int64]{})
	bothNil(t, lengths)
	readsNot(t, lengths, bulk("x"), arrayOf(bulk("x")), arrayOf(arrayOf()), arrayOf("-ERR inside\r\n"))

	popped := JSONArrPop("k", "$..a", -1)
	bothRead(t, popped, arrayOf(bulk(`{"b":1}`), "$-1\r\n"), arrayOf(bulk(`{"b":1}`), "_\r\n"), append(found(`{"b":1}`), Optional[string]{}))
	bothRead(t, popped, bulk("[]"), bulk("[]"), found("[]"))
	bothNil(t, popped)
	readsNot(t, popped, arrayOf(arrayOf()))

	bothRead(t, JSONMGet("$.a", "k", "l"), arrayOf(bulk("[1]"), "$-1\r\n"), arrayOf(bulk("[1]"), "_\r\n"), append(found("[1]"), Optional[string]{}))
	bothRead(t, JSONDebugMemory("k", "$"), arrayOf(number(24)), arrayOf(number(24)), found[int64](24))
}

func TestReadJSONNumbers(t *testing.T) {
	t.Parallel()
	sums := JSONNumIncrBy("k", "$..a", 1)
	bothRead(t, sums, bulk("[null,4,2.5]"), arrayOf("_\r\n", number(4), ",2.5\r\n"), append([]Optional[float64]{{}}, found(4, 2.5)...))
	bothRead(t, sums, bulk("4"), number(4), found(4.0)) // by a path of the older syntax
	bothRead(t, sums, bulk("-2.5"), ",-2.5\r\n", found(-2.5))
	bothRead(t, sums, bulk("null"), arrayOf("_\r\n"), []Optional[float64]{{}})
	bothRead(t, sums, bulk("[]"), arrayOf(), []Optional[float64]{})
	bothNil(t, sums)
	readsNot(t, sums, bulk("x"), bulk(""), bulk("[1"), bulk(`["x"]`), arrayOf(bulk("x")), arrayOf(arrayOf()))

	toggled := JSONToggle("k", "$..a")
	bothRead(t, toggled, arrayOf(number(1), number(0), "$-1\r\n"), arrayOf("#t\r\n", "#f\r\n", "_\r\n"), append(found(true, false), Optional[bool]{}))
	bothRead(t, toggled, bulk("true"), "+true\r\n", found(true)) // by a path of the older syntax
	bothRead(t, toggled, bulk("false"), "+false\r\n", found(false))
	readsNot(t, toggled, bulk("x"), arrayOf(bulk("x")), arrayOf(arrayOf()))
}

func TestReadJSONNames(t *testing.T) {
	t.Parallel()
	keys := JSONObjKeys("k", "$..a")
	bothRead(t, keys, arrayOf(arrayOf(bulk("x"), bulk("y")), "*-1\r\n", arrayOf()), arrayOf(arrayOf(bulk("x"), bulk("y")), "_\r\n", arrayOf()),
		[][]string{{"x", "y"}, nil, {}})
	bothRead(t, keys, arrayOf("*-1\r\n", arrayOf(bulk("x"))), arrayOf("_\r\n", arrayOf(bulk("x"))), [][]string{nil, {"x"}})
	bothRead(t, keys, arrayOf(bulk("x"), bulk("y")), arrayOf(bulk("x"), bulk("y")), [][]string{{"x", "y"}}) // by a path of the older syntax
	bothRead(t, keys, arrayOf(), arrayOf(), [][]string{})
	bothNil(t, keys)
	readsNot(t, keys, bulk("x"), arrayOf(bulk("x"), arrayOf()), arrayOf(arrayOf(arrayOf())))

	types := JSONType("k", "$..a")
	bothRead(t, types, arrayOf(bulk("string"), bulk("array")), arrayOf(arrayOf(bulk("string"), bulk("array"))), []string{"string", "array"})
	bothRead(t, types, arrayOf(bulk("object")), arrayOf(arrayOf(bulk("object"))), []string{"object"})
	bothRead(t, types, bulk("object"), arrayOf(bulk("object")), []string{"object"}) // by a path of the older syntax
	bothRead(t, types, arrayOf(), arrayOf(arrayOf()), []string{})
	bothNil(t, types)
	if got, err := types.Read(fromWire(t, arrayOf("_\r\n"))); err != Nil { // RESP3's null has one more list around it, too
		t.Errorf("a null in a list is read as %v, %v, want Nil", got, err)
	}
	readsNot(t, types, arrayOf(arrayOf(arrayOf())), mapOf(arrayOf(), arrayOf()))
}

func TestReadJSONDocuments(t *testing.T) {
	t.Parallel()
	bothRead(t, JSONGet("k"), bulk("[1]"), bulk("[1]"), "[1]")
	bothNil(t, JSONGet("k"))
	bothRead(t, JSONSet("k", "$", 1), "+OK\r\n", "+OK\r\n", struct{}{})
	bothNil(t, JSONSet("k", "$.a.b", 1))
	bothRead(t, JSONSetMode("k", "$", 1, "NX"), "+OK\r\n", "+OK\r\n", true)
	bothRead(t, JSONSetMode("k", "$", 1, "NX"), "$-1\r\n", "_\r\n", false)
	bothRead(t, JSONSetWithArgs("k", "$", 1, JSONSetArgsOptions{Mode: "XX"}), "$-1\r\n", "_\r\n", false)
	bothRead(t, JSONDel("k", ""), number(2), number(2), 2)
}
