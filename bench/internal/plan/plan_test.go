package plan

import (
	"slices"
	"testing"
	"time"
)

func TestEveryCellCanBeNamed(t *testing.T) {
	t.Parallel()
	ids := map[string]bool{}
	for _, s := range All() {
		if ids[s.ID] {
			t.Errorf("two scenarios are called %s", s.ID)
		}
		ids[s.ID] = true
		names := map[string]bool{}
		for _, c := range s.Cells {
			if names[c.Name] {
				t.Errorf("%s has two cells called %q", s.ID, c.Name)
			}
			names[c.Name] = true
			for _, place := range append(slices.Clone(s.PlacesOf(c)), c.Quick...) {
				if !slices.Contains(Places, place) {
					t.Errorf("%s %q is in %q, which is no placement", s.ID, c.Name, place)
				}
			}
		}
	}
}

func TestEveryTableHasItsColumns(t *testing.T) {
	t.Parallel()
	for _, s := range All() {
		if len(s.Columns) == 0 || s.Primary == "" || len(s.Places) == 0 || s.Title == "" {
			t.Errorf("%s lacks columns, a metric for its ratios, places or a title", s.ID)
		}
	}
}

func TestRanksDecideTheRounds(t *testing.T) {
	t.Parallel()
	for rank, want := range map[Rank][]bool{
		Promised: {true, true, true},
		Telling:  {true, true, false},
		Extra:    {true, false, false},
		Once:     {true, false, false},
	} {
		for round := range 3 {
			if got := rank.InRound(round); got != want[round] {
				t.Errorf("rank %d in round %d: %v", rank, round, got)
			}
		}
	}
	c := Cell{Rank: Promised, Ranks: map[string]Rank{Split: Extra}}
	if c.RankIn(Free) != Promised || c.RankIn(Split) != Extra {
		t.Errorf("the ranks are %v and %v", c.RankIn(Free), c.RankIn(Split))
	}
}

func TestChoose(t *testing.T) {
	t.Parallel()
	chosen := Choose(Filter{Scenarios: []string{"B"}, Cells: []string{"get 64", "set 8", "tcp"}})
	if len(chosen) != 1 || len(chosen[0].Cells) != 2 {
		t.Fatalf("chosen: %+v, want the two cells of B", chosen)
	}
	chosen = Choose(Filter{Cells: []string{"tcp"}, Places: []string{Same}})
	if len(chosen) != 1 || !slices.Equal(chosen[0].AllPlaces(), []string{Same}) {
		t.Errorf("chosen: %+v, want tcp of A in one place", chosen)
	}
	if chosen := Choose(Filter{Cells: []string{"nothing"}}); len(chosen) != 0 {
		t.Errorf("cells of no name were chosen: %+v", chosen)
	}
	if all := Choose(Filter{}); len(all) != len(All()) {
		t.Errorf("an empty filter lets %d of %d scenarios through", len(all), len(All()))
	}
}

func TestQuickIsAPart(t *testing.T) {
	t.Parallel()
	var window time.Duration
	for _, s := range Choose(Filter{Quick: true}) {
		for _, c := range s.Cells {
			window += s.WindowOf(c) * time.Duration(len(s.PlacesOf(c)))
		}
	}
	if drivers := time.Duration(11); window == 0 || window*drivers > 60*time.Second {
		t.Errorf("the windows of a quick run take %v for each driver", window)
	}
}
