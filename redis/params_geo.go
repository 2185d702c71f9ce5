package redis

import (
	"errors"
	"fmt"
	"strings"
)

// unit sends a unit in small letters, the only ones that servers before Redis 7.0 know.
func (r *Request) unit(u GeoUnit) {
	for _, known := range [...]GeoUnit{Meters, Kilometers, Feet, Miles} {
		if strings.EqualFold(string(u), string(known)) {
			r.text(string(known))
			return
		}
	}
	r.text("")
	r.fail(errors.New("a distance needs its unit: Meters, Kilometers, Feet or Miles"))
}

// locations sends longitudes, latitudes and names in turn.
func (r *Request) locations(ls []GeoLocation) {
	r.room(3 * len(ls))
	for i := range ls {
		r.float(ls[i].Longitude)
		r.float(ls[i].Latitude)
		r.text(ls[i].Name)
	}
}

// nearest sends how many members to return, and whether any will do.
func (r *Request) nearest(count int64, anyOf bool) {
	if count == 0 {
		if anyOf {
			r.fail(errors.New("CountAny needs a Count: how many are enough"))
		}
		return
	}
	r.text("COUNT")
	r.int(count)
	if anyOf {
		r.text("ANY")
	}
}

// storesAt refuses to store nowhere.
func (r *Request) storesAt(store, storeDist string) {
	if store == "" && storeDist == "" {
		r.fail(errors.New("needs a key to store at: Store or StoreDist"))
	}
}

// area sends where to look.
func (a *GeoSearchArgs) area(r *Request) {
	circle, box, polygon := a.Radius != 0, a.BoxWidth != 0 || a.BoxHeight != 0, len(a.Polygon) > 0
	r.onlyOne("Radius, BoxWidth with BoxHeight, or Polygon", circle, box, polygon)
	switch {
	case circle:
		a.middle(r)
		r.text("BYRADIUS")
		r.float(a.Radius)
		r.unit(a.RadiusUnit)
	case box:
		a.middle(r)
		r.text("BYBOX")
		r.float(a.BoxWidth)
		r.float(a.BoxHeight)
		r.unit(a.BoxUnit)
	case polygon:
		a.corners(r)
	default:
		r.fail(errors.New("needs an area: Radius, BoxWidth with BoxHeight, or Polygon"))
	}
}

// middle sends what a circle or box is around.
func (a *GeoSearchArgs) middle(r *Request) {
	r.onlyOne("Member, or Longitude with Latitude", a.Member != "", a.Longitude != 0 || a.Latitude != 0)
	if a.Member != "" {
		r.text("FROMMEMBER")
		r.text(a.Member)
		return
	}
	r.text("FROMLONLAT")
	r.float(a.Longitude)
	r.float(a.Latitude)
}

// corners sends a polygon.
func (a *GeoSearchArgs) corners(r *Request) {
	switch {
	case a.Member != "" || a.Longitude != 0 || a.Latitude != 0:
		r.fail(errors.New("a Polygon says where to look: leave out Member, Longitude and Latitude"))
	case len(a.Polygon) < 3:
		r.fail(fmt.Errorf("a polygon has three corners at least, not %d", len(a.Polygon)))
	}
	r.room(2 + 2*len(a.Polygon))
	r.text("BYPOLYGON")
	r.int(int64(len(a.Polygon)))
	for _, p := range a.Polygon {
		r.float(p.Longitude)
		r.float(p.Latitude)
	}
}
