// Package snippets keeps the code of the guides for those who come from other clients the same as code that is compiled and run.
package snippets

import (
	"fmt"
	"regexp"
	"strings"
)

// Read returns the snippets of a source file by their names: what stands between a comment "begin NAME" and a comment "end", without
// the indentation that all of it has.
func Read(source string) map[string]string {
	found := make(map[string]string)
	name := ""
	var lines []string
	for line := range strings.Lines(source) {
		comment := strings.TrimLeft(strings.TrimSpace(line), "/# ")
		begun, isBegin := strings.CutPrefix(comment, "begin ")
		isBegin = isBegin && !strings.Contains(begun, " ")
		switch {
		case isBegin:
			name, lines = begun, nil
		case comment == "end" && name != "":
			found[name] = outdent(lines)
			name = ""
		case name != "":
			lines = append(lines, line)
		}
	}
	return found
}

// outdent takes away the indentation of the first line from all.
func outdent(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	indent := lines[0][:len(lines[0])-len(strings.TrimLeft(lines[0], "\t "))]
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(strings.TrimPrefix(line, indent))
	}
	return strings.Trim(b.String(), "\n") + "\n"
}

// block is a marker in a guide, with the block of code that follows it.
var block = regexp.MustCompile("(?m)^<!-- (\\w+)/(\\w+) -->\n(?:```\\w*\n(?s:.*?)^```\n)?")

// Fill returns the guide with the snippets behind their markers, which are comments <!-- folder/name -->. The error names a marker without
// a snippet.
func Fill(guide string, folders map[string]map[string]string) (string, error) {
	var missing error
	filled := block.ReplaceAllStringFunc(guide, func(marked string) string {
		m := block.FindStringSubmatch(marked)
		code, ok := folders[m[1]][m[2]]
		if !ok {
			missing = fmt.Errorf("the guide wants the snippet %s of %s, which does not exist", m[2], m[1])
		}
		language := "go"
		if m[1] == "redispy" {
			language = "python"
		}
		return fmt.Sprintf("<!-- %s/%s -->\n```%s\n%s```\n", m[1], m[2], language, code)
	})
	return filled, missing
}
