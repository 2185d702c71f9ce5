package run

import (
	"slices"
	"testing"

	"github.com/fairlead-go/fairlead/bench/internal/driver"
	"github.com/fairlead-go/fairlead/bench/internal/plan"
)

func TestPromisesComeFirst(t *testing.T) {
	t.Parallel()
	var counts []int
	for round := range 3 {
		list := jobs(plan.All(), round)
		counts = append(counts, len(list))
		if !slices.IsSortedFunc(list, func(a, b job) int { return int(a.cell.RankIn(a.place) - b.cell.RankIn(b.place)) }) {
			t.Errorf("in round %d something less important comes before something more important", round+1)
		}
	}
	if counts[0] <= counts[1] || counts[1] <= counts[2] {
		t.Errorf("the rounds have %v jobs; each should leave out more than the one before", counts)
	}
}

func TestTakingPart(t *testing.T) {
	t.Parallel()
	all := []driver.Info{
		{Name: "raw", PerGoroutine: true}, {Name: "pooled"}, {Name: "shared", Crowd: true}, {Name: "traced", Crowd: true, OnlyNamed: true},
	}
	for _, test := range []struct {
		name string
		cell plan.Cell
		want []string
	}{
		{"an ordinary cell", plan.Cell{}, []string{"raw", "pooled", "shared"}},
		{"very many goroutines", plan.Cell{CrowdOnly: true}, []string{"shared"}},
		{"no connection for each goroutine", plan.Cell{NoSessions: true}, []string{"pooled", "shared"}},
		{"named drivers", plan.Cell{Drivers: []string{"shared", "traced"}}, []string{"shared", "traced"}},
	} {
		var got []string
		for _, d := range takingPart(all, test.cell) {
			got = append(got, d.Name)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %v take part, want %v", test.name, got, test.want)
		}
	}
}

func TestRotated(t *testing.T) {
	t.Parallel()
	list := []driver.Info{{Name: "a"}, {Name: "b"}, {Name: "c"}}
	firsts := map[string]int{}
	for round := range 6 {
		got := rotated(list, round)
		firsts[got[0].Name]++
		if len(got) != 3 {
			t.Fatalf("%d drivers of 3", len(got))
		}
	}
	if len(firsts) != 3 || firsts["a"] != 2 {
		t.Errorf("in 6 rounds these were first: %v; each should be twice", firsts)
	}
	if rotated(nil, 3) != nil {
		t.Error("nothing, rotated, is something")
	}
}

func TestProduct(t *testing.T) {
	t.Parallel()
	for info, want := range map[string]string{
		"# Server\r\nredis_version:7.0.15\r\nos:Linux\r\n":                  "redis 7.0.15",
		"# Server\r\nredis_version:7.2.4\r\nvalkey_version:9.1.0\r\n":       "valkey 9.1.0",
		"# Server\r\nserver_name:valkey\r\nvalkey_version:8.0.1\r\nx:y\r\n": "valkey 8.0.1",
	} {
		if got := product(info); got != want {
			t.Errorf("product is %q, want %q", got, want)
		}
	}
}
