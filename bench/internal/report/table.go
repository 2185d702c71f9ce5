package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// table is rows of cells, the first of which is the head. A shorter row ends with one cell that may be wide.
type table struct {
	rows [][]string
	left int // columns that are text; the rest are numbers
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// write prints the table as Markdown that also reads well as text.
func (t *table) write(w io.Writer) {
	width := t.widths()
	for i, row := range t.rows {
		fmt.Fprintln(w, t.line(row, width))
		if i == 0 {
			fmt.Fprintln(w, t.rule(width))
		}
	}
}

func (t *table) widths() []int {
	width := make([]int, len(t.rows[0]))
	for _, row := range t.rows {
		for i, cell := range row {
			if len(row) == len(width) {
				width[i] = max(width[i], utf8.RuneCountInString(cell))
			}
		}
	}
	return width
}

func (t *table) line(row []string, width []int) string {
	var b strings.Builder
	for i := range width {
		cell := ""
		if i < len(row) {
			cell = row[i]
		}
		pad := strings.Repeat(" ", max(0, width[i]-utf8.RuneCountInString(cell)))
		if i < t.left || len(row) < len(width) {
			cell += pad
		} else {
			cell = pad + cell
		}
		b.WriteString("| " + cell + " ")
	}
	return b.String() + "|"
}

func (t *table) rule(width []int) string {
	var b strings.Builder
	for i, n := range width {
		line := strings.Repeat("-", n+1)
		if i < t.left {
			b.WriteString("|" + line + "-")
		} else {
			b.WriteString("|" + line + ":")
		}
	}
	return b.String() + "|"
}

// number writes a value with about three digits.
func number(v float64) string {
	switch size := max(v, -v); {
	case size >= 99.95:
		return fmt.Sprintf("%.0f", v)
	case size >= 9.995:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}
