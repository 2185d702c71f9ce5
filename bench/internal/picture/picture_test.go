package picture

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/fairlead-go/fairlead/bench/internal/handmade"
	"github.com/fairlead-go/fairlead/bench/internal/score"
)

var drivers = []string{"raw", "rawmux", "goredis", "goredis-ap", "goredis-fd",
	"rueidis", "rueidis-ap", "rueidis-delay", "redigo", "radix", "fairlead"}

// wellFormed returns the texts of an SVG file, or fails.
func wellFormed(t *testing.T, svg []byte) []byte {
	t.Helper()
	var texts bytes.Buffer
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	root := ""
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("not XML: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if root == "" {
				root = token.Name.Local
			}
		case xml.CharData:
			texts.Write(token)
		}
	}
	if root != "svg" {
		t.Fatalf("the root is %q, not svg", root)
	}
	return texts.Bytes()
}

func TestPicturesOfAWholeRun(t *testing.T) {
	t.Parallel()
	pictures, err := Draw(score.New(handmade.Run(2).Results, drivers), drivers)
	if err != nil {
		t.Fatal(err)
	}
	if len(pictures) != 5 {
		t.Fatalf("%d pictures, want 5", len(pictures))
	}
	for _, p := range pictures {
		texts := wellFormed(t, p.SVG)
		for _, d := range drivers {
			if !bytes.Contains(texts, []byte(d)) {
				t.Errorf("%s does not name %s", p.File, d)
			}
		}
		if !bytes.Contains(texts, []byte("µs")) && !bytes.Contains(texts, []byte("per second")) {
			t.Errorf("%s has no unit", p.File)
		}
		if !bytes.Contains(p.SVG, []byte("sans-serif")) {
			t.Errorf("%s has no font to fall back to", p.File)
		}
	}
	folder := filepath.Join(t.TempDir(), "new")
	if err := Save(pictures, folder); err != nil {
		t.Fatal(err)
	}
	saved, err := os.ReadFile(filepath.Join(folder, "throughput.svg"))
	if err != nil || !bytes.Equal(saved, pictures[0].SVG) {
		t.Errorf("what was saved is not what was drawn: %v", err)
	}
}

func TestNoDataNoPicture(t *testing.T) {
	t.Parallel()
	pictures, err := Draw(score.New(nil, nil), drivers)
	if err != nil || len(pictures) != 0 {
		t.Errorf("%d pictures of nothing, %v", len(pictures), err)
	}
}

func TestOursIsDrawnHeavierAndLast(t *testing.T) {
	t.Parallel()
	for _, d := range drivers[:len(drivers)-1] {
		if lookOf(d).width >= lookOf("fairlead").width {
			t.Errorf("%s is drawn as heavily as fairlead", d)
		}
	}
	if got := drawnLast([]string{"fairlead", "a", "b"}, "fairlead"); !slices.Equal(got, []string{"a", "b", "fairlead"}) {
		t.Errorf("drawn in the order %v", got)
	}
}

func TestAxisNumbers(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{0.5: "0.5", 200: "200", 5000: "5000", 20000: "20k", 2e6: "2M"} {
		if got := short(v); got != want {
			t.Errorf("%v is written %q, want %q", v, got, want)
		}
	}
}
