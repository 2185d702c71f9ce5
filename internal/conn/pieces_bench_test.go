package conn_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/redistest"
)

// Large values both ways, one caller, a real server.
func BenchmarkLongValues(b *testing.B) {
	c, err := conn.Dial(context.Background(), &conn.Config{Network: "tcp", Addr: redistest.Default(b).Addr()})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close(conn.UserClosed, nil)
	for _, size := range []int{256 << 10, 1 << 20, 64 << 20} {
		text := strings.Repeat("x", size)
		for _, of := range []struct {
			name string
			call *conn.Call
		}{
			{"SET a string", command("SET", "bench", text)},
			{"SET bytes", lending([]byte(text), "SET", "bench")},
			{"GET", command("GET", "bench")},
		} {
			request := of.call.Request
			b.Run(fmt.Sprintf("%s of %d KiB", of.name, size>>10), func(b *testing.B) {
				b.SetBytes(int64(size))
				b.ReportAllocs()
				for b.Loop() {
					call := conn.NewCall()
					call.Request, call.DB = request, conn.AnyDB
					if err := c.Do(context.Background(), call); err != nil {
						b.Fatal(err)
					}
					call.Free()
				}
			})
		}
	}
}
