package fairlead_test

import (
	"testing"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/redistest"
)

// TestAskSentinelAndClusterNode: a client of a sentinel, or of one node of a cluster, runs their commands as any others.
func TestAskSentinelAndClusterNode(t *testing.T) {
	t.Parallel()
	for _, protocol := range []int{2, 3} {
		s := openTo(t, &fairlead.Options{Addr: redistest.Start(t, redistest.Sentinel()).Addr(), Protocol: protocol})
		is(t, "monitoring", s.SentinelMonitor(background, "m", "127.0.0.1", "1", 1), nil)
		addr, err := s.SentinelGetMasterAddrByName(background, "m")
		is(t, "no error", err, nil)
		is(t, "the primary's address", addr, redis.SentinelAddr{Host: "127.0.0.1", Port: 1})
		_, err = s.SentinelGetMasterAddrByName(background, "none")
		is(t, "no primary of that name", err, fairlead.Nil)

		c := openTo(t, &fairlead.Options{Addr: redistest.Start(t, redistest.ClusterMode()).Addr(), Protocol: protocol})
		is(t, "adding slots", c.ClusterAddSlotsRange(background, 0, redis.HashSlots-1), nil)
		nodes, err := c.ClusterNodes(background)
		is(t, "no error", err, nil)
		if len(nodes) != 1 || !nodes[0].Has("myself") || len(nodes[0].Slots) != 1 || nodes[0].Slots[0].End != redis.HashSlots-1 {
			t.Errorf("the node says %+v, want itself with all slots", nodes)
		}
	}
}
