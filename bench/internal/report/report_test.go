package report

import (
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/bench/internal/driver"
	"github.com/fairlead-go/fairlead/bench/internal/handmade"
	"github.com/fairlead-go/fairlead/bench/internal/plan"
	"github.com/fairlead-go/fairlead/bench/internal/sample"
)

func written(r *Report) string {
	var b strings.Builder
	r.Write(&b)
	return b.String()
}

// wants checks that the report has these parts in this order.
func wants(t *testing.T, report string, parts ...string) {
	t.Helper()
	rest := report
	for _, part := range parts {
		_, after, found := strings.Cut(rest, part)
		if !found {
			t.Fatalf("no %q, or not where it belongs, in:\n%.3000s", part, report)
		}
		rest = after
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	r := &Report{Run: handmade.Run(2), Scenarios: plan.All(), Drivers: driver.All(), Pictures: []Picture{{"pictures/a.svg", "A picture"}}}
	text := written(r)
	wants(t, text,
		"2026-01-02; 2 CPUs (Abacus), Linux 6, go1.26; redis 7",
		"## Targets", "0 were not measured",
		"One goroutine, GET 16 B", "at least 0.97×",
		"## Geometric means", "rueidis-delay", "2.00",
		"![A picture](pictures/a.svg)",
		"### A. One goroutine: GET 16 B (split)", "| tcp ",
		"### B. ", "rueidis-delay (best, least CPU)",
		"### T. ", "fairlead-trace",
		"## Drivers", "**rueidis** v1")
	if strings.Contains(text, "NaN") || strings.Contains(text, "%!") {
		t.Error("the report has numbers or words that are none")
	}
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "| get 64 ") && strings.Contains(line, "| fairlead ") && !strings.Contains(line, "2.00") {
			t.Errorf("fairlead is twice as fast as the best peer, which is not in %q", line)
		}
	}
}

func TestReportOfAPart(t *testing.T) {
	t.Parallel()
	run := handmade.Run(1)
	chosen := plan.Choose(plan.Filter{Scenarios: []string{"F"}})
	var of []sample.Result
	for _, result := range run.Results {
		if result.Scenario == "F" {
			of = append(of, result)
		}
	}
	run.Results = of
	text := written(&Report{Run: run, Scenarios: chosen, Drivers: driver.All()})
	wants(t, text, "HGETALL 1000: operations per second", "### F. Aggregates")
	if strings.Contains(text, "not measured |") || strings.Contains(text, "## Drivers") || strings.Contains(text, "### A.") {
		t.Errorf("a report of one scenario has parts of others:\n%s", text)
	}
}

func TestFailuresHaveARow(t *testing.T) {
	t.Parallel()
	run := handmade.Run(1)
	for i, result := range run.Results {
		if result.Driver == "radix" {
			run.Results[i].Sample, run.Results[i].Err = nil, "wrong reply: GET after SET"
		}
	}
	run.About.Incomplete = "stopped in round 2"
	text := written(&Report{Run: run, Scenarios: plan.All(), Drivers: driver.All()})
	wants(t, text, "The run is incomplete: stopped in round 2", "a driver failed", "| radix", "wrong reply: GET after SET")
}

func TestSummary(t *testing.T) {
	t.Parallel()
	slow := func(rounds int) *Report {
		run := handmade.Run(rounds)
		for i, result := range run.Results {
			if result.Driver == "fairlead" && result.Scenario == "F" {
				run.Results[i].Sample = handmade.Sample("redigo")
			}
		}
		return &Report{Run: run, Scenarios: plan.All(), Drivers: driver.All()}
	}
	var b strings.Builder
	slow(2).Summary(&b)
	wants(t, b.String(), "2 fall short", "short: Pipes and aggregates", "HGETALL 1000", "0.50×, target at least 1.15×")

	b.Reset()
	slow(1).Summary(&b)
	text := b.String() + written(slow(1))
	wants(t, text, "one round is too few", "HGETALL 1000: operations per second", "0.50×")
	if strings.Contains(text, "short") || strings.Contains(text, "pass ") {
		t.Errorf("there is a verdict on one round:\n%.3000s", text)
	}
}

func TestHowManyPlacesFailed(t *testing.T) {
	t.Parallel()
	run := handmade.Run(2)
	fail := func(i int) { run.Results[i].Sample, run.Results[i].Err = nil, "n/a" }
	r := &Report{Run: run, Scenarios: plan.All(), Drivers: driver.All()}
	fail(0)
	wants(t, written(r), "In one place a driver failed or does not apply; its row says why.")
	fail(1)
	wants(t, written(r), "In 2 places a driver failed or does not apply; their rows say why.")
}

func TestTablesAlign(t *testing.T) {
	t.Parallel()
	table := &table{left: 1}
	table.add("name", "µs")
	table.add("a", "1.00")
	table.add("long name", "10")
	table.add("failed", "") // a row may be short
	table.rows[3] = table.rows[3][:1]
	var b strings.Builder
	table.write(&b)
	want := `| name      |   µs |
|-----------|-----:|
| a         | 1.00 |
| long name |   10 |
| failed    |      |
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

func TestNumbersHaveThreeDigits(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{
		0: "0.00", 0.123: "0.12", 9.99: "9.99", 10: "10.0", 99.94: "99.9", 99.96: "100", 123456: "123456", -12.34: "-12.3",
	} {
		if got := number(v); got != want {
			t.Errorf("%v is written %q, want %q", v, got, want)
		}
	}
}
