package lock_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/lock"
	"github.com/fairlead-go/fairlead/redistest"
)

func Example() {
	server, err := redistest.StartProcess(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	c, err := fairlead.Open(server.URL())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()

	invoices, err := lock.New(c, "lock:invoices", lock.Options{TTL: 10 * time.Second})
	if err != nil {
		fmt.Println(err)
		return
	}
	lease, err := invoices.Acquire(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	work, stop := lease.Context(ctx) // for what is done under the lock
	defer stop()
	_, err = invoices.TryAcquire(ctx)
	fmt.Println("somebody else has it:", errors.Is(err, lock.ErrHeld))
	fmt.Println("work goes on:", work.Err() == nil, lease.Fence() > 0)

	fmt.Println(lease.Release(ctx))
	<-work.Done()
	fmt.Println(context.Cause(work))
	// Output:
	// somebody else has it: true
	// work goes on: true true
	// <nil>
	// lock "lock:invoices": the lock was released
}
