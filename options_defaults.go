package fairlead

import (
	"cmp"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	defaultHost = "localhost"
	defaultPort = "6379"
)

// withDefaults returns a copy in which every field has the value that its comment tells for zero. Times without a bound
// are noBound. Protocol stays 0, which asks for 3 but takes 2; Limits are filled in by package resp.
func (o *Options) withDefaults() Options {
	full := *o
	full.fillAddress()
	if full.ClientName == "" {
		full.ClientName = processName()
	}
	full.DialTimeout = bound(o.DialTimeout, 5*time.Second)
	full.Timeout = bound(o.Timeout, 5*time.Second)
	full.UserTimeout = bound(o.UserTimeout, 10*time.Second)
	full.PoolTimeout = bound(o.PoolTimeout, DefaultPoolTimeout)
	full.IdleTimeout = bound(o.IdleTimeout, 5*time.Minute)
	full.fillKeepAlive()
	full.MaxConnections = cmp.Or(o.MaxConnections, 64)
	full.SharedConns = cmp.Or(o.SharedConns, min(4, full.MaxConnections))
	full.Retry.MaxRetries = max(cmp.Or(o.Retry.MaxRetries, 3), -1)
	full.Retry.MinBackoff = cmp.Or(o.Retry.MinBackoff, 8*time.Millisecond)
	full.Retry.MaxBackoff = cmp.Or(o.Retry.MaxBackoff, 512*time.Millisecond)
	return full
}

// fillAddress settles Network, Addr, and the name that the server's certificate must bear.
func (o *Options) fillAddress() {
	o.Network = o.network()
	if o.Network != "tcp" {
		return
	}
	host, port, err := splitAddr(cmp.Or(o.Addr, ":"+defaultPort))
	if err != nil {
		return // an address that only Options.Dialer understands
	}
	host = cmp.Or(host, defaultHost)
	o.Addr = joinAddr(host, port)
	if o.TLS != nil && o.TLS.ServerName == "" {
		o.TLS = o.TLS.Clone()
		o.TLS.ServerName = serverName(host)
	}
}

// fillKeepAlive: a negative Idle switches keepalive off, and what else is said of it has no meaning then.
func (o *Options) fillKeepAlive() {
	probes := &o.KeepAlive
	if probes.Idle < 0 {
		probes.Enable, probes.Idle, probes.Interval, probes.Count = false, noBound, noBound, -1
		return
	}
	probes.Enable = true
	probes.Idle = cmp.Or(probes.Idle, 15*time.Second)
	probes.Interval = cmp.Or(probes.Interval, 5*time.Second)
	probes.Count = cmp.Or(probes.Count, 3)
}

// bound is the value of a time that bounds something: otherwise if it is 0, noBound if it is negative.
func bound(value, otherwise time.Duration) time.Duration {
	return max(cmp.Or(value, otherwise), noBound)
}

// processName is what CLIENT LIST shows for this process: program@host#pid, in the characters that Redis takes.
func processName() string {
	host, err := os.Hostname()
	if err != nil {
		host = defaultHost
	}
	return visible(filepath.Base(os.Args[0]) + "@" + host + "#" + strconv.Itoa(os.Getpid()))
}

// visible puts a hyphen in the place of every character that Redis does not take in a connection's name.
func visible(name string) string {
	return strings.Map(func(r rune) rune {
		if isNameRune(r) {
			return r
		}
		return '-'
	}, name)
}

// isNameRune reports whether Redis takes the character in a connection's name: visible ASCII, no space.
func isNameRune(r rune) bool { return '!' <= r && r <= '~' }
