package limit_test

import (
	"context"
	"fmt"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/limit"
	"github.com/fairlead-go/fairlead/redistest"
)

func Example() {
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

	sends, err := limit.New(c, limit.Rate{Count: 10, Per: time.Hour, Burst: 2}) // one each six minutes, two at once
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 3 {
		r, err := sends.Allow(ctx, "limit:send:ada")
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(r.Allowed, r.Remaining, r.RetryAfter.Round(time.Minute))
	}
	// Output:
	// true 1 0s
	// true 0 0s
	// false 0 6m0s
}
