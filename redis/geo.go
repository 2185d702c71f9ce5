package redis

// GeoUnit is what a distance is counted in. Any case will do: "km" and "KM" are [Kilometers].
type GeoUnit string

const (
	Meters     GeoUnit = "m"  // metres
	Kilometers GeoUnit = "km" // 1000 m
	Feet       GeoUnit = "ft" // 0.3048 m
	Miles      GeoUnit = "mi" // 1609.34 m
)

// A GeoPoint is a place on the earth, in degrees: east and north of 0 are positive.
type GeoPoint struct{ Longitude, Latitude float64 }

// A GeoLocation is a member of a sorted set of places. [GeoAdd] takes its Name, Longitude and Latitude; from a search come its Name
// and what was asked for, the rest is 0.
type GeoLocation struct {
	Name                string
	Longitude, Latitude float64 // in degrees
	Dist                float64 // from the middle of the search, in the search's unit
	GeoHash             int64   // its score in the sorted set: 52 bits of both coordinates in turn
}
