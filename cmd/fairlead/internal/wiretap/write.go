package wiretap

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/figures"
)

// Write prints the way for people. Lines that begin with > or < are in the wire trace format of package resp.
func (w *Way) Write(out io.Writer) error {
	p := printer{out: out}
	p.line("connection: opened in %s: %s", figures.Duration(w.Opening.Took), w.Opening.Detail)
	p.wire(w.Opening.Wire)
	if len(w.Steps) > 0 {
		p.line("")
	}
	for i, s := range w.Steps {
		p.line("%d %-10s %9s  %s", i+1, s.Name, figures.Duration(s.Took), s.Detail)
		p.wire(s.Wire)
	}
	if len(w.Steps) > 0 {
		p.line("  %-10s %9s", "total", figures.Duration(w.Total))
	}
	return p.err
}

// A printer keeps the first error of its writer.
type printer struct {
	out io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.out, format+"\n", args...)
	}
}

func (p *printer) wire(lines []string) {
	for _, line := range lines {
		p.line("%s", line)
	}
}

type wayJSON struct {
	Command string     `json:"command"`
	Server  string     `json:"server"`
	Opened  stepJSON   `json:"opened"`
	Steps   []stepJSON `json:"steps"`
	TotalUS float64    `json:"total_us"`
	Error   string     `json:"error,omitempty"`
}

type stepJSON struct {
	Step   string   `json:"step,omitempty"`
	US     float64  `json:"us"`
	Bytes  int      `json:"bytes,omitempty"`
	Detail string   `json:"detail"`
	Wire   []string `json:"wire,omitempty"`
}

// WriteJSON prints the way as one JSON object, with err where no reply came.
func (w *Way) WriteJSON(out io.Writer, err error) error {
	v := wayJSON{Command: w.Command, Server: w.Server, Opened: w.Opening.json(), Steps: make([]stepJSON, len(w.Steps)), TotalUS: figures.Micros(w.Total)}
	v.Opened.Step = ""
	for i, s := range w.Steps {
		v.Steps[i] = s.json()
	}
	if err != nil {
		v.Error = err.Error()
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false) // the wire trace begins with > and <
	return encoder.Encode(v)
}

func (s *Step) json() stepJSON {
	return stepJSON{Step: s.Name, US: figures.Micros(s.Took), Bytes: s.Bytes, Detail: s.Detail, Wire: s.Wire}
}
