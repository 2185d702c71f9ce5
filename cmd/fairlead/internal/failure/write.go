package failure

import (
	"fmt"
	"io"

	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/figures"
)

// WriteCounts writes a line for each kind: how often, what went wrong, and whether the command can have run.
func WriteCounts(w io.Writer, counts []Count) error {
	for _, c := range counts {
		ran := "cannot have run"
		if c.CanHaveRun {
			ran = "may have run"
		}
		if _, err := fmt.Fprintf(w, "  %12s  %s: %s\n", figures.Count(c.Count), c.Reason, ran); err != nil {
			return err
		}
	}
	return nil
}
