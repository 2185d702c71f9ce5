package redsync_test

import (
	"context"
	"fmt"
	"time"

	"github.com/fairlead-go/fairlead"
	fairleadsync "github.com/fairlead-go/fairlead/contrib/redsync"
	"github.com/fairlead-go/fairlead/redistest"
	"github.com/go-redsync/redsync/v4"
)

func ExampleNewPool() {
	ctx := context.Background()
	server, err := redistest.StartProcess(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	c, err := fairlead.Open(server.URL())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	locks := redsync.New(fairleadsync.NewPool(c))
	mutex := locks.NewMutex("report", redsync.WithExpiry(10*time.Second))
	if err := mutex.LockContext(ctx); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("nobody else writes the report now")
	released, err := mutex.UnlockContext(ctx)
	fmt.Println("released:", released, err)
	// Output:
	// nobody else writes the report now
	// released: true <nil>
}
