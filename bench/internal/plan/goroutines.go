package plan

import (
	"strconv"
	"time"

	"github.com/fairlead-go/fairlead/bench/internal/sample"
)

// Crowds are the numbers of goroutines that share one client.
var Crowds = []int{8, 64, 512, 4096}

// Most is the largest number of goroutines; only drivers that share connections take part in it.
const Most = 20000

// GetCell is the name of the cell of B, or with a context of BC, in which n goroutines GET. A single one is in A.
func GetCell(n int, context string) string { return crowdCell(Get, n, context) }

// SetCell is the same for SET.
func SetCell(n int) string { return crowdCell(Set, n, NoContext) }

func crowdCell(op string, n int, context string) string {
	name := op + " " + strconv.Itoa(n)
	if context != NoContext {
		name += " " + context
	}
	return name
}

func oneGoroutine() Scenario {
	pinned := []string{Same, Split} // tcp is enough to show what free placement does
	return Scenario{
		ID: "A", Title: "One goroutine: GET 16 B", Primary: sample.Rate, CPU: sample.CPU,
		Columns: loaded, Places: []string{Same, Split, Free}, Window: 250 * time.Millisecond,
		Cells: []Cell{
			{Name: "tcp", Op: Get, Goroutines: 1, Quick: []string{Same, Split, Free}},
			{Name: "unix", Op: Get, Goroutines: 1, Unix: true, Places: pinned, Quick: []string{Same}},
			{Name: "tcp cancel", Op: Get, Goroutines: 1, Context: Cancel, Quick: []string{Same}},
			{Name: "unix cancel", Op: Get, Goroutines: 1, Context: Cancel, Unix: true, Places: pinned},
			{Name: "tcp timeout", Op: Get, Goroutines: 1, Context: Timeout, Ranks: map[string]Rank{Same: Telling, Split: Telling}},
		},
	}
}

func manyGoroutines() Scenario {
	s := Scenario{
		ID: "B", Title: "Many goroutines sharing one client: GET and SET 16 B", Primary: sample.Rate, CPU: sample.CPU,
		Columns: loaded, Places: []string{Free, Split}, Window: 200 * time.Millisecond,
	}
	for _, n := range Crowds {
		s.Cells = append(s.Cells, Cell{Name: GetCell(n, NoContext), Op: Get, Goroutines: n, Ranks: map[string]Rank{Split: Extra},
			Quick: []string{Free}})
	}
	s.Cells = append(s.Cells,
		Cell{Name: GetCell(Most, NoContext), Op: Get, Goroutines: Most, CrowdOnly: true, Places: []string{Free}, Quick: []string{Free}},
		Cell{Name: SetCell(1), Op: Set, Goroutines: 1, Places: []string{Free}})
	for _, n := range Crowds {
		s.Cells = append(s.Cells, Cell{Name: SetCell(n), Op: Set, Goroutines: n, Places: []string{Free}})
	}
	return s
}

func withContexts() Scenario {
	s := Scenario{
		ID: "BC", Title: "The same GET with contexts", Primary: sample.Rate, CPU: sample.CPU,
		Columns: loaded, Places: []string{Free}, Window: 200 * time.Millisecond,
	}
	for _, n := range []int{1, 64, 4096} {
		c := Cell{Name: GetCell(n, Fresh), Op: Get, Goroutines: n, Context: Fresh, Rank: Extra}
		if n == 1 {
			c.Places = []string{Same} // the one placement in which a single goroutine is steady
		}
		s.Cells = append(s.Cells, c)
	}
	for _, context := range []string{Timeout, Cancel, Mixed} {
		for _, n := range Crowds {
			c := Cell{Name: GetCell(n, context), Op: Get, Goroutines: n, Context: context}
			if context == Mixed {
				c.Rank = Extra
			}
			if n == 64 && context != Mixed {
				c.Quick = []string{Free}
			}
			s.Cells = append(s.Cells, c)
		}
	}
	return s
}
