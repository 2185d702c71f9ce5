package redis

import (
	"errors"
	"testing"

	"github.com/fairlead-go/fairlead/resp"
)

func TestReadGeoPoints(t *testing.T) {
	t.Parallel()
	bothRead(t, GeoPos("k", "a", "b"),
		"*2\r\n*2\r\n$20\r\n13.36138933897018433\r\n$20\r\n38.11555639549629859\r\n*-1\r\n",
		"*2\r\n*2\r\n,13.36138933897018433\r\n,38.11555639549629859\r\n_\r\n",
		[]Optional[GeoPoint]{{GeoPoint{13.361389338970184, 38.1155563954963}, true}, {}})
	bothRead(t, GeoPos("k"), "*0\r\n", "*0\r\n", []Optional[GeoPoint]{})
	bothNil(t, GeoPos("k"))
	readsNot(t, GeoPos("k", "a"), ":1\r\n", "$1\r\n1\r\n", "*1\r\n:1\r\n", "*1\r\n*1\r\n,1\r\n", "*1\r\n*3\r\n,1\r\n,2\r\n,3\r\n",
		"*1\r\n*2\r\n+x\r\n,2\r\n", "*1\r\n*2\r\n,1\r\n_\r\n", "*1\r\n*2\r\n,1\r\n*0\r\n", "*1\r\n-ERR inside\r\n")

	bothRead(t, GeoHash("k", "a", "b"), "*2\r\n$11\r\nsqc8b49rny0\r\n$-1\r\n", "*2\r\n$11\r\nsqc8b49rny0\r\n_\r\n", []Optional[string]{{"sqc8b49rny0", true}, {}})
	bothRead(t, GeoDist("k", "a", "b", Meters), "$11\r\n166274.1516\r\n", ",166274.1516\r\n", 166274.1516)
	bothNil(t, GeoDist("k", "a", "b", Meters))
	readsNot(t, GeoDist("k", "a", "b", Meters), "*0\r\n", "+far\r\n")
}

func TestReadGeoLocations(t *testing.T) {
	t.Parallel()
	c := GeoSearchLocation("k", GeoSearchLocationArgs{GeoSearchArgs: GeoSearchArgs{Radius: 1, RadiusUnit: Meters}})
	for _, r := range []struct {
		resp2, resp3 string // what follows the name
		n            int
		want         GeoLocation
	}{
		{"", "", 1, GeoLocation{Name: "a"}},
		{"$6\r\n1.5000\r\n", ",1.5\r\n", 2, GeoLocation{Name: "a", Dist: 1.5}},
		{":7\r\n", ":7\r\n", 2, GeoLocation{Name: "a", GeoHash: 7}},
		{"*2\r\n$1\r\n1\r\n$3\r\n2.5\r\n", "*2\r\n,1\r\n,2.5\r\n", 2, GeoLocation{Name: "a", Longitude: 1, Latitude: 2.5}},
		{"$1\r\n9\r\n:7\r\n", "$1\r\n9\r\n:7\r\n", 3, GeoLocation{Name: "a", Dist: 9, GeoHash: 7}},
		{"$1\r\n9\r\n:7\r\n*2\r\n$1\r\n1\r\n$1\r\n2\r\n", "$1\r\n9\r\n:7\r\n*2\r\n,1\r\n,2\r\n", 4, GeoLocation{"a", 1, 2, 9, 7}},
	} {
		head := "*1\r\n*" + string(rune('0'+r.n)) + "\r\n$1\r\na\r\n"
		bothRead(t, c, head+r.resp2, head+r.resp3, []GeoLocation{r.want})
	}
	bothRead(t, c, "*2\r\n$1\r\na\r\n$0\r\n\r\n", "*2\r\n$1\r\na\r\n$0\r\n\r\n", []GeoLocation{{Name: "a"}, {}}) // nothing was asked for
	bothRead(t, c, "*0\r\n", "*0\r\n", []GeoLocation{})
	bothNil(t, c)
	readsNot(t, c, ":1\r\n", "$1\r\na\r\n", "*1\r\n_\r\n", "*1\r\n*0\r\n", "*1\r\n*1\r\n*0\r\n", "*1\r\n*2\r\n+a\r\n+far\r\n", "*1\r\n*2\r\n+a\r\n_\r\n",
		"*1\r\n*2\r\n+a\r\n*1\r\n,1\r\n", "*1\r\n*2\r\n+a\r\n*2\r\n,1\r\n*0\r\n", "*1\r\n*3\r\n+a\r\n,1\r\n,2\r\n", "*1\r\n*3\r\n+a\r\n:7\r\n,2\r\n", "*1\r\n-ERR inside\r\n")

	_, err := readWire(t, c, "*1\r\n*3\r\n+a\r\n:7\r\n:8\r\n")
	if e, ok := errors.AsType[*resp.TypeError](err); !ok || e.Error() != "the reply is an array, not a list of a name, a distance, a hash and a place" {
		t.Errorf("a location with two hashes is read with the error %v", err)
	}
}
