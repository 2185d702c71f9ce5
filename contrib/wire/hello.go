package wire

import (
	"context"
	"crypto/subtle"
	"fmt"
	"strconv"
	"strings"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// meet returns a connection of the pool, for what the server said about itself, and notes which protocol that was in. The error is the
// server's, or why there is no connection.
func (s *session) meet(ctx context.Context) (fairlead.ConnInfo, error) {
	if info, ok := s.acquainted(); ok {
		return info, nil
	}
	if _, err := fairlead.Do(ctx, s.client, redis.New[resp.Reply]("PING")); err != nil {
		if _, refused := serverError(err); !refused {
			return fairlead.ConnInfo{}, err
		}
	}
	info, ok := s.acquainted()
	if !ok { // it was closed again in this moment
		s.spoken = max(2, s.client.Pool().Options().Protocol)
	}
	return info, nil
}

func (s *session) acquainted() (fairlead.ConnInfo, bool) {
	for _, info := range s.client.Pool().Conns() {
		if info.Server.Protocol != 0 {
			s.spoken = info.Server.Protocol
			return info, true
		}
	}
	return fairlead.ConnInfo{}, false
}

// hello answers HELLO [version [AUTH user password] [SETNAME name]].
func (s *session) hello(ctx context.Context, c *command, out []byte) ([]byte, error) {
	if s.inMulti() {
		return s.refuse(out, "ERR HELLO is not carried between MULTI and EXEC"), nil
	}
	asked, name := s.protocol, s.name
	if len(c.words) > 1 {
		var err error
		if asked, err = strconv.Atoi(c.words[1]); err != nil {
			return appendError(out, "ERR Protocol version is not an integer or out of range"), nil
		}
	}
	if asked != 2 && asked != 3 {
		return appendError(out, "NOPROTO unsupported protocol version"), nil
	}
	for rest := c.words[min(2, len(c.words)):]; len(rest) > 0; {
		switch option := strings.ToUpper(rest[0]); {
		case option == "AUTH" && len(rest) > 2:
			if !s.knows(ctx, rest[1], rest[2]) {
				return appendError(out, notTheLogin), nil
			}
			rest = rest[3:]
		case option == "SETNAME" && len(rest) > 1:
			if !isName(rest[1]) {
				return appendError(out, badName), nil
			}
			name, rest = rest[1], rest[2:]
		default:
			return appendError(out, fmt.Sprintf("ERR Syntax error in HELLO option '%s'", rest[0])), nil
		}
	}
	info, err := s.meet(ctx)
	if err != nil {
		return out, err
	}
	if asked != s.spoken {
		return appendError(out, s.otherProtocol(asked)), nil
	}
	s.protocol, s.name = asked, name
	return s.appendGreeting(out, info), nil
}

// appendGreeting appends HELLO's reply.
func (s *session) appendGreeting(out []byte, info fairlead.ConnInfo) []byte {
	text := func(t string) resp.Value { return resp.Value{Kind: resp.BulkString, Str: t} }
	number := func(n int64) resp.Value { return resp.Value{Kind: resp.Integer, Int: n} }
	or := func(t, unknown string) string {
		if t == "" {
			return unknown
		}
		return t
	}
	v := resp.Value{Kind: resp.Map, Elems: []resp.Value{
		text("server"), text(or(info.Server.Name, "redis")),
		text("version"), text(or(info.Server.Version, "0.0.0")), // RESP2 tells none
		text("proto"), number(int64(s.protocol)),
		text("id"), number(info.Server.ClientID),
		text("mode"), text(or(info.Server.Mode, "standalone")),
		text("role"), text(or(info.Server.Role, "master")),
		text("modules"), {Kind: resp.Array},
	}}
	if s.protocol == 2 {
		v.Kind = resp.Array
	}
	return resp.AppendReply(out, v)
}

// otherProtocol is the error about a protocol that the pool does not speak.
func (s *session) otherProtocol(asked int) string {
	return fmt.Sprintf("NOPROTO the fairlead pool behind this connection speaks RESP%d, not RESP%d: set Protocol to %d in fairlead.Options, "+
		"or have the client say HELLO %d", s.spoken, asked, asked, s.spoken)
}

const notTheLogin = "WRONGPASS the fairlead pool behind this connection logs in for itself, not with these credentials: " +
	"give them to fairlead.Options, and none to the client over it"

// auth answers AUTH [user] password.
func (s *session) auth(ctx context.Context, c *command, out []byte) ([]byte, error) {
	if s.inMulti() {
		return s.refuse(out, "ERR AUTH is not carried between MULTI and EXEC"), nil
	}
	user, password := "", ""
	switch len(c.words) {
	case 2:
		password = c.words[1]
	case 3:
		user, password = c.words[1], c.words[2]
	default:
		return appendError(out, wrongNumber(c)), nil
	}
	if !s.knows(ctx, user, password) {
		return appendError(out, notTheLogin), nil
	}
	return appendStatus(out, "OK"), nil
}

// knows reports whether the pool logs in with these credentials.
func (s *session) knows(ctx context.Context, user, password string) bool {
	o := s.client.Pool().Options()
	if o.Credentials != nil {
		var err error
		if o.Username, o.Password, err = o.Credentials(ctx); err != nil {
			return false
		}
	}
	if o.Password == "" && o.Username == "" {
		return false
	}
	named := func(user string) []byte {
		if user == "" {
			return []byte("default")
		}
		return []byte(user)
	}
	return subtle.ConstantTimeCompare(named(o.Username), named(user))&subtle.ConstantTimeCompare([]byte(o.Password), []byte(password)) == 1
}
