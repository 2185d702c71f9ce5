package main

import (
	"strings"
	"testing"
)

// TestComment: comments are wrapped between words.
func TestComment(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("word ", 40)
	for line := range strings.Lines(comment("\t", long)) {
		if line = strings.TrimSuffix(line, "\n"); !strings.HasPrefix(line, "\t// word") || strings.HasSuffix(line, " ") || len(line) > lineWidth+5 {
			t.Errorf("%q is no good line of a comment", line)
		}
	}
	if got := comment("", " one\n two "); got != "// one two\n" {
		t.Errorf("got %q", got)
	}
}

// TestDoc: a command's documentation says who brought it and who calls it deprecated.
func TestDoc(t *testing.T) {
	t.Parallel()
	for _, m := range []struct {
		command command
		want    string
	}{
		{command{Since: "1.0.0", Valkey: "8.0.0", Deprecated: "2.0.0"}, "X does it. Since Redis 1.0.0 and Valkey 8.0.0; O(1). Redis calls X deprecated since 2.0.0."},
		{command{Since: "1.0.0", ValkeyDeprecated: "8.0.0"}, "X does it. Since Redis 1.0.0; O(1). Valkey calls X deprecated since 8.0.0."},
		{command{Valkey: "8.0.0"}, "X does it. Since Valkey 8.0.0; O(1)."},
		{command{Servers: []string{"redis 8.0.6"}}, "X does it. Since Redis 8.0.6 or earlier; O(1)."}, // a module's
	} {
		m.command.Name = "X"
		p := &plan{table: &table{Commands: []*command{&m.command}}}
		if got := p.doc("X", &override{Command: "X"}, &maker{Doc: []string{"does it."}, Complexity: "O(1)"}); got != m.want {
			t.Errorf("got  %s\nwant %s", got, m.want)
		}
	}
}

// TestOptionNotes: the version that brought an option is said where it is not the command's own.
func TestOptionNotes(t *testing.T) {
	t.Parallel()
	old, later, other := "redis 7.0.0", "redis 8.0.0", "valkey 9.0.0"
	c := &command{Since: "1.0.0", Valkey: "8.0.0", Servers: []string{old, later, other}, Args: []*arg{
		{Token: "A"},
		{Token: "B", Since: "1.0.0"},
		{Token: "C", Since: "6.2.0"},
		{Token: "D", Since: "8.1.0", Servers: []string{other}},
		{Token: "E", Servers: []string{other}},
		{Token: "F", Servers: []string{later, other}},
		{Token: "G", Since: "7.4.0", Servers: []string{later}},
		{Type: "oneof", Since: "5.0.0", Args: []*arg{{Token: "H"}}}, // it inherits the version
		{Token: "I", Type: "block", Servers: []string{old}}, {Token: "I", Type: "integer", Servers: []string{later, other}},
	}}
	want := map[string]string{
		"A": "", "B": "", "C": "since Redis 6.2.0", "D": "since Valkey 8.1.0", "E": "Valkey's", "F": "since Redis 8.0.0 or earlier",
		"G": "since Redis 7.4.0", "H": "since Redis 5.0.0", "I": "",
	}
	notes := optionNotes(c)
	for token, note := range want {
		if notes[token] != note {
			t.Errorf("about %s it says %q, want %q", token, notes[token], note)
		}
	}

	for _, m := range []struct {
		notes map[string]string
		want  string
	}{
		{map[string]string{}, ""},
		{map[string]string{"GET": "since 1", "SET": "since 1"}, "; since 1"},
		{map[string]string{"GET": "since 1"}, "; since 1 in GET"},
		{map[string]string{"GET": "since 1", "SET": "since 2"}, "; since 1 in GET, since 2 in SET"},
	} {
		if got := agreed(m.notes, []string{"GET", "SET"}); got != m.want {
			t.Errorf("%v is told as %q, want %q", m.notes, got, m.want)
		}
	}
}

// TestListed: names are joined as in prose.
func TestListed(t *testing.T) {
	t.Parallel()
	for want, names := range map[string][]string{"": nil, "A": {"A"}, "A or B": {"A", "B"}, "A, B or C": {"A", "B", "C"}} {
		if got := listed(names, "or"); got != want {
			t.Errorf("%q is listed as %q, want %q", names, got, want)
		}
	}
}
