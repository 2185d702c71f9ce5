package main

import (
	"cmp"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// A link is a plain connection to one server: a command goes out, its reply comes back.
type link struct {
	net.Conn
	scan *resp.Scanner
}

func dial(addr string) (*link, error) {
	network := "tcp"
	if strings.Contains(addr, "/") {
		network = "unix"
	}
	conn, err := net.DialTimeout(network, addr, 5*time.Second)
	if err != nil {
		return nil, err
	}
	l := &link{Conn: conn, scan: resp.NewScanner(resp.Limits{})}
	if _, err := l.ask("HELLO", "3"); err != nil {
		conn.Close()
		return nil, err
	}
	return l, nil
}

// ask sends a command and returns its reply as plain values.
func (l *link) ask(words ...string) (any, error) {
	if err := l.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return nil, err
	}
	if _, err := l.Write(resp.AppendCommand(nil, words...)); err != nil {
		return nil, err
	}
	for {
		r, ok, err := l.scan.Next()
		if err != nil {
			return nil, err
		}
		if ok {
			return plain(r)
		}
		n, err := l.Read(l.scan.Room())
		l.scan.Grew(n)
		if err != nil {
			if err == io.EOF {
				err = fmt.Errorf("%s closed the connection", l.RemoteAddr())
			}
			return nil, err
		}
	}
}

// plain turns a reply into string, int64, []any and map[string]any.
func plain(r resp.Reply) (any, error) {
	if err := r.Err(); err != nil {
		return nil, err
	}
	switch r.Kind() {
	case resp.Integer:
		return r.Int()
	case resp.Null:
		return nil, nil
	case resp.Map:
		m := make(map[string]any)
		for c := r.Elements(); ; {
			k, ok := c.Next()
			if !ok {
				return m, nil
			}
			v, _ := c.Next()
			value, err := plain(v)
			if err != nil {
				return nil, err
			}
			m[k.Text()] = value
		}
	case resp.Array, resp.Set:
		list := []any{}
		for c := r.Elements(); ; {
			e, ok := c.Next()
			if !ok {
				return list, nil
			}
			value, err := plain(e)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
	}
	return r.Str()
}

// product returns a server's product and version, and whether it is a sentinel: "redis 8.0.6", "redis 8.0.6 sentinel".
func (l *link) product() (string, error) {
	reply, err := l.ask("INFO", "server")
	if err != nil {
		return "", err
	}
	fields := make(map[string]string)
	text, _ := reply.(string)
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		fields[name] = value
	}
	suffix := ""
	if cmp.Or(fields["server_mode"], fields["redis_mode"]) == "sentinel" {
		suffix = sentinelSuffix
	}
	if v := fields["valkey_version"]; v != "" {
		return "valkey " + v + suffix, nil
	}
	if v := fields["redis_version"]; v != "" {
		return "redis " + v + suffix, nil
	}
	return "", fmt.Errorf("%s does not say its version in INFO", l.RemoteAddr())
}

const sentinelSuffix = " sentinel"

func isSentinel(server string) bool { return strings.HasSuffix(server, sentinelSuffix) }
