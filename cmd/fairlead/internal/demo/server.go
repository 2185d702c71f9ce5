package demo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/fairlead-go/fairlead/redistest"
)

// A server is what the demonstration kills. It is its own: nobody else's data is in it, and it ends with the demonstration.
type server interface {
	addr() string
	url() string
	// kill ends the server, or at least every connection to it, without warning.
	kill()
	// restart starts it again at the same address with what it had acknowledged, and returns when it answers.
	restart() error
	// close ends it for good and removes what it wrote. It may be called again.
	close()
	// name says what server it is, kept how it was killed.
	name() string
	killing() string
}

// startServer starts the server that is asked for; note is told why it is another one.
func startServer(ctx context.Context, choice string, note func(format string, args ...any)) (server, error) {
	if choice == Embedded {
		return startEmbedded()
	}
	program := choice
	if program == "" {
		if program = findProgram(); program == "" {
			note("no redis-server or valkey-server on PATH: using the embedded server")
			return startEmbedded()
		}
	}
	s, err := startProcess(ctx, program)
	if err == nil || choice != "" || ctx.Err() != nil {
		return s, err
	}
	note("%s does not start, so the embedded server is used: %v", program, err)
	return startEmbedded()
}

// programVariable names a server program, for package redistest too; of several, separated as in PATH, the first counts.
const programVariable = "FAIRLEAD_REDIS_SERVER"

// findProgram returns the server program of this machine, or "".
func findProgram() string {
	for _, named := range filepath.SplitList(os.Getenv(programVariable)) {
		if named != "" {
			return named
		}
	}
	for _, name := range []string{"redis-server", "valkey-server"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// processServer is a real server in a process of its own. It writes every change to a file before it replies, so that what it
// acknowledged survives kill -9.
type processServer struct {
	*redistest.Server
	title string
}

func startProcess(ctx context.Context, program string) (server, error) {
	s, err := redistest.StartProcess(ctx, redistest.Binary(program), redistest.AppendOnly())
	if err != nil {
		return nil, err
	}
	title, err := serverTitle(ctx, s.Addr())
	if err != nil {
		s.Close()
		return nil, err
	}
	return &processServer{s, title}, nil
}

func (s *processServer) addr() string   { return s.Addr() }
func (s *processServer) url() string    { return s.URL() }
func (s *processServer) kill()          { s.Kill() }
func (s *processServer) restart() error { return s.Restart() }
func (s *processServer) close()         { s.Close() }
func (s *processServer) name() string   { return s.title }
func (s *processServer) killing() string {
	return fmt.Sprintf("kill -9 of %s, process %d", s.title, s.PID())
}

// serverTitle asks a server for its product and version.
func serverTitle(ctx context.Context, addr string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	look, err := dialPlain(ctx, addr)
	if err != nil {
		return "", err
	}
	defer look.close()
	info, err := look.text("INFO", "server")
	if err != nil {
		return "", err
	}
	for _, product := range []string{"valkey", "redis"} {
		if version := infoField(info, product+"_version"); version != "" {
			return product + "-server " + version, nil
		}
	}
	return "", errors.New("the server does not tell its version in INFO")
}
