package run

import (
	"slices"

	"github.com/fairlead-go/fairlead/bench/internal/driver"
	"github.com/fairlead-go/fairlead/bench/internal/plan"
)

// job is a cell in a place.
type job struct {
	scenario *plan.Scenario
	cell     plan.Cell
	place    string
}

// jobs returns what is measured in a round, what promises depend on first: a run that is cut short loses the rest.
func jobs(scenarios []plan.Scenario, round int) []job {
	var list []job
	for i := range scenarios {
		s := &scenarios[i]
		for _, place := range s.AllPlaces() {
			for _, cell := range s.Cells {
				if slices.Contains(s.PlacesOf(cell), place) && cell.RankIn(place).InRound(round) {
					list = append(list, job{s, cell, place})
				}
			}
		}
	}
	slices.SortStableFunc(list, func(a, b job) int { return int(a.cell.RankIn(a.place) - b.cell.RankIn(b.place)) })
	return list
}

// takingPart returns the drivers that a cell is for.
func takingPart(all []driver.Info, cell plan.Cell) []driver.Info {
	var list []driver.Info
	for _, d := range all {
		switch {
		case cell.Drivers != nil && !slices.Contains(cell.Drivers, d.Name),
			cell.Drivers == nil && d.OnlyNamed && !slices.Contains(cell.Also, d.Name),
			cell.CrowdOnly && !d.Crowd,
			cell.NoSessions && d.PerGoroutine:
			continue
		}
		list = append(list, d)
	}
	return list
}

// rotated returns the list from another start, so that no driver always comes after the same one or always first.
func rotated(list []driver.Info, by int) []driver.Info {
	if len(list) == 0 {
		return nil
	}
	by %= len(list)
	return slices.Concat(list[by:], list[:by])
}
