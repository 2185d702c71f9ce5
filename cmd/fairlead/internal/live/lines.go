package live

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// startLines writes the figures as a line each second. Its goroutine ends with Stop.
func startLines(w io.Writer, figures func() string) *Line {
	began := time.Now()
	var mu sync.Mutex // held while a line is written
	write := func(text string) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(w, "%s  %s\n", stamp(time.Since(began)), text)
	}
	end := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		second := time.NewTicker(time.Second)
		defer second.Stop()
		for {
			select {
			case <-second.C:
				write(figures())
			case <-end:
				return
			}
		}
	})
	return &Line{note: write, stop: sync.OnceFunc(func() {
		close(end)
		running.Wait()
	})}
}

// stamp is a time since the start, in seconds.
func stamp(d time.Duration) string { return fmt.Sprintf("%6.1f s", d.Seconds()) }
