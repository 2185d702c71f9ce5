package redis

import (
	"strings"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// An ACLUser is what a user may do.
type ACLUser struct {
	Flags     []string // "on" or "off", "nopass", …
	Passwords []string // hashes
	ACLSelector
	Selectors []ACLSelector // further sets of rules, each of which suffices
}

// An ACLSelector is one set of rules.
type ACLSelector struct {
	Commands  string // such as "+@all -flushall"
	Keys      string // patterns, such as "~*"
	Channels  string // patterns, such as "&*"
	Databases string // Valkey only, such as "alldbs"
}

func readACLUser(r resp.Reply) (u ACLUser, err error) {
	err = eachField(r, func(name string, value resp.Reply) (err error) {
		switch name {
		case "flags":
			u.Flags, err = readStrings(value)
		case "passwords":
			u.Passwords, err = readStrings(value)
		case "selectors":
			u.Selectors, err = readSlice(value, readACLSelector)
		default:
			err = u.rule(name, value)
		}
		return err
	})
	return u, err
}

func readACLSelector(r resp.Reply) (s ACLSelector, err error) {
	err = eachField(r, s.rule)
	return s, err
}

func (s *ACLSelector) rule(name string, value resp.Reply) (err error) {
	switch name {
	case "commands":
		s.Commands, err = readJoined(value)
	case "keys":
		s.Keys, err = readJoined(value)
	case "channels":
		s.Channels, err = readJoined(value)
	case "databases":
		s.Databases, err = readJoined(value)
	}
	return err
}

// readJoined reads rules that are one string, or, before Redis 7.0, a list.
func readJoined(r resp.Reply) (string, error) {
	if !r.Kind().Aggregate() {
		return readText(r)
	}
	list, err := readStrings(r)
	return strings.Join(list, " "), err
}

// An ACLLogEntry is a command or a login that was refused.
type ACLLogEntry struct {
	ID       int64 // since Redis 7.2.0
	Count    int64 // how often it happened within a minute
	Reason   string
	Context  string // "toplevel", "multi", "lua" or "module"
	Object   string // what was refused: a command, a key, a channel or "AUTH"
	Username string
	Age      time.Duration
	Client   ClientDetails
	Created  time.Time // since Redis 7.2.0
	Updated  time.Time // since Redis 7.2.0
}

func readACLLog(r resp.Reply) ([]ACLLogEntry, error) { return readSlice(r, readACLLogEntry) }

func readACLLogEntry(r resp.Reply) (e ACLLogEntry, err error) {
	err = eachField(r, func(name string, value resp.Reply) (err error) {
		switch name {
		case "entry-id":
			e.ID, err = value.Int()
		case "count":
			e.Count, err = value.Int()
		case "reason":
			e.Reason, err = value.Str()
		case "context":
			e.Context, err = value.Str()
		case "object":
			e.Object, err = value.Str()
		case "username":
			e.Username, err = value.Str()
		case "age-seconds":
			var seconds float64
			seconds, err = value.Float()
			e.Age = time.Duration(seconds * float64(time.Second))
		case "client-info":
			e.Client, err = readClient(value)
		case "timestamp-created":
			e.Created, err = readUnixMillis(value)
		case "timestamp-last-updated":
			e.Updated, err = readUnixMillis(value)
		}
		return err
	})
	return e, err
}
