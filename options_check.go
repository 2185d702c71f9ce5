package fairlead

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
)

// The limits of what options may say.
const (
	highestPort        = math.MaxUint16
	highestConnections = math.MaxUint16 // one address has no more ports to connect to one server from
	highestDB          = math.MaxInt32  // Redis counts databases in 32 bits

	longestProbe       = 32767 * time.Second              // Linux's limit for TCP_KEEPIDLE and TCP_KEEPINTVL
	mostProbes         = 127                              // Linux's limit for TCP_KEEPCNT
	longestUserTimeout = math.MaxInt32 * time.Millisecond // Linux takes TCP_USER_TIMEOUT as an int of milliseconds
	longestSocketPath  = 107                              // sockaddr_un has 108 bytes, one of them for the end
)

// check returns a sentence about the first option that cannot work, and what to do about it. It contains no password,
// also where one stands in the wrong field.
func (o *Options) check() error {
	if o == nil {
		return errors.New("fairlead: Options is nil: write &fairlead.Options{} for the defaults")
	}
	for _, rule := range []func(o *Options) error{
		checkAddress, checkTLS, checkLogin, checkHandshake, checkTimes, checkKeepAlive, checkConnections, checkRetry,
	} {
		if err := rule(o); err != nil {
			return fmt.Errorf("fairlead: %w", err)
		}
	}
	return nil
}

func checkAddress(o *Options) error {
	switch network := o.network(); {
	case network != "tcp" && network != "unix":
		return fmt.Errorf(`Options.Network is %q: write "tcp", "unix" or nothing`, network)
	case looksLikeURL(o):
		return errors.New("Options.Addr has the look of a URL: hand a URL to Open or ParseURL, or write host:port alone")
	case strings.ContainsFunc(o.Addr, isControl):
		return errors.New("Options.Addr contains a control character: take it away (often it is a line break at the end)")
	case o.Dialer != nil:
		return nil // it may understand any address
	case network == "unix" && o.Addr == "":
		return errors.New("Options.Addr is empty: write the path of the unix socket")
	case network == "unix" && len(o.Addr) > longestSocketPath:
		return fmt.Errorf("Options.Addr is a path of %d bytes: a unix socket's has %d at most", len(o.Addr), longestSocketPath)
	case network == "unix" || o.Addr == "":
		return nil
	}
	_, _, err := splitAddr(o.Addr)
	return err
}

// network is Network with its default.
func (o *Options) network() string {
	if o.Network == "" && strings.HasPrefix(o.Addr, "/") {
		return "unix"
	}
	return cmp.Or(o.Network, "tcp")
}

// looksLikeURL reports whether Addr is a URL, or has a user and perhaps a password before its host.
func looksLikeURL(o *Options) bool {
	return strings.Contains(o.Addr, "://") || o.network() != "unix" && strings.Contains(o.Addr, "@")
}

func checkTLS(o *Options) error {
	switch {
	case o.TLS == nil:
		return nil
	case o.network() == "unix":
		return errors.New("Options.TLS is set for a unix socket, which no network carries: set TLS to nil")
	case o.TLS.InsecureSkipVerify || o.TLS.ServerName != "":
		return nil
	}
	if _, _, err := splitAddr(o.Addr); o.Addr != "" && err != nil {
		return errors.New("Options.TLS has no ServerName and Addr is not host:port: set TLS.ServerName to the name in the server's certificate")
	}
	return nil
}

func checkLogin(o *Options) error {
	if o.Credentials != nil && (o.Username != "" || o.Password != "") {
		return errors.New("Options.Credentials is set, and so is Username or Password: keep one way of logging in")
	}
	return nil
}

func checkHandshake(o *Options) error {
	switch {
	case o.DB < 0 || o.DB > highestDB:
		return fmt.Errorf("Options.DB is %d: write a number from 0 to the server's setting databases less 1", o.DB)
	case o.Protocol != 0 && o.Protocol != 2 && o.Protocol != 3:
		return fmt.Errorf("Options.Protocol is %d: write 2, 3, or 0 for the highest that the server speaks", o.Protocol)
	case strings.ContainsFunc(o.ClientName, func(r rune) bool { return !isNameRune(r) }):
		return errors.New("Options.ClientName contains a space or a character that is not visible ASCII, which Redis refuses: write - instead")
	}
	return nil
}

