package live_test

import (
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/live"
)

// screen is a writer that many goroutines may use.
type screen struct {
	mu   sync.Mutex // guards text
	text strings.Builder
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func TestPlainLines(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out screen
		line := live.Start(&out, false, 3*time.Second, func() string { return "figures" })
		time.Sleep(1500 * time.Millisecond) // of the bubble's own clock: it takes no time
		line.Note("the server was %s", "killed")
		time.Sleep(time.Second)
		line.Stop()
		line.Stop() // again changes nothing
		time.Sleep(5 * time.Second)
		want := "   1.0 s  figures\n   1.5 s  the server was killed\n   2.0 s  figures\n"
		if out.String() != want {
			t.Errorf("got:\n%swant a line each second until Stop, and the note between them:\n%s", out.String(), want)
		}
	})
}

func TestTerminalLine(t *testing.T) {
	t.Parallel()
	var out screen
	shown := make(chan struct{})
	line := live.Start(&out, true, time.Minute, sync.OnceValue(func() string {
		close(shown)
		return "41 commands"
	}))
	<-shown // the first refresh asks for the figures
	line.Note("the server was killed")
	line.Stop()
	written := out.String()
	if !strings.Contains(written, "41 commands") {
		t.Errorf("the figures are not in %q", written)
	}
	if !strings.Contains(written, "the server was killed\n") {
		t.Errorf("the note is not a line of its own in %q", written)
	}
	if strings.Count(written, "\x1b[") == 0 {
		t.Errorf("the line is not rewritten in place: no escape sequence in %q", written)
	}
}

func TestIsTerminal(t *testing.T) {
	t.Parallel()
	file, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if live.IsTerminal(file) {
		t.Error("a file on disk is taken for a terminal")
	}
	if live.IsTerminal(new(strings.Builder)) {
		t.Error("a string builder is taken for a terminal")
	}
}

func TestRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var r live.Rate
		expect := func(count int64, want float64, why string) {
			t.Helper()
			if got := r.PerSecond(count); got != want {
				t.Errorf("PerSecond(%d) = %v, want %v: %s", count, got, want, why)
			}
		}
		expect(100, 0, "one count says nothing about its growth")
		time.Sleep(50 * time.Millisecond)
		expect(150, 0, "50 ms say too little")
		time.Sleep(50 * time.Millisecond)
		expect(125, 250, "25 in a tenth of a second, which is enough for a first rate")
		time.Sleep(time.Second)
		expect(375, 250, "250 in one second")
		time.Sleep(100 * time.Millisecond)
		expect(1000, 250, "a tenth of a second is too short to tell")
		time.Sleep(900 * time.Millisecond)
		expect(1375, 1000, "1000 in the second since the last rate")
	})
}
