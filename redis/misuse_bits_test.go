package redis

import "testing"

// TestMisuseOfBitsAndPlaces: what the servers would refuse, or would take for something else, is an error before it is sent.
func TestMisuseOfBitsAndPlaces(t *testing.T) {
	t.Parallel()
	u8, a := Unsigned(8), GeoLocation{Name: "a"}
	search := func(args GeoSearchArgs) Request { return GeoSearch("k", args).Request }
	triangle := []GeoPoint{{1, 2}, {3, 4}, {5, 6}}
	for _, m := range []struct {
		request Request
		want    string
	}{
		{SetBit("k", 0, 2).Request, "SETBIT: a bit is 0 or 1, not 2"},
		{BitPos("k", -1).Request, "BITPOS: a bit is 0 or 1, not -1"},
		{BitPos("k", 1, 2, 3, 4).Request, "BITPOS: takes two positions at most: the first and the last byte"},
		{BitCount("k", 1, 2, 3).Request, "BITCOUNT: takes two positions at most: the first and the last byte"},
		{BitCountSpan("k", 1, 2, "").Request, "BITCOUNT: a word that is given must be one of BYTE, BIT"},
		{BitOpAnd("d").Request, "BITOP: needs at least one key"},
		{PFCount().Request, "PFCOUNT: needs at least one key"},

		{BitField("k", BitFieldOp{}).Request, "BITFIELD: an operation is empty: make it by a type's method, such as Unsigned(8).Get(0)"},
		{BitField("k", Unsigned(64).Get(0)).Request, "BITFIELD: there is no type u64: widths are 1 to 63 for Unsigned, 1 to 64 for Signed"},
		{BitField("k", Signed(65).Get(0)).Request, "BITFIELD: there is no type i65: widths are 1 to 63 for Unsigned, 1 to 64 for Signed"},
		{BitField("k", Unsigned(0).Get(0)).Request, "BITFIELD: there is no type u0: widths are 1 to 63 for Unsigned, 1 to 64 for Signed"},
		{BitField("k", u8.Get(-1)).Request, "BITFIELD: the offset -1 is negative: offsets are counted from 0 at the start of the string"},
		{BitField("k", u8.Get(0).OnOverflow(OverflowSat)).Request, "BITFIELD: a Get cannot overflow: use OnOverflow with Set or IncrBy"},
		{BitField("k", u8.IncrBy(0, 1).OnOverflow("clip")).Request, "BITFIELD: a word that is given must be one of WRAP, SAT, FAIL"},
		{BitFieldRO("k", u8.Get(0), u8.Set(0, 1)).Request, "BITFIELD_RO: it only reads: use BITFIELD for operations other than Get"},
		{BitFieldRO("k", BitFieldOp{}).Request, "BITFIELD_RO: an operation is empty: make it by a type's method, such as Unsigned(8).Get(0)"},

		{GeoAdd("k").Request, "GEOADD: needs at least one location"},
		{GeoAddWithArgs("k", GeoAddArgs{NX: true, XX: true}, a).Request, "GEOADD: use only one of the options NX or XX"},
		{GeoDist("k", "a", "b", "").Request, "GEODIST: a distance needs its unit: Meters, Kilometers, Feet or Miles"},
		{GeoDist("k", "a", "b", "yd").Request, "GEODIST: a distance needs its unit: Meters, Kilometers, Feet or Miles"},
		{search(GeoSearchArgs{Member: "a"}), "GEOSEARCH: needs an area: Radius, BoxWidth with BoxHeight, or Polygon"},
		{search(GeoSearchArgs{Radius: 1}), "GEOSEARCH: a distance needs its unit: Meters, Kilometers, Feet or Miles"},
		{search(GeoSearchArgs{Radius: 1, RadiusUnit: Feet, BoxWidth: 1}), "GEOSEARCH: use only one of the options Radius, BoxWidth with BoxHeight, or Polygon"},
		{search(GeoSearchArgs{Radius: 1, RadiusUnit: Feet, Member: "a", Latitude: 1}), "GEOSEARCH: use only one of the options Member, or Longitude with Latitude"},
		{search(GeoSearchArgs{Polygon: triangle, Member: "a"}), "GEOSEARCH: a Polygon says where to look: leave out Member, Longitude and Latitude"},
		{search(GeoSearchArgs{Polygon: triangle[:2]}), "GEOSEARCH: a polygon has three corners at least, not 2"},
		{search(GeoSearchArgs{Radius: 1, RadiusUnit: Feet, CountAny: true}), "GEOSEARCH: CountAny needs a Count: how many are enough"},
		{search(GeoSearchArgs{Radius: 1, RadiusUnit: Feet, Sort: "up"}), "GEOSEARCH: a word that is given must be one of ASC, DESC"},
		{GeoSearchStore("k", "d", GeoSearchStoreArgs{}).Request, "GEOSEARCHSTORE: needs an area: Radius, BoxWidth with BoxHeight, or Polygon"},
		{GeoRadius("k", 1, 2, GeoRadiusArgs{}).Request, "GEORADIUS: a distance needs its unit: Meters, Kilometers, Feet or Miles"},
		{GeoRadiusStore("k", 1, 2, GeoRadiusStoreArgs{Unit: Miles}).Request, "GEORADIUS: needs a key to store at: Store or StoreDist"},
		{GeoRadiusStore("k", 1, 2, GeoRadiusStoreArgs{Unit: Miles, Store: "a", StoreDist: "b"}).Request, "GEORADIUS: use only one of the options Store or StoreDist"},
	} {
		if err := m.request.Err(); err == nil || err.Error() != m.want {
			t.Errorf("got  %v\nwant %s", err, m.want)
		}
	}
}
