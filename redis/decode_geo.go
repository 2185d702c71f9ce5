package redis

import "github.com/fairlead-go/fairlead/resp"

func readOptionalPoints(r resp.Reply) ([]Optional[GeoPoint], error) {
	return readSlice(r, readOptionalPoint)
}

func readOptionalPoint(r resp.Reply) (Optional[GeoPoint], error) {
	if r.IsNull() {
		return Optional[GeoPoint]{}, nil
	}
	p, err := readGeoPoint(r)
	return Optional[GeoPoint]{Value: p, Found: err == nil}, err
}

// readGeoPoint reads a longitude and a latitude, which are strings in RESP2 and numbers in RESP3.
func readGeoPoint(r resp.Reply) (p GeoPoint, err error) {
	if !r.Kind().Aggregate() || r.Len() != 2 {
		return p, &resp.TypeError{Want: "a list of two numbers", Got: r.Kind()}
	}
	c := r.Elements()
	longitude, _ := c.Next()
	latitude, _ := c.Next()
	if p.Longitude, err = longitude.Float(); err != nil {
		return GeoPoint{}, err
	}
	if p.Latitude, err = latitude.Float(); err != nil {
		return GeoPoint{}, err
	}
	return p, nil
}

func readGeoLocations(r resp.Reply) ([]GeoLocation, error) { return readSlice(r, readGeoLocation) }

// readGeoLocation reads a member's name, or a list that begins with it. What follows was asked for and is told apart by its kind:
// a distance is a string or a double, a hash an integer, a place a list. They come in this order, each at most once.
func readGeoLocation(r resp.Reply) (l GeoLocation, err error) {
	if !r.Kind().Aggregate() {
		l.Name, err = r.Str()
		return l, err
	}
	c := r.Elements()
	name, ok := c.Next()
	if !ok {
		return l, &resp.TypeError{Want: "a list that begins with a name", Got: r.Kind()}
	}
	if l.Name, err = name.Str(); err != nil {
		return GeoLocation{}, err
	}
	const distance, hash, place = 1, 2, 3
	for before := 0; ; {
		e, ok := c.Next()
		if !ok {
			return l, nil
		}
		what := distance
		switch {
		case e.Kind().Aggregate():
			what = place
			var p GeoPoint
			p, err = readGeoPoint(e)
			l.Longitude, l.Latitude = p.Longitude, p.Latitude
		case e.Kind() == resp.Integer:
			what = hash
			l.GeoHash, err = e.Int()
		default:
			l.Dist, err = e.Float()
		}
		if err == nil && what <= before {
			err = &resp.TypeError{Want: "a list of a name, a distance, a hash and a place", Got: r.Kind()}
		}
		if err != nil {
			return GeoLocation{}, err
		}
		before = what
	}
}
