package fairlead

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// ParseURL returns the options that a URL names. It opens no connection, and reads no file but the certificates that the
// URL names. Whatever the URL does not say keeps its zero value, which is the default that [Options] tells.
//
//	redis://[[user]:password@][host][:port][/db][?option=value&…]
//	rediss://…                                                      the same over TLS 1.2 or later
//	unix://[[user]:password@]/path/of/the/socket[?option=value&…]
//
// valkey:// and valkeys:// are other words for redis:// and rediss://. The host is localhost and the port 6379 unless
// named; an IPv6 address stands in brackets. User, password, host, path and options are percent-decoded exactly once; in an
// option + is a space. Options have redis-py's names or go-redis's, the first of each line being what [Options.String] writes:
//
//	db                                         DB; beats the database in the path
//	username, password                         Username, Password, unless they stand before the host
//	client_name, protocol                      ClientName, Protocol
//	max_connections, pool_size, max_active_conns          MaxConnections, 1 to 65535
//	min_idle, min_idle_conns                   MinIdle
//	mode, shared_conns                         Mode (shared or exclusive), SharedConns
//	socket_connect_timeout, dial_timeout       DialTimeout
//	socket_timeout, read_timeout, write_timeout           Timeout; the last two together only if they are equal
//	pool_timeout, timeout                      PoolTimeout; 0 is FailAtOnce
//	idle_timeout, conn_max_idle_time           IdleTimeout; 0 is never
//	max_lifetime, conn_max_lifetime, max_conn_age         MaxLifetime; 0 is never
//	socket_keepalive                           false switches KeepAlive off
//	socket_keepalive_options                   KeepAlive as idle:interval:count, 15:5:3
//	health_check_interval                      KeepAlive.Idle, unless socket_keepalive_options is given; 0 changes nothing
//	user_timeout                               UserTimeout
//	retry_on_timeout, max_retries              Retry.OnTimeout, Retry.MaxRetries (0 is never)
//	min_backoff, min_retry_backoff             Retry.MinBackoff
//	max_backoff, max_retry_backoff             Retry.MaxBackoff
//	ssl_cert_reqs                              none: the server's certificate is not verified; required or optional: it is
//	skip_verify                                true is ssl_cert_reqs=none
//	ssl_check_hostname                         false: the certificate may be for another host
//	ssl_ca_certs, ssl_ca_data                  a file with the trusted certificates, or they themselves (PEM), instead of the system's
//	ssl_certfile, ssl_keyfile                  files with this client's certificate and its key (PEM, not encrypted)
//	ssl_min_version                            TLSv1.2 or TLSv1.3
//
// A time is a Go duration (250ms, 1m30s) or a number of seconds (0.25); none, forever, never or -1 is no bound. What is on or off is
// 1, t, true, y, yes, on or 0, f, false, n, no, off in any case; an empty value is the default.
//
// health_check_interval is named after PINGs that redis-py sends before a command. Fairlead sends none: a connection that
// nothing moves over is probed by the kernel, so the interval becomes the time before the first probe.
//
// An unknown or repeated option, a bad value and options that contradict each other are errors, which say what to write
// instead. No error ever contains a password, nor what may be the rest of one that was not percent-encoded.
func ParseURL(url string) (*Options, error) {
	u, err := splitURL(url)
	if err != nil {
		return nil, err
	}
	d := draft{caution: u.caution, tls: u.tls, given: make(map[*setting]string)}
	if err := d.readAddress(u); err != nil {
		return nil, err
	}
	if err := d.readLogin(u.login); err != nil {
		return nil, err
	}
	if err := d.readQuery(u.query); err != nil {
		return nil, err
	}
	if err := d.finish(); err != nil {
		return nil, err
	}
	if err := d.options.check(); err != nil {
		return nil, err
	}
	return &d.options, nil
}

