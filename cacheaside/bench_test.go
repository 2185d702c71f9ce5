package cacheaside_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/cacheaside"
	"github.com/fairlead-go/fairlead/redistest"
)

// BenchmarkHit is a value that is there, one after the other; get is the GET alone.
func BenchmarkHit(b *testing.B) {
	c, err := fairlead.Open(redistest.Default(b).URL())
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	cache, err := cacheaside.New(c, cacheaside.Options[string]{})
	if err != nil {
		b.Fatal(err)
	}
	if err := c.Set(background, "bench:hit", stored("value", time.Hour, time.Millisecond), time.Hour); err != nil {
		b.Fatal(err)
	}
	b.Run("hit", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := cache.Get(background, "bench:hit", time.Hour, neverLoaded); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("get", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := c.Get(background, "bench:hit"); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func neverLoaded(context.Context) (string, error) { return "", errors.New("it was loaded") }
