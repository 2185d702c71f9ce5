package redis

import (
	"math"
	"slices"
)

// Two towns as they are put in; the servers keep them a little beside, at palermo and catania.
var (
	towns = []GeoLocation{
		{Name: "Palermo", Longitude: 13.361389, Latitude: 38.115556},
		{Name: "Catania", Longitude: 15.087269, Latitude: 37.502669},
	}
	palermo = GeoPoint{13.361389338970184, 38.1155563954963}
	catania = GeoPoint{15.087267458438873, 37.50266842333162}
)

const palermoHash, cataniaHash = 3479099956230698, 3479447370796909

func liveGeo(l *live) {
	expect(l, 2, GeoAdd("k", towns...))
	moved := GeoLocation{Name: "Palermo", Longitude: 13, Latitude: 38}
	expect(l, 0, GeoAddWithArgs("k", GeoAddArgs{NX: true, Ch: true}, moved))
	expect(l, 0, GeoAddWithArgs("k", GeoAddArgs{XX: true}, GeoLocation{Name: "none"}))
	expect(l, 1, GeoAddWithArgs("k", GeoAddArgs{XX: true, Ch: true}, moved))
	expect(l, 1, GeoAddWithArgs("k", GeoAddArgs{Ch: true}, towns[0], towns[1]))
	expect(l, 2, ZCard("k"))
	fails(l, "invalid longitude", GeoAdd("k", GeoLocation{Name: "none", Longitude: 200}))

	expect(l, 166274.1516, GeoDist("k", "Palermo", "Catania", Meters))
	expect(l, 166.2742, GeoDist("k", "Palermo", "Catania", Kilometers))
	expect(l, 103.3182, GeoDist("k", "Palermo", "Catania", Miles))
	such(l, GeoDist("k", "Palermo", "Catania", Feet), about(545518.87), 545518.87)
	expectNil(l, GeoDist("k", "Palermo", "none", Meters))
	expectNil(l, GeoDist("none", "a", "b", Meters))
	expect(l, []Optional[string]{{"sqc8b49rny0", true}, {}, {"sqdtr74hyu0", true}}, GeoHash("k", "Palermo", "none", "Catania"))
	expect(l, []Optional[string]{}, GeoHash("k"))
	expect(l, []Optional[GeoPoint]{{palermo, true}, {}, {catania, true}}, GeoPos("k", "Palermo", "none", "Catania"))
	expect(l, []Optional[GeoPoint]{{}}, GeoPos("none", "a"))

	liveGeoSearch(l)
	liveGeoStore(l)
	liveGeoRadius(l)
}

// about accepts what differs from want by less than a hundredth.
func about(want float64) func(float64) bool {
	return func(got float64) bool { return math.Abs(got-want) < 0.01 }
}

// near is a circle between the towns, which are 56 and 190 km away.
func near(km float64) GeoSearchArgs {
	return GeoSearchArgs{Longitude: 15, Latitude: 37, Radius: km, RadiusUnit: Kilometers, Sort: "ASC"}
}

