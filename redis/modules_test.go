package redis

import (
	"slices"
	"strings"
	"testing"
)

// modulesTable holds the commands of modules, which none of the servers has.
func modulesTable(t *testing.T) table {
	t.Helper()
	return readTable(t, "modules.json")
}

// constructorsOfModules are those of the commands of modules.
func constructorsOfModules(t *testing.T) map[string]bool {
	t.Helper()
	names := make(map[string]bool)
	for _, c := range modulesTable(t).Commands {
		for _, name := range functions(t, strings.ReplaceAll(c.Group, "-", "_")+"_gen.go") {
			names[name] = true
		}
	}
	return names
}

// optionWords are the words of a command's options.
func optionWords(args []*tableArg) (words []string) {
	for _, a := range args {
		words = append(words, strings.Fields(a.Token)...)
		words = append(words, optionWords(a.Args)...)
	}
	return words
}

// TestWordsOfModulesSendEveryOption: each word that a module's documentation lists for a command is in some transcript of it.
func TestWordsOfModulesSendEveryOption(t *testing.T) {
	t.Parallel()
	seen := make(map[string][]string)
	for _, s := range transcripts {
		words, _ := s.words()
		seen[s.request.Name()] = append(seen[s.request.Name()], words...)
	}
	for _, c := range modulesTable(t).Commands {
		if seen[c.Name] == nil {
			t.Errorf("no transcript is of %s", c.Name)
		}
		for _, option := range optionWords(c.Args) {
			if !slices.Contains(seen[c.Name], option) {
				t.Errorf("no transcript of %s has %s", c.Name, option)
			}
		}
	}
}
