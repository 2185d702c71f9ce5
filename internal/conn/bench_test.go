package conn_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/internal/conn"
)

// contexts are what calls come with; one is the call of any number of callers.
var contexts = []struct {
	name string
	one  func(testing.TB, *conn.Conn) (one func() error)
}{
	{"no_context", func(_ testing.TB, c *conn.Conn) func() error {
		return func() error { return get(context.Background(), c) }
	}},
	{"one_context", oneContext},
	{"a_timeout_each", func(_ testing.TB, c *conn.Conn) func() error {
		return func() error {
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			return get(ctx, c)
		}
	}},
}

// oneContext is a context that can end and that all callers share, such as a process's own.
func oneContext(t testing.TB, c *conn.Conn) func() error {
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	return func() error { return get(ctx, c) }
}

// BenchmarkLone is a caller that has the connection to itself. What canned takes is the client's own share.
func BenchmarkLone(b *testing.B) {
	for _, server := range []struct {
		name string
		dial func(testing.TB) *conn.Conn
	}{
		{"canned", dialCanned},
		{"unix", func(t testing.TB) *conn.Conn { return respond(t, "unix").Conn }},
		{"tcp", func(t testing.TB) *conn.Conn { return respond(t, "tcp").Conn }},
	} {
		for _, with := range contexts {
			b.Run(server.name+"/"+with.name, func(b *testing.B) {
				one := with.one(b, server.dial(b))
				for range 10 { // so many, and the connection knows that the caller is alone
					if err := one(); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportAllocs()
				for b.Loop() {
					if err := one(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkCrowd is many callers that share a connection: combining their commands, and waking them. It shows how many commands
// the server found in a read: those of one write, or of several that came close together.
func BenchmarkCrowd(b *testing.B) {
	for _, network := range []string{"tcp", "unix"} {
		for _, callers := range []int{8, 64, 512} {
			for _, with := range contexts {
				if network == "unix" && with.name != "no_context" {
					continue // what contexts cost does not depend on the socket
				}
				b.Run(fmt.Sprintf("%s/%d/%s", network, callers, with.name), func(b *testing.B) {
					server := respond(b, network)
					one := with.one(b, server.Conn)
					together(b, callers, 4*callers, one) // the same crowd, so that all have what they need
					commands, reads := server.commands.Load(), server.reads.Load()
					b.ReportAllocs()
					b.ResetTimer()
					together(b, callers, b.N, one)
					b.StopTimer()
					commands, reads = server.commands.Load()-commands, server.reads.Load()-reads
					b.ReportMetric(float64(commands)/float64(reads), "commands/read")
				})
			}
		}
	}
}

// together has so many callers make n calls in all, each its share of them, one after another.
func together(t testing.TB, callers, n int, one func() error) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range callers {
		share := n / callers
		if i < n%callers {
			share++
		}
		all.Go(func() {
			<-start
			for range share {
				if err := one(); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	close(start)
	all.Wait()
}