func liveGeoSearch(l *live) {
	both := []string{"Catania", "Palermo"}
	expect(l, both, GeoSearch("k", near(200)))
	expect(l, both[:1], GeoSearch("k", near(100)))
	expect(l, []string{}, GeoSearch("k", near(10)))
	expect(l, []string{}, GeoSearch("none", near(10)))
	expect(l, both, GeoSearch("k", GeoSearchArgs{Longitude: 15, Latitude: 37, BoxWidth: 400, BoxHeight: 400, BoxUnit: Kilometers, Sort: "ASC"}))
	expect(l, both[:1], GeoSearch("k", GeoSearchArgs{Longitude: 15, Latitude: 37, BoxWidth: 200, BoxHeight: 400, BoxUnit: Kilometers}))
	expect(l, []string{"Palermo", "Catania"}, GeoSearch("k", GeoSearchArgs{Member: "Palermo", Radius: 200_000, RadiusUnit: Meters, Sort: "ASC"}))
	expect(l, both[:1], GeoSearch("k", GeoSearchArgs{Longitude: 15, Latitude: 37, Radius: 124, RadiusUnit: Miles, Count: 1}))
	expect(l, both[1:], GeoSearch("k", GeoSearchArgs{Longitude: 15, Latitude: 37, Radius: 656_000, RadiusUnit: Feet, Count: 1, Sort: "DESC"}))
	such(l, GeoSearch("k", GeoSearchArgs{Longitude: 15, Latitude: 37, Radius: 200, RadiusUnit: Kilometers, Count: 1, CountAny: true}),
		func(names []string) bool { return len(names) == 1 && slices.Contains(both, names[0]) }, "one of the two")
	fails(l, "member", GeoSearch("k", GeoSearchArgs{Member: "none", Radius: 1, RadiusUnit: Meters}))
	fails(l, "negative", GeoSearch("k", near(-1)))

	triangle := []GeoPoint{{10, 30}, {20, 30}, {15, 45}}
	expectSince(l, "", "9.0.0", both, GeoSearch("k", GeoSearchArgs{Polygon: triangle, Sort: "ASC"}))
	expectSince(l, "", "9.0.0", []GeoLocation{{"Catania", catania.Longitude, catania.Latitude, 271790.7291, 0}}, GeoSearchLocation("k", GeoSearchLocationArgs{
		GeoSearchArgs: GeoSearchArgs{Polygon: triangle, Count: 1}, WithCoord: true, WithDist: true}))

	expect(l, []GeoLocation{
		{"Catania", catania.Longitude, catania.Latitude, 56.4413, cataniaHash},
		{"Palermo", palermo.Longitude, palermo.Latitude, 190.4424, palermoHash},
	}, GeoSearchLocation("k", GeoSearchLocationArgs{GeoSearchArgs: near(200), WithCoord: true, WithDist: true, WithHash: true}))
	expect(l, []GeoLocation{{Name: "Catania", Dist: 56.4413}}, GeoSearchLocation("k", GeoSearchLocationArgs{GeoSearchArgs: near(100), WithDist: true}))
	expect(l, []GeoLocation{{Name: "Catania", GeoHash: cataniaHash}}, GeoSearchLocation("k", GeoSearchLocationArgs{GeoSearchArgs: near(100), WithHash: true}))
	expect(l, []GeoLocation{{Name: "Catania"}}, GeoSearchLocation("k", GeoSearchLocationArgs{GeoSearchArgs: near(100)}))
	expect(l, []GeoLocation{}, GeoSearchLocation("none", GeoSearchLocationArgs{GeoSearchArgs: near(100), WithCoord: true}))
}

func liveGeoStore(l *live) {
	expect(l, 2, GeoSearchStore("k", "d", GeoSearchStoreArgs{GeoSearchArgs: near(200)}))
	expect(l, palermoHash, ZScore("d", "Palermo"))
	expect(l, 1, GeoSearchStore("k", "d", GeoSearchStoreArgs{GeoSearchArgs: near(100), StoreDist: true}))
	such(l, ZScore("d", "Catania"), about(56.4413), 56.4413)
	expect(l, 0, GeoSearchStore("k", "d", GeoSearchStoreArgs{GeoSearchArgs: near(1)}))
	expect(l, 0, Exists("d"))
}

func liveGeoRadius(l *live) {
	all := GeoRadiusArgs{Radius: 200, Unit: Kilometers, WithCoord: true, WithDist: true, WithGeoHash: true, Sort: "ASC"}
	want := []GeoLocation{
		{"Catania", catania.Longitude, catania.Latitude, 56.4413, cataniaHash},
		{"Palermo", palermo.Longitude, palermo.Latitude, 190.4424, palermoHash},
	}
	expect(l, want, GeoRadius("k", 15, 37, all))
	expect(l, want, GeoRadiusRO("k", 15, 37, all))
	expect(l, []GeoLocation{{Name: "Palermo"}}, GeoRadius("k", 15, 37, GeoRadiusArgs{Radius: 200_000, Unit: Meters, Count: 1, Sort: "DESC"}))
	expect(l, []GeoLocation{}, GeoRadius("none", 15, 37, all))
	want = []GeoLocation{
		{"Palermo", palermo.Longitude, palermo.Latitude, 0, palermoHash},
		{"Catania", catania.Longitude, catania.Latitude, 166.2742, cataniaHash},
	}
	expect(l, want, GeoRadiusByMember("k", "Palermo", all))
	expect(l, want, GeoRadiusByMemberRO("k", "Palermo", all))
	such(l, GeoRadiusRO("k", 15, 37, GeoRadiusArgs{Radius: 200, Unit: Kilometers, Count: 1, CountAny: true}),
		func(ls []GeoLocation) bool { return len(ls) == 1 && ls[0].Name != "" }, "one of the two")

	expect(l, 1, GeoRadiusStore("k", 15, 37, GeoRadiusStoreArgs{Radius: 200, Unit: Kilometers, Count: 1, Store: "d"}))
	expect(l, cataniaHash, ZScore("d", "Catania"))
	expect(l, 2, GeoRadiusByMemberStore("k", "Palermo", GeoRadiusStoreArgs{Radius: 200, Unit: Kilometers, StoreDist: "d"}))
	such(l, ZScore("d", "Catania"), about(166.2742), 166.2742)
	expect(l, 0, ZScore("d", "Palermo"))
}
