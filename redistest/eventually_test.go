package redistest

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestEventually(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		Eventually(t, time.Second, "half a second is over", func() bool { return time.Since(start) >= time.Second/2 })
		if took := time.Since(start); took != time.Second/2 {
			t.Errorf("took %v, want to be told at once", took)
		}
		wantFailure(t, "still not so after 1s: the moon is full", func(t testing.TB) {
			Eventually(t, time.Second, "the moon is full", func() bool { return false })
		})
	})
}
