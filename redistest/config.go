package redistest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// writeConfig writes the configuration file of s for the ports chosen last.
func (s *Server) writeConfig() error {
	lines := []string{
		"bind 127.0.0.1",
		fmt.Sprintf("port %d", s.port),
		"dir " + quote(s.dir),
		"daemonize no",
		`logfile ""`,
		`save ""`,
	}
	if hasUnixSockets {
		lines = append(lines, "unixsocket "+quote(s.SocketPath()), "unixsocketperm 700")
	}
	lines = append(lines, s.settings.lineByLine()...)
	if s.settings.tls {
		lines = append(lines, s.tlsLines()...)
	}
	lines = append(lines, s.settings.lines...)
	return os.WriteFile(s.configPath(), []byte(strings.Join(lines, "\n")+"\n"), 0o600)
}

func (s *Server) configPath() string { return filepath.Join(s.dir, "server.conf") }

// lineByLine is the part of the configuration file that the options choose.
func (s *settings) lineByLine() []string {
	var lines []string
	if s.appendOnly {
		lines = append(lines, "appendonly yes", "appendfsync always")
	}
	if s.cluster {
		lines = append(lines, "cluster-enabled yes")
	}
	if s.databases > 0 {
		lines = append(lines, fmt.Sprintf("databases %d", s.databases))
	}
	if s.maxClients > 0 {
		lines = append(lines, fmt.Sprintf("maxclients %d", s.maxClients+1))
	}
	for _, u := range s.users {
		lines = append(lines, u.aclLine())
	}
	if s.password != "" {
		lines = append(lines, "requirepass "+quote(s.password))
	}
	return lines
}

func (s *Server) tlsLines() []string {
	auth := "optional"
	if s.settings.clientCerts {
		auth = "yes"
	}
	return []string{
		fmt.Sprintf("tls-port %d", s.tlsPort),
		"tls-ca-cert-file " + quote(s.certs.authorityFile),
		"tls-cert-file " + quote(s.certs.certFile),
		"tls-key-file " + quote(s.certs.keyFile),
		"tls-auth-clients " + auth,
	}
}

// quote writes text as one argument of a configuration line.
func quote(text string) string {
	quoted := []byte{'"'}
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			quoted = append(quoted, '\\', c)
		case c < ' ' || c > '~':
			quoted = fmt.Appendf(quoted, `\x%02x`, c)
		default:
			quoted = append(quoted, c)
		}
	}
	return string(append(quoted, '"'))
}
