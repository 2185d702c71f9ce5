package main

import (
	"cmp"
	"slices"
	"strings"
)

// lineWidth is how wide comments are written.
const lineWidth = 118

// comment writes text as a comment, wrapped.
func comment(indent, text string) string {
	var b strings.Builder
	width := 0
	for word := range strings.FieldsSeq(text) {
		switch {
		case width == 0:
			b.WriteString(indent + "// ")
		case width+1+len(word) > lineWidth:
			b.WriteString("\n" + indent + "// ")
			width = 0
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += len(word)
	}
	b.WriteByte('\n')
	return b.String()
}

// listed joins names as prose does: "A, B and C".
func listed(names []string, last string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " " + last + " " + names[len(names)-1]
}

// since says which server versions brought a command: "Since Redis 8.0.0 and Valkey 9.0.0".
func since(c *command) string {
	switch {
	case c.Module != "":
		return "Since " + c.Module + " " + c.Since
	case c.Since == "" && c.Valkey == "":
		return "Since " + firstServer(c.Servers) + " or earlier"
	case c.Since == "":
		return "Since Valkey " + c.Valkey
	case c.Valkey != "" && c.Valkey != c.Since:
		return "Since Redis " + c.Since + " and Valkey " + c.Valkey
	}
	return "Since Redis " + c.Since
}

// optionNotes says for the tokens of a command since when they exist, where that is not since the command does.
func optionNotes(c *command) map[string]string {
	known := make(map[string]arg)
	c.tokens(func(a arg) {
		if a.Since == c.Since || a.Since == c.Valkey {
			a.Since = ""
		}
		if a.Servers == nil {
			a.Servers = c.Servers
		}
		if k, ok := known[a.Token]; ok { // servers that describe it differently
			a.Since = cmp.Or(k.Since, a.Since)
			a.Servers = append(slices.Clone(k.Servers), a.Servers...)
		}
		known[a.Token] = a
	})
	notes := make(map[string]string)
	for token, a := range known {
		notes[token] = sinceOption(a, c)
	}
	return notes
}

func sinceOption(a arg, c *command) string {
	version := ""
	if a.Since != "" {
		version = " " + a.Since
	}
	switch {
	case c.Module != "" && version != "":
		return "since " + c.Module + version
	case c.Module != "":
		return ""
	case knownTo(c.Servers, "redis") && !knownTo(a.Servers, "redis"):
		if version == "" {
			return "Valkey's"
		}
		return "since Valkey" + version
	case version != "":
		return "since Redis" + version
	case !slices.Contains(a.Servers, c.Servers[0]):
		return "since " + firstServer(a.Servers) + " or earlier"
	}
	return ""
}

// agreed joins what sinceOption says for several commands: once where all say the same.
func agreed(notes map[string]string, commands []string) string {
	var each, said []string
	for _, c := range commands {
		note := notes[c]
		if !slices.Contains(said, note) {
			said = append(said, note)
		}
		if note != "" {
			each = append(each, note+" in "+c)
		}
	}
	switch {
	case len(each) == 0:
		return ""
	case len(said) == 1:
		return "; " + said[0]
	}
	return "; " + strings.Join(each, ", ")
}

func knownTo(servers []string, product string) bool {
	for _, s := range servers {
		if strings.HasPrefix(s, product+" ") {
			return true
		}
	}
	return false
}

// firstServer names a server as prose does: "Redis 8.0.6".
func firstServer(servers []string) string {
	return strings.ToUpper(servers[0][:1]) + servers[0][1:]
}
