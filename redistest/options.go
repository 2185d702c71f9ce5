package redistest

import "strings"

// Option changes how a server is started: see Start, StartProcess and Main.
type Option func(*settings)

// settings is what the options of one server add up to.
type settings struct {
	binary      string
	password    string
	users       []user
	databases   int
	maxClients  int
	appendOnly  bool
	tls         bool
	clientCerts bool
	cluster     bool
	sentinel    bool
	lines       []string
}

// user is one ACL user of the configuration file.
type user struct {
	name, password string
	rules          []string
}

// Binary starts the given program instead of the one found by the rules of the package comment. A name without a slash is
// looked up on PATH.
func Binary(path string) Option {
	return func(s *settings) { s.binary = path }
}

// Password is what clients must send to authenticate as the default user (the server's requirepass).
func Password(password string) Option {
	return func(s *settings) { s.password = password }
}

// User adds an ACL user who logs in with password. Rules are those of ACL SETUSER, such as "~cache:*" and "+@read"; without
// any the user may do everything. The administering connection of Do logs in as the default user, which must stay usable.
func User(name, password string, rules ...string) Option {
	return func(s *settings) { s.users = append(s.users, user{name, password, rules}) }
}

// Databases is how many databases SELECT can reach. The server's own default is 16.
func Databases(n int) Option {
	return func(s *settings) { s.databases = n }
}

// MaxClients bounds the connections under test to n. The connection of Do comes on top, so CONFIG GET maxclients says n+1.
func MaxClients(n int) Option {
	return func(s *settings) { s.maxClients = n }
}

// AppendOnly makes the server write every change to its append-only file before it replies (appendfsync always), so that
// whatever was acknowledged is there again after Kill and Restart. Without it a server starts empty each time.
func AppendOnly() Option {
	return func(s *settings) { s.appendOnly = true }
}

// TLS opens a second port, TLSAddr, on which the server speaks TLS with a certificate of its own authority for localhost,
// 127.0.0.1 and ::1. A client certificate is checked if the client shows one. See Server.TLSConfig.
func TLS() Option {
	return func(s *settings) { s.tls = true }
}

// RequireClientCert is TLS, but a client without a certificate of the server's authority is refused.
func RequireClientCert() Option {
	return func(s *settings) { s.tls, s.clientCerts = true, true }
}

// ClusterMode makes the server a node of a cluster, which knows no other node and has no slots at first. The cluster's bus is on
// the port of Addr plus 10000.
func ClusterMode() Option {
	return func(s *settings) { s.cluster = true }
}

// Sentinel starts the program as a sentinel, which watches nothing at first and holds no keys.
func Sentinel() Option {
	return func(s *settings) { s.sentinel = true }
}

// Config adds lines to the configuration file, after all others, such as "maxmemory 1mb". A line that the server does not
// know makes it refuse to start.
func Config(lines ...string) Option {
	return func(s *settings) { s.lines = append(s.lines, lines...) }
}

func newSettings(opts []Option) settings {
	var s settings
	for _, opt := range opts {
		opt(&s)
	}
	return s
}

// arguments are what the program gets after its configuration file.
func (s *settings) arguments() []string {
	if s.sentinel {
		return []string{"--sentinel"}
	}
	return nil
}

// defaultPassword is what Do logs in with, "" if the default user needs none.
func (s *settings) defaultPassword() string {
	for _, u := range s.users {
		if u.name == "default" {
			return u.password
		}
	}
	return s.password
}

// aclLine is the line of the configuration file that makes u.
func (u user) aclLine() string {
	rules := strings.Join(u.rules, " ")
	if rules == "" {
		rules = "~* &* +@all"
	}
	return "user " + u.name + " on " + quote(">"+u.password) + " " + rules
}
