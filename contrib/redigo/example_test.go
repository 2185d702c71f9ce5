package redigo_test

import (
	"context"
	"fmt"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/contrib/redigo"
	"github.com/fairlead-go/fairlead/redistest"
	"github.com/gomodule/redigo/redis"
)

func ExampleNewPool() {
	server, err := redistest.StartProcess(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	c, err := fairlead.Open(server.URL() + "?protocol=2")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	pool, err := redigo.NewPool(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close()

	conn := pool.Get()
	defer conn.Close()
	if _, err := conn.Do("HSET", "user:1", "name", "Ada", "born", 1815); err != nil {
		fmt.Println(err)
		return
	}
	user, err := redis.StringMap(conn.Do("HGETALL", "user:1"))
	fmt.Println(user["name"], user["born"], err)
	// Output: Ada 1815 <nil>
}
