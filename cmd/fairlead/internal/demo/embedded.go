package demo

import (
	"context"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// embeddedServer is a server inside this process. Killing it ends every connection and stops listening; its data stays.
type embeddedServer struct {
	*miniredis.Miniredis
	address string // kept, because it can be asked for only while the server listens
}

func startEmbedded() (server, error) {
	s, err := miniredis.Run()
	if err != nil {
		return nil, err
	}
	return embeddedServer{s, s.Addr()}, nil
}

// closePatience is how long the embedded server may take to see its connections off. A connection that it accepts in the very
// moment of closing keeps it waiting.
const closePatience = 2 * time.Second

func (s embeddedServer) kill() {
	closed := make(chan struct{})
	go func() { // ends with the last connection
		s.Close()
		close(closed)
	}()
	select {
	case <-closed:
	case <-time.After(closePatience):
	}
}

// restart listens again. Closing has ended the context that blocking commands wait in, and nothing else renews it: they would
// never be answered.
func (s embeddedServer) restart() error {
	s.Ctx, s.CtxCancel = context.WithCancel(context.Background())
	return s.Restart()
}

func (s embeddedServer) addr() string    { return s.address }
func (s embeddedServer) url() string     { return "redis://" + s.address }
func (s embeddedServer) close()          { s.kill() }
func (s embeddedServer) name() string    { return "miniredis, embedded" }
func (s embeddedServer) killing() string { return "all connections of the embedded server cut" }
