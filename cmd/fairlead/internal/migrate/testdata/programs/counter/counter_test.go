package counter

import (
	"net/http/httptest"
	"os"
	"testing"
)

func TestCounter(t *testing.T) {
	c := New(os.Getenv("REDIS_ADDR"))
	defer c.Close()
	ctx := t.Context()
	if err := c.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	if err := c.Forget(ctx, "/a"); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Visits(ctx, "/a"); n != 0 || err != nil || c.Known(ctx, "/a") {
		t.Errorf("a page that nobody saw: %d, %v", n, err)
	}
	for _, want := range []string{"1\n", "2\n"} {
		w := httptest.NewRecorder()
		c.ServeHTTP(w, httptest.NewRequest("GET", "/a", nil))
		if got := w.Body.String(); got != want {
			t.Errorf("answer %q, want %q", got, want)
		}
	}
	if n, err := c.Visits(ctx, "/a"); n != 2 || err != nil || !c.Known(ctx, "/a") {
		t.Errorf("after two visits: %d, %v", n, err)
	}
	if ttl := c.rdb.TTL(ctx, "visits:/a").Val(); ttl.Minutes() < 59 {
		t.Errorf("it is kept for %v", ttl)
	}
	c.rdb.Set(ctx, "visits:/b", "many", 0)
	if _, err := c.Visits(ctx, "/b"); err == nil {
		t.Error("no number is no error")
	}
}