// checkTimes finds numbers that were meant as seconds but lack their unit.
func checkTimes(o *Options) error {
	times := []struct {
		name  string
		value time.Duration
		least time.Duration
	}{
		{"Options.DialTimeout", o.DialTimeout, time.Microsecond},
		{"Options.Timeout", o.Timeout, time.Microsecond},
		{"Options.UserTimeout", o.UserTimeout, time.Millisecond}, // the kernel counts milliseconds, and 0 means its own default
		{"Options.PoolTimeout", o.PoolTimeout, time.Microsecond},
		{"Options.IdleTimeout", o.IdleTimeout, time.Microsecond},
		{"Options.MaxLifetime", o.MaxLifetime, time.Microsecond},
	}
	for _, t := range times {
		atOnce := t.name == "Options.PoolTimeout" && t.value == FailAtOnce
		if t.value > 0 && t.value < t.least && !atOnce {
			return fmt.Errorf("%s is %v, too short for anything to happen in: write a unit, as in 5*time.Second", t.name, t.value)
		}
	}
	switch {
	case o.UserTimeout > longestUserTimeout:
		return fmt.Errorf("Options.UserTimeout is %v: write at most %v, or -1 to leave it to the kernel", o.UserTimeout, longestUserTimeout)
	case o.MaxLifetime < 0:
		return fmt.Errorf("Options.MaxLifetime is %v: write 0 for connections that live as long as they work", o.MaxLifetime)
	}
	return nil
}

func checkKeepAlive(o *Options) error {
	probes := &o.KeepAlive
	switch {
	case probes.Idle < 0:
		return nil // switched off
	case probes.Idle > longestProbe:
		return fmt.Errorf("Options.KeepAlive.Idle is %v: write at most %v, or -1 to switch keepalive off", probes.Idle, longestProbe)
	case probes.Interval < 0 || probes.Interval > longestProbe:
		return fmt.Errorf("Options.KeepAlive.Interval is %v: write at most %v, or 0 for the default", probes.Interval, longestProbe)
	case probes.Count < 0 || probes.Count > mostProbes:
		return fmt.Errorf("Options.KeepAlive.Count is %d: write at most %d, or 0 for the default", probes.Count, mostProbes)
	}
	return nil
}

func checkConnections(o *Options) error {
	most := o.withDefaults().MaxConnections
	switch {
	case o.Mode != Shared && o.Mode != Exclusive:
		return fmt.Errorf("Options.Mode is %v: write fairlead.Shared or fairlead.Exclusive", o.Mode)
	case most < 1 || most > highestConnections:
		return fmt.Errorf("Options.MaxConnections is %d: write a number from 1 to %d, or 0 for the default", most, highestConnections)
	case o.MinIdle < 0 || o.MinIdle > most:
		return fmt.Errorf("Options.MinIdle is %d: write a number from 0 to MaxConnections, which is %d", o.MinIdle, most)
	case o.SharedConns < 0 || o.SharedConns > most:
		return fmt.Errorf("Options.SharedConns is %d: write a number from 1 to MaxConnections, which is %d, or 0 for the default", o.SharedConns, most)
	}
	return nil
}

func checkRetry(o *Options) error {
	full := o.withDefaults()
	least, most := full.Retry.MinBackoff, full.Retry.MaxBackoff
	switch {
	case least < 0 || most < 0:
		return fmt.Errorf("Options.Retry has a negative backoff (MinBackoff %v, MaxBackoff %v): write times above 0, or 0 for the default", least, most)
	case least > most:
		return fmt.Errorf("Options.Retry.MinBackoff is %v, above MaxBackoff, which is %v: raise MaxBackoff or lower MinBackoff", least, most)
	}
	return nil
}
