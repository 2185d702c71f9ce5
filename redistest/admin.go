package redistest

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"
)

// adminTimeout bounds one command of Do.
const adminTimeout = 10 * time.Second

// admin is the plain connection of Do. One connection is kept, so that there is always one when the clients under test
// have used up maxclients.
type admin struct {
	mu     sync.Mutex // guards what follows, and is held during a command: one at a time
	conn   net.Conn   // nil until needed
	reader *bufio.Reader
	id     string // conn's number at the server
}

// Do runs one command over a connection of its own and returns the reply as text: a string, a number or a status as it is,
// "(nil)" where nothing is, the elements of an array one per line. An error that the server replied is a ReplyError; other
// errors mean that no reply came, within ten seconds at most. Do is for looking at the server and setting it up, not for
// commands that change the state of a connection, such as MULTI or SUBSCRIBE.
func (s *Server) Do(args ...string) (string, error) {
	return s.do(adminTimeout, args...)
}

func (s *Server) do(timeout time.Duration, args ...string) (string, error) {
	if len(args) == 0 {
		return "", errors.New("Do needs the name of a command")
	}
	s.admin.mu.Lock()
	defer s.admin.mu.Unlock()
	if err := s.connectAdmin(timeout); err != nil {
		return "", err
	}
	return s.admin.roundTrip(timeout, args...)
}

// connectAdmin makes sure that there is a connection; s.admin.mu is held. A connection that was killed is replaced
// before a command is sent, so that no command is ever sent twice.
func (s *Server) connectAdmin(timeout time.Duration) error {
	a := &s.admin
	if a.conn != nil && stillOpen(a.conn) {
		return nil
	}
	a.drop()
	network, addr := "tcp", s.Addr()
	if hasUnixSockets {
		network, addr = "unix", s.SocketPath()
	}
	conn, err := net.DialTimeout(network, addr, timeout)
	if err != nil {
		return err
	}
	a.conn, a.reader = conn, bufio.NewReader(conn)
	if password := s.settings.defaultPassword(); password != "" {
		if _, err := a.roundTrip(timeout, "AUTH", password); err != nil {
			a.drop()
			return err
		}
	}
	if a.id, err = a.roundTrip(timeout, "CLIENT", "ID"); err != nil {
		a.drop()
	}
	return err
}

// roundTrip sends one command and reads its reply; a.mu is held.
func (a *admin) roundTrip(timeout time.Duration, args ...string) (string, error) {
	err := a.conn.SetDeadline(time.Now().Add(timeout))
	if err == nil {
		_, err = a.conn.Write(appendCommand(nil, args...))
	}
	var reply string
	if err == nil {
		reply, err = readReply(a.reader)
	}
	if _, replied := errors.AsType[ReplyError](err); err == nil || replied {
		return reply, err
	}
	a.drop() // a reply may still be under way, and would be taken for the next one
	return "", fmt.Errorf("no reply to %s: %w", args[0], err)
}

// hangUp closes the connection; the next command makes another one.
func (a *admin) hangUp() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.drop()
}

// drop is hangUp with a.mu held.
func (a *admin) drop() {
	if a.conn != nil {
		a.conn.Close()
		a.conn = nil
	}
}

// Clients returns what CLIENT LIST says about each connection to the server, as in "id", "addr", "name", "db" or "cmd",
// except the one of Do. Which fields there are depends on the server's version.
func (s *Server) Clients() ([]map[string]string, error) {
	list, err := s.Do("CLIENT", "LIST")
	if err != nil {
		return nil, err
	}
	s.admin.mu.Lock()
	own := s.admin.id
	s.admin.mu.Unlock()
	var clients []map[string]string
	for line := range strings.Lines(list) {
		if client := parseClient(line); client["id"] != own {
			clients = append(clients, client)
		}
	}
	return clients, nil
}

// parseClient reads a line of CLIENT LIST: "id=3 addr=127.0.0.1:1234 name= …". No value holds a space.
func parseClient(line string) map[string]string {
	client := map[string]string{}
	for _, field := range strings.Fields(line) {
		if name, value, found := strings.Cut(field, "="); found {
			client[name] = value
		}
	}
	return client
}

// FlushAll removes every key of every database.
func (s *Server) FlushAll() error {
	_, err := s.Do("FLUSHALL")
	return err
}
