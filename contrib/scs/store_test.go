package scs_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/fairlead-go/fairlead"
	fairleadscs "github.com/fairlead-go/fairlead/contrib/scs"
	"github.com/fairlead-go/fairlead/redistest"
)

// newStore returns a store in a server of its own.
func newStore(t *testing.T) (*fairleadscs.Store, *fairlead.Client) {
	t.Helper()
	c, err := fairlead.Open(redistest.Start(t).URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return fairleadscs.New(c), c
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func finds(t *testing.T, s *fairleadscs.Store, token, want string, wantFound bool, why string) {
	t.Helper()
	b, found, err := s.Find(token)
	if string(b) != want || found != wantFound || err != nil {
		t.Errorf("Find: %q, %v, %v, want %q, %v: %s", b, found, err, want, wantFound, why)
	}
}

func TestFindCommitDelete(t *testing.T) {
	t.Parallel()
	s, c := newStore(t)
	later := time.Now().Add(time.Minute)
	finds(t, s, "t", "", false, "nobody has put it there")
	ok(t, s.Commit("t", []byte("one\x00\r\n"), later))
	finds(t, s, "t", "one\x00\r\n", true, "any bytes are data")
	ok(t, s.Commit("t", []byte("two"), later))
	finds(t, s, "t", "two", true, "the last one counts")
	if left, err := c.PTTL(t.Context(), "scs:session:t"); err != nil || left <= 50*time.Second || left > time.Minute {
		t.Errorf("it lives for %v, %v, want nearly a minute", left, err)
	}
	ok(t, s.Delete("t"))
	finds(t, s, "t", "", false, "it was deleted")
	ok(t, s.Delete("t"))
	ok(t, s.Commit("empty", nil, later))
	finds(t, s, "empty", "", true, "a session may have no data")
}

func TestExpiry(t *testing.T) {
	t.Parallel()
	s, c := newStore(t)
	ok(t, s.Commit("t", []byte("v"), time.Now().Add(30*time.Millisecond)))
	redistest.Eventually(t, 5*time.Second, "the server has forgotten the session", func() bool {
		_, found, err := s.Find("t")
		return err == nil && !found
	})
	ok(t, c.Set(t.Context(), "scs:session:late", "v", 0))
	ok(t, s.Commit("late", []byte("v"), time.Now().Add(-time.Second)))
	finds(t, s, "late", "", false, "a session that has expired is not kept, not even an older one")
}

func TestAll(t *testing.T) {
	t.Parallel()
	s, c := newStore(t)
	all, err := s.All()
	if all == nil || len(all) != 0 || err != nil {
		t.Errorf("%v, %v, want an empty map", all, err)
	}
	own := fairleadscs.NewWithPrefix(c, `a*[b]?\`)
	later := time.Now().Add(time.Hour)
	const many = 1200 // more than one SCAN gives
	for i := range many {
		ok(t, s.Commit(string(rune('a'+i%26))+time.Duration(i).String(), []byte{byte(i)}, later))
	}
	ok(t, own.Commit("mine", []byte("m"), later))
	ok(t, c.Set(t.Context(), `axxbx\x`, "fits the prefix as a pattern", 0))
	if all, err = s.All(); len(all) != many || err != nil {
		t.Errorf("%d sessions, %v, want %d: those of the other prefix are not among them", len(all), err, many)
	}
	if all, err = own.All(); len(all) != 1 || string(all["mine"]) != "m" || err != nil {
		t.Errorf("%q, %v, want mine alone: the prefix is no pattern", all, err)
	}
}

// A failure is an error, not a session that does not exist: scs would begin a new one.
func TestServerGone(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	c, err := fairlead.Open(server.URL() + "?max_retries=0")
	ok(t, err)
	t.Cleanup(func() { _ = c.Close() })
	s := fairleadscs.New(c)
	server.Kill()
	if _, found, err := s.Find("t"); found || err == nil {
		t.Errorf("%v, %v, want an error", found, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.CommitCtx(ctx, "t", nil, time.Now().Add(time.Hour)); !fairlead.NotRun(err) {
		t.Errorf("%v, want the context's error", err)
	}
	if err := s.DeleteCtx(ctx, "t"); !fairlead.NotRun(err) {
		t.Errorf("%v, want the context's error", err)
	}
	if _, err := s.AllCtx(ctx); !fairlead.NotRun(err) {
		t.Errorf("%v, want the context's error", err)
	}
}

// A visitor keeps what was put into the session from one request to the next, through scs itself, until its token is destroyed.
func TestSessionOfAVisitor(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	sessions := scs.New()
	sessions.Store = s
	pages := http.NewServeMux()
	pages.HandleFunc("/put", func(_ http.ResponseWriter, r *http.Request) { sessions.Put(r.Context(), "name", "Ada") })
	pages.HandleFunc("/get", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, sessions.GetString(r.Context(), "name"))
	})
	pages.HandleFunc("/renew", func(_ http.ResponseWriter, r *http.Request) { _ = sessions.RenewToken(r.Context()) })
	pages.HandleFunc("/end", func(_ http.ResponseWriter, r *http.Request) { _ = sessions.Destroy(r.Context()) })
	site := httptest.NewServer(sessions.LoadAndSave(pages))
	t.Cleanup(site.Close)
	jar, err := cookiejar.New(nil)
	ok(t, err)
	visitor := &http.Client{Jar: jar, Transport: new(http.Transport)}
	t.Cleanup(visitor.CloseIdleConnections)
	visit := func(path string) string {
		res, err := visitor.Get(site.URL + path)
		ok(t, err)
		defer func() { _ = res.Body.Close() }()
		text, err := io.ReadAll(res.Body)
		ok(t, err)
		return string(text)
	}
	for _, step := range []struct{ path, want, why string }{
		{"/get", "", "there is no session yet"},
		{"/put", "", ""},
		{"/get", "Ada", "the session has it"},
		{"/renew", "", ""},
		{"/get", "Ada", "a new token has the same data"},
		{"/end", "", ""},
		{"/get", "", "the session was destroyed"},
	} {
		if got := visit(step.path); got != step.want {
			t.Errorf("%s: %q, want %q: %s", step.path, got, step.want, step.why)
		}
	}
	visit("/put")
	seen := 0
	ok(t, sessions.Iterate(t.Context(), func(ctx context.Context) error {
		seen++
		if name := sessions.GetString(ctx, "name"); name != "Ada" {
			t.Errorf("%q, want Ada", name)
		}
		return nil
	}))
	if seen != 1 {
		t.Errorf("%d sessions, want 1", seen)
	}
}
