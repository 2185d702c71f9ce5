package main

import "strings"

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
	case c.Since == "":
		return "Valkey only, since " + c.Valkey
	case c.Valkey != "" && c.Valkey != c.Since:
		return "Since Redis " + c.Since + " and Valkey " + c.Valkey
	case c.Valkey == "" && !knownTo(c.Servers, "valkey"):
		return "Redis only, since " + c.Since
	}
	return "Since Redis " + c.Since
}

// sinceOption says which server versions brought an option, where they are not the command's.
func sinceOption(a arg) string {
	product := "Redis"
	switch {
	case len(a.Servers) == 0, knownTo(a.Servers, "redis") && knownTo(a.Servers, "valkey"):
	case knownTo(a.Servers, "valkey"):
		product = "Valkey"
	default:
		product = "Redis only"
	}
	switch {
	case a.Since != "" && product == "Valkey":
		return "; Valkey only, since " + a.Since
	case product == "Valkey":
		return "; Valkey only"
	case a.Since != "":
		return "; since " + product + " " + a.Since
	case len(a.Servers) > 0:
		return "; since " + firstServer(a.Servers) + " or earlier"
	}
	return ""
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