// readAddress takes Network, Addr and DB from the URL.
func (d *draft) readAddress(u urlParts) error {
	if u.unix {
		return d.readSocketPath(u)
	}
	host, port, err := readHost(u.host, d.caution)
	if err != nil {
		return err
	}
	d.options.Network, d.options.Addr = "tcp", net.JoinHostPort(host, port)
	d.host = host
	if u.path == "" || u.path == "/" {
		return nil
	}
	db, err := url.PathUnescape(u.path[1:])
	if err == nil {
		err = d.setDB(db)
	}
	if err != nil {
		return urlError("the path" + d.quote(u.path, " ") + " is no database: write the database's number alone, as in /0" + d.caution)
	}
	return nil
}

// setDB sets the database from its decimal digits.
func (d *draft) setDB(digits string) error {
	db, err := parseCount(digits)
	if err != nil || db > highestDB {
		return errNotNumber
	}
	d.options.DB = db
	return nil
}

// readSocketPath takes Network and Addr from a unix:// URL.
func (d *draft) readSocketPath(u urlParts) error {
	if u.host != "" || len(u.path) < 2 {
		return urlError("unix:// needs the absolute path of a socket: write unix:///run/redis.sock, with three slashes, or unix://user:password@/run/redis.sock" + d.caution)
	}
	path, err := url.PathUnescape(u.path)
	if err != nil {
		return urlError("the path has " + badPercent + d.caution)
	}
	d.options.Network, d.options.Addr = "unix", path
	return nil
}

// readHost splits and decodes host and port. An error quotes neither, since both may be a password without its host.
func readHost(text, caution string) (host, port string, err error) {
	host, port, ipv6 := text, "", strings.HasPrefix(text, "[")
	if ipv6 {
		end := strings.IndexByte(text, ']')
		if end < 0 || end+1 < len(text) && text[end+1] != ':' {
			return "", "", urlError("the brackets around the host are not in order: write [::1] or [::1]:6379" + caution)
		}
		host, port = text[1:end], strings.TrimPrefix(text[end+1:], ":")
	} else if host, port, _ = strings.Cut(text, ":"); strings.Contains(port, ":") {
		return "", "", urlError("the host has more than one colon: an IPv6 address is written in brackets, as in [::1]:6379" + caution)
	}
	if host, err = url.PathUnescape(host); err != nil {
		return "", "", urlError("the host has " + badPercent + caution)
	}
	if address, err := netip.ParseAddr(host); ipv6 && (err != nil || !address.Is6()) {
		return "", "", urlError("the brackets contain no IPv6 address: write [::1], or a host name without brackets" + caution)
	}
	if !ipv6 && strings.ContainsAny(host, ":[]") {
		return "", "", urlError("the host has a colon or bracket in it: an IPv6 address is written in brackets, as in [::1]:6379" + caution)
	}
	if port != "" && !isPort(port) {
		return "", "", urlError("what follows the host's colon is no port: write a number from 1 to 65535" + caution)
	}
	if host == "" {
		host = defaultHost
	}
	if port == "" {
		port = defaultPort
	}
	return host, port, nil
}

func isPort(text string) bool {
	port, err := parseCount(text)
	return err == nil && port >= 1 && port <= highestPort
}

// splitAddr splits "host:port", where the host may be empty. The error is a sentence about Options.Addr.
func splitAddr(addr string) (host, port string, err error) {
	host, port, err = net.SplitHostPort(addr)
	switch {
	case err == nil && !isPort(port):
		return "", "", errors.New("Options.Addr ends in no port: write a number from 1 to 65535 after the colon")
	case err == nil:
		return host, port, nil
	case strings.ContainsAny(addr, ":[]"):
		return "", "", errors.New("Options.Addr is not host:port: an IPv6 address is written in brackets, as in [::1]:6379")
	}
	return "", "", fmt.Errorf("Options.Addr has no port: write %q", addr+":"+defaultPort)
}

// joinAddr is the reverse of splitAddr.
func joinAddr(host, port string) string { return net.JoinHostPort(host, port) }
