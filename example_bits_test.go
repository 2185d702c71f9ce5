package fairlead_test

import (
	"context"
	"fmt"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
)

func ExampleCommands_BitField() {
	ctx := context.Background()
	c, err := fairlead.Open(serverURL())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	u4 := redis.Unsigned(4) // two of them in every byte
	lives, err := c.BitField(ctx, "example:lives",
		u4.Set(0, 15).Indexed(),
		u4.IncrBy(1, 3).Indexed(),
		u4.IncrBy(0, 1).Indexed().OnOverflow(redis.OverflowFail))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(lives[1].Value, lives[2].Found) // there is no 16 in four bits
	_, err = c.Del(ctx, "example:lives")
	fmt.Println(err)
	// Output:
	// 3 false
	// <nil>
}

func ExampleCommands_GeoSearchLocation() {
	ctx := context.Background()
	c, err := fairlead.Open(serverURL())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	_, err = c.GeoAdd(ctx, "example:towns",
		redis.GeoLocation{Name: "Palermo", Longitude: 13.361389, Latitude: 38.115556},
		redis.GeoLocation{Name: "Catania", Longitude: 15.087269, Latitude: 37.502669})
	if err != nil {
		fmt.Println(err)
		return
	}
	towns, err := c.GeoSearchLocation(ctx, "example:towns", redis.GeoSearchLocationArgs{
		GeoSearchArgs: redis.GeoSearchArgs{Member: "Palermo", Radius: 200, RadiusUnit: redis.Kilometers, Sort: "ASC"},
		WithDist:      true,
	})
	for _, t := range towns {
		fmt.Printf("%s: %.0f km\n", t.Name, t.Dist)
	}
	fmt.Println(err)
	// Output:
	// Palermo: 0 km
	// Catania: 166 km
	// <nil>
}
