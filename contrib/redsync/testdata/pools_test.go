// This file stands in for redsync's own file of the same purpose when its test suite runs over fairlead: its tests ask makeCases for pools.
package redsync

import (
	"context"
	"os"
	"testing"

	"github.com/fairlead-go/fairlead"
	adapter "github.com/fairlead-go/fairlead/contrib/redsync"
	"github.com/fairlead-go/fairlead/redistest"
	"github.com/go-redsync/redsync/v4/redis"
)

type testCase struct {
	poolCount int
	pools     []redis.Pool
}

var clients []*fairlead.Client

// makeCases returns pools over that many of the servers.
func makeCases(poolCount int) map[string]*testCase {
	c := &testCase{poolCount: poolCount}
	for _, client := range clients[:poolCount] {
		c.pools = append(c.pools, adapter.NewPool(client))
	}
	return map[string]*testCase{"fairlead": c}
}

// TestMain runs the tests with as many servers as they ask for at most.
func TestMain(m *testing.M) {
	var servers []*redistest.Server
	for range 8 {
		server, err := redistest.StartProcess(context.Background())
		if err != nil {
			panic(err)
		}
		client, err := fairlead.Open(server.URL())
		if err != nil {
			panic(err)
		}
		servers, clients = append(servers, server), append(clients, client)
	}
	code := m.Run()
	for i := range servers {
		_ = clients[i].Close()
		servers[i].Close()
	}
	os.Exit(code)
}
