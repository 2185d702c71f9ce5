package latency

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/figures"
)

// barWidth is the length of the longest bar, in characters.
const barWidth = 40

// A span is the calls that took at least from, and less than twice that.
type span struct {
	from  time.Duration
	count int64
}

// WriteBars writes the distribution: a line with a bar for every doubling of the latency between the fastest and the
// slowest call. It writes nothing if there were no calls.
func (s Summary) WriteBars(w io.Writer) error {
	spans := s.spans()
	most := int64(1)
	for _, sp := range spans {
		most = max(most, sp.count)
	}
	for _, sp := range spans {
		length := int((sp.count*barWidth + most - 1) / most) // rounded up, so that one call can be seen
		if _, err := fmt.Fprintf(w, "  %8s – %-8s %12s  %s\n", figures.Duration(sp.from), figures.Duration(2*sp.from),
			figures.Count(sp.count), strings.Repeat("█", length)); err != nil {
			return err
		}
	}
	return nil
}

// spans sorts the calls by the doubling of a microsecond that they fall into; the first begins with 0 for short.
func (s Summary) spans() []span {
	if s.Count == 0 {
		return nil
	}
	var spans []span
	from := time.Microsecond
	for _, bar := range s.histogram.Distribution() {
		if bar.Count == 0 {
			continue
		}
		for len(spans) == 0 && time.Duration(bar.From) >= 2*from {
			from *= 2
		}
		if len(spans) == 0 {
			spans = append(spans, span{from: from})
		}
		for time.Duration(bar.From) >= 2*spans[len(spans)-1].from {
			spans = append(spans, span{from: 2 * spans[len(spans)-1].from})
		}
		spans[len(spans)-1].count += bar.Count
	}
	return spans
}
