package redistest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Server is a real Redis or Valkey server in a process of its own, with a temporary folder, a port on 127.0.0.1 and a UNIX
// socket. It keeps no data over a restart unless it was started with AppendOnly. Its methods may be called by any goroutine.
type Server struct {
	settings      settings
	binary, dir   string
	certs         *certificates // nil without TLS
	port, tlsPort int           // set before StartProcess returns
	admin         admin

	mu   sync.Mutex // guards proc, and is held while one process follows another
	proc *process   // the process that runs, or the last one that did
}

// Start starts a server for one test and ends it with the test. If that fails, the test fails with the end of the server's
// log.
func Start(t testing.TB, opts ...Option) *Server {
	t.Helper()
	s, err := StartProcess(context.Background(), opts...)
	if err != nil {
		t.Fatalf("redistest: %v", err)
	}
	t.Cleanup(s.Close)
	return s
}

// errPortTaken means that another process was faster.
var errPortTaken = errors.New("the port was taken by another process")

// serverAttempts is how often a server is started on another port before that is given up.
const serverAttempts = 10

// StartProcess is Start for programs that are not tests. It returns when the server answers; ctx bounds only the wait for
// that. The caller ends the server with Close.
func StartProcess(ctx context.Context, opts ...Option) (*Server, error) {
	s := &Server{settings: newSettings(opts)}
	var err error
	if s.binary, err = findBinary(s.settings.binary); err != nil {
		return nil, err
	}
	if s.dir, err = os.MkdirTemp("", "redistest-"); err != nil {
		return nil, err
	}
	if err = s.startAnywhere(ctx); err != nil {
		os.RemoveAll(s.dir)
		return nil, err
	}
	return s, nil
}

// startAnywhere starts the server on ports that are free.
func (s *Server) startAnywhere(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.settings.tls {
		var err error
		if s.certs, err = makeCertificates(s.dir); err != nil {
			return err
		}
	}
	var err error
	for range serverAttempts {
		if err = s.choosePorts(); err != nil {
			return err
		}
		if err = s.writeConfig(); err != nil {
			return err
		}
		if err = s.launch(ctx); !errors.Is(err, errPortTaken) {
			return err
		}
	}
	return err
}

func (s *Server) choosePorts() (err error) {
	if s.port, err = freePort(); err != nil || !s.settings.tls {
		return err
	}
	s.tlsPort, err = freePort()
	return err
}

// Addr is the host and port of the plain TCP listener.
func (s *Server) Addr() string { return loopback(s.port) }

// TLSAddr is the host and port of the TLS listener, "" if the server was started without TLS.
func (s *Server) TLSAddr() string {
	if s.certs == nil {
		return ""
	}
	return loopback(s.tlsPort)
}

// SocketPath is the path of the UNIX socket.
func (s *Server) SocketPath() string { return filepath.Join(s.dir, "server.sock") }

// URL is the redis:// URL of Addr, database 0, with the default user's password if there is one.
func (s *Server) URL() string {
	u := url.URL{Scheme: "redis", Host: s.Addr(), Path: "/0"}
	if password := s.settings.defaultPassword(); password != "" {
		u.User = url.UserPassword("", password)
	}
	return u.String()
}

// PID is the process id of the server, of the last run if it is down.
func (s *Server) PID() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.proc.pid()
}

// Log returns the last lines of what the server wrote since it was first started.
func (s *Server) Log() string { return logTail(s.logPath(), 0) }

func (s *Server) logPath() string { return filepath.Join(s.dir, "server.log") }

// Close ends the server for good and removes its folder. It may be called again.
func (s *Server) Close() {
	s.Kill()
	if err := os.RemoveAll(s.dir); err != nil {
		fmt.Fprintf(os.Stderr, "redistest: a temporary folder stays behind: %v\n", err)
	}
}
