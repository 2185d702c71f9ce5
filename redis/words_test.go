package redis

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A transcript is a command and the words it is sent as.
type transcript struct {
	want    string
	request Request
}

// send expects a command to be sent as these words: <k> is a word that is a key, "" an empty one.
func send[T any](want string, c Cmd[T]) transcript { return transcript{want, c.Request} }

// words returns the expected words, and the keys among them.
func (s transcript) words() (words, keys []string) {
	words, marks := s.marked()
	for i, w := range words {
		if marks[i] {
			keys = append(keys, w)
		}
	}
	return words, keys
}

// marked returns the expected words, and which of them are keys.
func (s transcript) marked() (words []string, keys []bool) {
	for w := range strings.SplitSeq(s.want, " ") {
		isKey := strings.HasPrefix(w, "<")
		if keys = append(keys, isKey); isKey {
			w = strings.Trim(w, "<>")
		}
		if w == `""` {
			w = ""
		}
		words = append(words, w)
	}
	return words, keys
}

// transcripts are all transcripts of this package's tests, by the file they are in.
var transcripts = slices.Concat(connectionWords, genericWords, hashWords, listWords, serverWords, setWords, sortedSetWords, stringWords,
	bitmapWords, geoWords, hyperLogLogWords,
	streamWords,
	scriptingWords, pubsubWords,
	clusterWords, sentinelWords, vectorSetWords,
	jsonWords, bloomWords, cuckooWords, cmsWords, topKWords, tDigestWords, timeSeriesWords, searchWords)

// TestWords: every command is sent as the exact bytes of its words, and knows which of them are keys.
func TestWords(t *testing.T) {
	t.Parallel()
	for _, s := range transcripts {
		words, keys := s.words()
		var want strings.Builder
		fmt.Fprintf(&want, "*%d\r\n", len(words))
		for _, w := range words {
			fmt.Fprintf(&want, "$%d\r\n%s\r\n", len(w), w)
		}
		r := s.request
		if err := r.Err(); err != nil {
			t.Errorf("%s cannot be sent: %v", s.want, err)
			continue
		}
		if got := string(r.Append(nil)); got != want.String() {
			t.Errorf("%s\nsent as %q\nwant    %q", s.want, got, want.String())
		}
		if got := slices.Collect(r.Keys()); !slices.Equal(got, keys) {
			t.Errorf("%s has the keys %q, want %q", s.want, got, keys)
		}
		if r.Words() != len(words) {
			t.Errorf("%s has %d words by Words, want %d", s.want, r.Words(), len(words))
		}
	}
}

// TestWordsKeysMatchServers: where the servers' table says that keys stand in fixed places, these are the words marked as keys.
func TestWordsKeysMatchServers(t *testing.T) {
	t.Parallel()
	for _, s := range transcripts {
		spec := s.request.Spec()
		if spec.FirstKey == 0 || spec.Flags.Has(MovableKey) {
			continue
		}
		words, keys := s.words()
		last := spec.LastKey
		if last < 0 {
			last += len(words)
		}
		var want []string
		for i := spec.FirstKey; i <= last; i += spec.KeyStep {
			want = append(want, words[i])
		}
		if !slices.Equal(keys, want) {
			t.Errorf("%s: the keys are %q by the table, the transcript has %q", s.want, want, keys)
		}
	}
}

// table, tableCommand and tableArg are the parts of the generator's table that tests look at.
type (
	table struct {
		Servers  []string       `json:"servers"`
		Commands []tableCommand `json:"commands"`
	}
	tableCommand struct {
		Name    string      `json:"name"`
		Group   string      `json:"group"`
		Arity   int         `json:"arity"`
		Args    []*tableArg `json:"args"`
		Servers []string    `json:"servers"`
	}
	tableArg struct {
		Name    string      `json:"name"`
		Type    string      `json:"type"`
		Token   string      `json:"token"`
		Flags   []string    `json:"flags"`
		Args    []*tableArg `json:"args"`
		Servers []string    `json:"servers"` // nil: all that know the command
	}
)

func serverTable(t *testing.T) table { return readTable(t, "table.json") }

func readTable(t *testing.T, name string) (all table) {
	t.Helper()
	text, err := os.ReadFile("../internal/gen/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestEveryConstructorIsTested: each constructor is called where its words are tested, and where it meets a real server, unless
// its command is a module's that no server here has.
func TestEveryConstructorIsTested(t *testing.T) {
	t.Parallel()
	constructors := functions(t, "*_gen.go")
	if len(constructors) < 300 {
		t.Fatalf("only %d constructors found: is this the right folder?", len(constructors))
	}
	modules := constructorsOfModules(t)
	for _, pattern := range []string{"words_*_test.go", "live_*_test.go"} {
		called := calls(t, pattern)
		for _, name := range constructors {
			if !called[name] && !(modules[name] && pattern == "live_*_test.go") {
				t.Errorf("%s is not called in %s", name, pattern)
			}
		}
	}
}

// functions returns the exported functions of the files.
func functions(t *testing.T, pattern string) (names []string) {
	t.Helper()
	for _, file := range parse(t, pattern) {
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.IsExported() {
				names = append(names, f.Name.Name)
			}
		}
	}
	return names
}

// calls returns what the files call by an unqualified name.
func calls(t *testing.T, pattern string) map[string]bool {
	t.Helper()
	called := make(map[string]bool)
	for _, file := range parse(t, pattern) {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if name, ok := call.Fun.(*ast.Ident); ok {
					called[name.Name] = true
				}
			}
			return true
		})
	}
	return called
}

func parse(t *testing.T, pattern string) (files []*ast.File) {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}
