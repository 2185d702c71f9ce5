package run

import (
	"context"
	"fmt"

	"github.com/fairlead-go/fairlead/bench/internal/dataset"
	"github.com/fairlead-go/fairlead/bench/internal/driver"
	"github.com/fairlead-go/fairlead/bench/internal/machine"
	"github.com/fairlead-go/fairlead/bench/internal/plan"
	"github.com/fairlead-go/fairlead/redistest"
)

// servers are the servers of the placements, started when they are first needed.
type servers struct {
	options *Options
	started map[string]*redistest.Server
}

func newServers(o *Options) *servers { return &servers{o, map[string]*redistest.Server{}} }

// cpus returns the CPUs of server and client in a place.
func (o *Options) cpus(place string) (server, client int, err error) {
	switch place {
	case plan.Free:
		return machine.AnyCPU, machine.AnyCPU, nil
	case plan.Same:
		return o.ClientCPU, o.ClientCPU, nil
	case plan.Split:
		if o.ServerCPU == o.ClientCPU {
			return 0, 0, fmt.Errorf("placement %s needs two CPUs, and both would be CPU %d", place, o.ClientCPU)
		}
		return o.ServerCPU, o.ClientCPU, nil
	}
	return 0, 0, fmt.Errorf("there is no placement %q: take split, same or free", place)
}

// at returns the server of a place, with all data in it.
func (s *servers) at(ctx context.Context, place string) (*redistest.Server, error) {
	if server := s.started[place]; server != nil {
		return server, nil
	}
	cpu, _, err := s.options.cpus(place)
	if err != nil {
		return nil, err
	}
	settings := []redistest.Option{redistest.Config("tcp-backlog 4096", "maxclients 10000")}
	if s.options.Server != "" {
		settings = append(settings, redistest.Binary(s.options.Server))
	}
	server, err := redistest.StartProcess(ctx, settings...)
	if err != nil {
		return nil, err
	}
	err = s.fill(server, place)
	if err == nil {
		err = machine.PinProcess(server.PID(), cpu)
	}
	if err != nil {
		server.Close()
		return nil, err
	}
	s.started[place] = server
	return server, nil
}

// fill puts the data into the server that the cells of a place read.
func (s *servers) fill(server *redistest.Server, place string) error {
	wide, huge := false, false
	for i := range s.options.Scenarios {
		for _, j := range jobs(s.options.Scenarios[i:i+1], 0) {
			if j.place == place {
				wide = wide || j.cell.Wide
				huge = huge || j.cell.Value >= 1<<20 || j.cell.Large > 0
			}
		}
	}
	conn, err := driver.Dial(s.config(server, false))
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := dataset.Seed(conn, wide, huge); err != nil {
		return fmt.Errorf("filling the server: %w", err)
	}
	return nil
}

// config is how a worker reaches the server.
func (s *servers) config(server *redistest.Server, unix bool) driver.Config {
	cfg := driver.Config{Network: "tcp", Addr: server.Addr(), Pool: s.options.Pool}
	if unix {
		cfg.Network, cfg.Addr = "unix", server.SocketPath()
	}
	return cfg
}

func (s *servers) pids() []int {
	list := make([]int, 0, len(s.started)+1)
	for _, server := range s.started {
		list = append(list, server.PID())
	}
	return list
}

func (s *servers) close() {
	for _, server := range s.started {
		server.Close()
	}
}
