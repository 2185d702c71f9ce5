package cacheaside_test

import (
	"context"
	"fmt"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/cacheaside"
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

	type User struct{ Name string }
	users, err := cacheaside.New(c, cacheaside.Options[User]{AbsentTTL: time.Minute})
	if err != nil {
		fmt.Println(err)
		return
	}
	load := func(context.Context) (User, error) {
		fmt.Println("loading")
		return User{"Ada"}, nil
	}
	for range 2 {
		u, err := users.Get(ctx, "user:1", time.Hour, load)
		fmt.Println(u.Name, err)
	}
	_, err = users.Get(ctx, "user:2", time.Hour, func(context.Context) (User, error) {
		return User{}, fairlead.Nil // as where the database has no such row
	})
	fmt.Println(err == fairlead.Nil)
	// Output:
	// loading
	// Ada <nil>
	// Ada <nil>
	// true
}
