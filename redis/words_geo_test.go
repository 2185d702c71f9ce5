package redis

var geoWords = []transcript{
	send("GEOADD <k> 13.5 38.25 a", GeoAdd("k", GeoLocation{Name: "a", Longitude: 13.5, Latitude: 38.25, Dist: 1, GeoHash: 2})),
	send("GEOADD <k> 1 2 a -3 -4.5 b", GeoAdd("k", GeoLocation{Name: "a", Longitude: 1, Latitude: 2}, GeoLocation{Name: "b", Longitude: -3, Latitude: -4.5})),
	send("GEOADD <k> 1 2 a", GeoAddWithArgs("k", GeoAddArgs{}, GeoLocation{Name: "a", Longitude: 1, Latitude: 2})),
	send("GEOADD <k> NX CH 1 2 a", GeoAddWithArgs("k", GeoAddArgs{NX: true, Ch: true}, GeoLocation{Name: "a", Longitude: 1, Latitude: 2})),
	send("GEOADD <k> XX 1 2 a", GeoAddWithArgs("k", GeoAddArgs{XX: true}, GeoLocation{Name: "a", Longitude: 1, Latitude: 2})),
	send("GEODIST <k> a b m", GeoDist("k", "a", "b", Meters)),
	send("GEODIST <k> a b km", GeoDist("k", "a", "b", "KM")),
	send("GEODIST <k> a b ft", GeoDist("k", "a", "b", Feet)),
	send("GEODIST <k> a b mi", GeoDist("k", "a", "b", Miles)),
	send("GEOHASH <k>", GeoHash("k")),
	send("GEOHASH <k> a b", GeoHash("k", "a", "b")),
	send("GEOPOS <k>", GeoPos("k")),
	send("GEOPOS <k> a b", GeoPos("k", "a", "b")),

	send("GEORADIUS <k> 15 37.5 200 km", GeoRadius("k", 15, 37.5, GeoRadiusArgs{Radius: 200, Unit: Kilometers})),
	send("GEORADIUS <k> 0 0 0 m WITHCOORD WITHDIST WITHHASH COUNT 3 ANY ASC", GeoRadius("k", 0, 0, GeoRadiusArgs{
		Unit: Meters, WithCoord: true, WithDist: true, WithGeoHash: true, Count: 3, CountAny: true, Sort: "ASC"})),
	send("GEORADIUS <k> 1 2 3 mi COUNT 4 ANY DESC STORE <d>", GeoRadiusStore("k", 1, 2, GeoRadiusStoreArgs{
		Radius: 3, Unit: Miles, Count: 4, CountAny: true, Sort: "desc", Store: "d"})),
	send("GEORADIUS <k> 1 2 3 ft STOREDIST <d>", GeoRadiusStore("k", 1, 2, GeoRadiusStoreArgs{Radius: 3, Unit: Feet, StoreDist: "d"})),
	send("GEORADIUSBYMEMBER <k> a 2 km", GeoRadiusByMember("k", "a", GeoRadiusArgs{Radius: 2, Unit: Kilometers})),
	send("GEORADIUSBYMEMBER <k> a 2 m WITHCOORD WITHDIST WITHHASH COUNT 3 ANY ASC", GeoRadiusByMember("k", "a", GeoRadiusArgs{
		Radius: 2, Unit: Meters, WithCoord: true, WithDist: true, WithGeoHash: true, Count: 3, CountAny: true, Sort: "ASC"})),
	send("GEORADIUSBYMEMBER <k> a 2 mi DESC STORE <d>", GeoRadiusByMemberStore("k", "a", GeoRadiusStoreArgs{Radius: 2, Unit: Miles, Sort: "DESC", Store: "d"})),
	send("GEORADIUSBYMEMBER <k> a 2 ft STOREDIST <d>", GeoRadiusByMemberStore("k", "a", GeoRadiusStoreArgs{Radius: 2, Unit: Feet, StoreDist: "d"})),
	send("GEORADIUSBYMEMBER_RO <k> a 2 km WITHCOORD WITHDIST WITHHASH COUNT 3 ANY ASC", GeoRadiusByMemberRO("k", "a", GeoRadiusArgs{
		Radius: 2, Unit: Kilometers, WithCoord: true, WithDist: true, WithGeoHash: true, Count: 3, CountAny: true, Sort: "ASC"})),
	send("GEORADIUSBYMEMBER_RO <k> a 2 m DESC", GeoRadiusByMemberRO("k", "a", GeoRadiusArgs{Radius: 2, Unit: Meters, Sort: "DESC"})),
	send("GEORADIUSBYMEMBER_RO <k> a 2 ft", GeoRadiusByMemberRO("k", "a", GeoRadiusArgs{Radius: 2, Unit: Feet})),
	send("GEORADIUSBYMEMBER_RO <k> a 2 mi", GeoRadiusByMemberRO("k", "a", GeoRadiusArgs{Radius: 2, Unit: Miles})),
	send("GEORADIUS_RO <k> 1 2 3 km WITHCOORD WITHDIST WITHHASH COUNT 3 ANY ASC", GeoRadiusRO("k", 1, 2, GeoRadiusArgs{
		Radius: 3, Unit: Kilometers, WithCoord: true, WithDist: true, WithGeoHash: true, Count: 3, CountAny: true, Sort: "ASC"})),
	send("GEORADIUS_RO <k> 1 2 3 m DESC", GeoRadiusRO("k", 1, 2, GeoRadiusArgs{Radius: 3, Unit: Meters, Sort: "DESC"})),
	send("GEORADIUS_RO <k> 1 2 3 ft", GeoRadiusRO("k", 1, 2, GeoRadiusArgs{Radius: 3, Unit: Feet})),
	send("GEORADIUS_RO <k> 1 2 3 mi", GeoRadiusRO("k", 1, 2, GeoRadiusArgs{Radius: 3, Unit: Miles})),

	send("GEOSEARCH <k> FROMLONLAT 0 0 BYRADIUS 5 km", GeoSearch("k", GeoSearchArgs{Radius: 5, RadiusUnit: Kilometers})),
	send("GEOSEARCH <k> FROMMEMBER a BYRADIUS 5 ft", GeoSearch("k", GeoSearchArgs{Member: "a", Radius: 5, RadiusUnit: Feet})),
	send("GEOSEARCH <k> FROMMEMBER a BYBOX 4 3 m", GeoSearch("k", GeoSearchArgs{Member: "a", BoxWidth: 4, BoxHeight: 3, BoxUnit: Meters})),
	send("GEOSEARCH <k> FROMMEMBER a BYBOX 4 3 km", GeoSearch("k", GeoSearchArgs{Member: "a", BoxWidth: 4, BoxHeight: 3, BoxUnit: Kilometers})),
	send("GEOSEARCH <k> FROMMEMBER a BYBOX 4 3 mi", GeoSearch("k", GeoSearchArgs{Member: "a", BoxWidth: 4, BoxHeight: 3, BoxUnit: Miles})),
	send("GEOSEARCH <k> FROMLONLAT 1.5 0 BYRADIUS 5 m DESC", GeoSearch("k", GeoSearchArgs{Longitude: 1.5, Radius: 5, RadiusUnit: Meters, Sort: "DESC"})),
	send("GEOSEARCH <k> FROMMEMBER a BYBOX 4 3.5 ft ASC COUNT 2", GeoSearch("k", GeoSearchArgs{
		Member: "a", BoxWidth: 4, BoxHeight: 3.5, BoxUnit: Feet, Sort: "ASC", Count: 2})),
	send("GEOSEARCH <k> BYPOLYGON 3 1 2 3 4 5 6.5 COUNT 2 ANY", GeoSearch("k", GeoSearchArgs{
		Polygon: []GeoPoint{{1, 2}, {3, 4}, {5, 6.5}}, Count: 2, CountAny: true})),
	send("GEOSEARCH <k> FROMMEMBER a BYRADIUS 5 mi COUNT 1 WITHCOORD WITHDIST WITHHASH", GeoSearchLocation("k", GeoSearchLocationArgs{
		GeoSearchArgs: GeoSearchArgs{Member: "a", Radius: 5, RadiusUnit: Miles, Count: 1}, WithCoord: true, WithDist: true, WithHash: true})),

	send("GEOSEARCHSTORE <d> <k> FROMLONLAT 1 2 BYRADIUS 5 km ASC", GeoSearchStore("k", "d", GeoSearchStoreArgs{
		GeoSearchArgs: GeoSearchArgs{Longitude: 1, Latitude: 2, Radius: 5, RadiusUnit: Kilometers, Sort: "ASC"}})),
	send("GEOSEARCHSTORE <d> <k> FROMMEMBER a BYBOX 4 3 m DESC COUNT 2 ANY STOREDIST", GeoSearchStore("k", "d", GeoSearchStoreArgs{
		GeoSearchArgs: GeoSearchArgs{Member: "a", BoxWidth: 4, BoxHeight: 3, BoxUnit: Meters, Sort: "DESC", Count: 2, CountAny: true}, StoreDist: true})),
	send("GEOSEARCHSTORE <d> <k> FROMMEMBER a BYRADIUS 4 ft", GeoSearchStore("k", "d", GeoSearchStoreArgs{
		GeoSearchArgs: GeoSearchArgs{Member: "a", Radius: 4, RadiusUnit: Feet}})),
	send("GEOSEARCHSTORE <d> <k> FROMMEMBER a BYRADIUS 4 mi", GeoSearchStore("k", "d", GeoSearchStoreArgs{
		GeoSearchArgs: GeoSearchArgs{Member: "a", Radius: 4, RadiusUnit: Miles}})),
	send("GEOSEARCHSTORE <d> <k> FROMMEMBER a BYRADIUS 4 m", GeoSearchStore("k", "d", GeoSearchStoreArgs{
		GeoSearchArgs: GeoSearchArgs{Member: "a", Radius: 4, RadiusUnit: Meters}})),
	send("GEOSEARCHSTORE <d> <k> FROMMEMBER a BYBOX 4 3 km", GeoSearchStore("k", "d", GeoSearchStoreArgs{
		GeoSearchArgs: GeoSearchArgs{Member: "a", BoxWidth: 4, BoxHeight: 3, BoxUnit: Kilometers}})),
	send("GEOSEARCHSTORE <d> <k> FROMMEMBER a BYBOX 4 3 ft", GeoSearchStore("k", "d", GeoSearchStoreArgs{
		GeoSearchArgs: GeoSearchArgs{Member: "a", BoxWidth: 4, BoxHeight: 3, BoxUnit: Feet}})),
	send("GEOSEARCHSTORE <d> <k> FROMMEMBER a BYBOX 4 3 mi", GeoSearchStore("k", "d", GeoSearchStoreArgs{
		GeoSearchArgs: GeoSearchArgs{Member: "a", BoxWidth: 4, BoxHeight: 3, BoxUnit: Miles}})),
	send("GEOSEARCHSTORE <d> <k> BYPOLYGON 4 1 2 3 4 5 6 7 8", GeoSearchStore("k", "d", GeoSearchStoreArgs{
		GeoSearchArgs: GeoSearchArgs{Polygon: []GeoPoint{{1, 2}, {3, 4}, {5, 6}, {7, 8}}}})),
}
