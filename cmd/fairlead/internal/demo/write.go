package demo

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/failure"
	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/figures"
)

// Write prints the report for people.
func (r *Report) Write(w io.Writer) error {
	l, s := &r.Latency, &r.Pool
	if _, err := fmt.Fprintf(w, `
server       %s; %s
commands     %s answered in %s for %d goroutines: %s/s
latency      p50 %s   p99 %s   max %s
connections  peak %d of %d allowed, %d opened, %d held at the end
recovery     %s
errors       %s
`,
		r.Server, r.Killing,
		figures.Count(r.Commands), figures.Duration(r.Elapsed), r.Options.Goroutines, figures.Count(int64(r.perSecond())),
		figures.Duration(l.P50), figures.Duration(l.P99), figures.Duration(l.Max),
		s.Peak, s.Limit, s.Dials, s.Open,
		r.recovery(), figures.Count(r.Failed())); err != nil {
		return err
	}
	if err := failure.WriteCounts(w, r.Failures); err != nil {
		return err
	}
	return r.writeBooks(w)
}

// recovery is how soon work went on, in words.
func (r *Report) recovery() string {
	if !r.Recovered {
		return "not every kind of work succeeded again"
	}
	return fmt.Sprintf("first success %s after the server answered again (target: under %s); every kind of work by %s",
		figures.Duration(r.Recovery), figures.Duration(RecoveryTarget), figures.Duration(r.AllAgain))
}

// writeBooks prints what each kind of work came to, and the verdict.
func (r *Report) writeBooks(w io.Writer) error {
	if _, err := fmt.Fprintf(w, "\n%-14s %14s %10s %8s %8s\n", "changes", "acknowledged", "in doubt", "lost", "doubled"); err != nil {
		return err
	}
	for _, f := range r.findings {
		if _, err := fmt.Fprintf(w, "%-14s %14s %10s %8s %8s\n", f.work, figures.Count(f.acknowledged), figures.Count(f.inDoubt),
			figures.Count(f.lost), figures.Count(f.doubled)); err != nil {
			return err
		}
	}
	if r.Err() != nil {
		return nil // it is printed as the command's error
	}
	_, err := fmt.Fprintln(w, "\nNothing that was acknowledged is lost, nothing was done twice, and no reply was wrong.")
	return err
}

func (r *Report) perSecond() float64 { return float64(r.Commands) / r.Elapsed.Seconds() }

type reportJSON struct {
	Server       string          `json:"server"`
	Killing      string          `json:"killed_by"`
	Goroutines   int             `json:"goroutines"`
	Seconds      float64         `json:"seconds"`
	Commands     int64           `json:"commands"`
	PerSecond    float64         `json:"commands_per_second"`
	P50          float64         `json:"p50_us"`
	P99          float64         `json:"p99_us"`
	Max          float64         `json:"max_us"`
	Peak         int             `json:"connections_peak"`
	Opened       int64           `json:"connections_opened"`
	Held         int             `json:"connections_held"`
	Errors       int64           `json:"errors"`
	ByKind       []failure.Count `json:"errors_by_kind"`
	Lost         int64           `json:"lost"`
	Doubled      int64           `json:"doubled"`
	WrongReplies int64           `json:"wrong_replies"`
	Recovery     *float64        `json:"recovery_ms"` // null: work did not go on
	AllAgain     *float64        `json:"all_work_ms"`
	Books        []findingJSON   `json:"books"`
}

type findingJSON struct {
	Work         string `json:"work"`
	Acknowledged int64  `json:"acknowledged"`
	InDoubt      int64  `json:"in_doubt"`
	Lost         int64  `json:"lost"`
	Doubled      int64  `json:"doubled"`
}

// WriteJSON prints the report as one line of JSON.
func (r *Report) WriteJSON(w io.Writer) error {
	v := reportJSON{
		Server: r.Server, Killing: r.Killing, Goroutines: r.Options.Goroutines, Seconds: r.Elapsed.Seconds(),
		Commands: r.Commands, PerSecond: r.perSecond(),
		P50: figures.Micros(r.Latency.P50), P99: figures.Micros(r.Latency.P99), Max: figures.Micros(r.Latency.Max),
		Peak: r.Pool.Peak, Opened: r.Pool.Dials, Held: r.Pool.Open,
		Errors: r.Failed(), ByKind: r.Failures, Lost: r.Lost(), Doubled: r.Doubled(), WrongReplies: r.wrongReplies,
	}
	if r.Recovered {
		first, all := figures.Millis(r.Recovery), figures.Millis(r.AllAgain)
		v.Recovery, v.AllAgain = &first, &all
	}
	for _, f := range r.findings {
		v.Books = append(v.Books, findingJSON{f.work, f.acknowledged, f.inDoubt, f.lost, f.doubled})
	}
	return json.NewEncoder(w).Encode(v)
}
