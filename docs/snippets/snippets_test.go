package snippets

import (
	"flag"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the snippets into the guides")

// guides are the pages that hold snippets.
var guides = []string{"from-go-redis.md", "from-rueidis.md", "from-redis-py.md"}

// sources are the snippets by the folder they lie in.
func sources(t *testing.T) map[string]map[string]string {
	t.Helper()
	all := make(map[string]map[string]string)
	for _, folder := range []string{"fairlead", "goredis", "rueidis", "redispy"} {
		all[folder] = make(map[string]string)
		files, err := filepath.Glob(filepath.Join(folder, "*"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s holds no snippets: %v", folder, err)
		}
		for _, name := range files {
			if text, err := os.ReadFile(name); err == nil {
				maps.Copy(all[folder], Read(string(text)))
			}
		}
	}
	return all
}

// TestGuides: the code in the guides is the code here, which is compiled; every guide shows every task of Fairlead's.
func TestGuides(t *testing.T) {
	t.Parallel()
	all := sources(t)
	for _, name := range guides {
		path := filepath.Join("..", name)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		filled, err := Fill(string(text), all)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if *update {
			err = os.WriteFile(path, []byte(filled), 0o600)
		} else if filled != string(text) {
			t.Errorf("the code in docs/%s is not that of docs/snippets: run go test -update in docs/snippets", name)
		}
		if err != nil {
			t.Error(err)
		}
		shown := make(map[string]bool)
		for _, m := range block.FindAllStringSubmatch(filled, -1) {
			shown[m[1]+"/"+m[2]] = true
		}
		for task := range all["fairlead"] {
			if !shown["fairlead/"+task] {
				t.Errorf("docs/%s does not show %s", name, task)
			}
		}
	}
}

// TestPython: the snippets for redis-py can be parsed. They are not run.
func TestPython(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3, so the snippets for redis-py are not parsed")
	}
	parse := exec.CommandContext(t.Context(), python, "-c", "import ast, sys; ast.parse(open(sys.argv[1], encoding='utf-8').read())", "redispy/snippets.py")
	if out, err := parse.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestRead is the transcript of the smallest file with two snippets, in Go's and in Python's comments.
func TestRead(t *testing.T) {
	t.Parallel()
	got := Read("func f() {\n\t// begin a\n\tx := 1\n\n\tif x {\n\t\ty()\n\t}\n\t// end\n}\n# begin b\nz\n# end\nnone\n")
	want := map[string]string{"a": "x := 1\n\nif x {\n\ty()\n}\n", "b": "z\n"}
	if !maps.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, err := Fill("<!-- a/none -->\n", nil); err == nil {
		t.Error("a marker without a snippet is no error")
	}
}
