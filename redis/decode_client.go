package redis

import (
	"strconv"
	"strings"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// ClientDetails are what a server knows about one of its connections.
// A field that the server's version does not tell is zero; Fields holds everything as it came.
type ClientDetails struct {
	ID        int64
	Addr      string        // address and port that the client comes from
	LAddr     string        // address and port that it is connected to
	Name      string        // "" if it has none
	Age, Idle time.Duration // how long it is connected, and since its last command, in seconds
	Flags     string        // one letter each; "N" is none
	DB        int
	User      string
	LastCmd   string // in small letters, a subcommand after "|"
	LibName   string
	LibVer    string
	Protocol  int   // of RESP: 2 or 3
	Redirect  int64 // id of the connection that gets its invalidation messages, -1 without tracking
	Memory    int64 // bytes in all
	Fields    map[string]string
}

func readClient(r resp.Reply) (ClientDetails, error) {
	line, err := readString(r)
	if err != nil {
		return ClientDetails{}, err
	}
	return parseClient(strings.TrimSpace(line)), nil
}

func readClients(r resp.Reply) ([]ClientDetails, error) {
	text, err := readString(r)
	if err != nil {
		return nil, err
	}
	list := make([]ClientDetails, 0, strings.Count(text, "\n"))
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, parseClient(line))
		}
	}
	return list, nil
}

// parseClient reads a line of name=value words. No value holds a space: servers refuse names that do.
func parseClient(line string) ClientDetails {
	fields := make(map[string]string)
	for word := range strings.FieldsSeq(line) {
		name, value, _ := strings.Cut(word, "=")
		fields[name] = value
	}
	number := func(name string) int64 {
		n, _ := strconv.ParseInt(fields[name], 10, 64) // not there or no number: 0, as documented
		return n
	}
	return ClientDetails{
		ID: number("id"), Addr: fields["addr"], LAddr: fields["laddr"], Name: fields["name"],
		Age: time.Duration(number("age")) * time.Second, Idle: time.Duration(number("idle")) * time.Second,
		Flags: fields["flags"], DB: int(number("db")), User: fields["user"], LastCmd: fields["cmd"],
		LibName: fields["lib-name"], LibVer: fields["lib-ver"], Protocol: int(number("resp")),
		Redirect: number("redir"), Memory: number("tot-mem"), Fields: fields,
	}
}

// TrackingInfo tells how keys are tracked for a connection.
type TrackingInfo struct {
	Flags    []string // "off", or "on" and the options
	Redirect int64    // id of the connection that gets the messages: 0 is itself, -1 without tracking
	Prefixes []string
}

func readTrackingInfo(r resp.Reply) (info TrackingInfo, err error) {
	err = eachField(r, func(name string, value resp.Reply) (err error) {
		switch name {
		case "flags":
			info.Flags, err = readStrings(value)
		case "redirect":
			info.Redirect, err = value.Int()
		case "prefixes":
			info.Prefixes, err = readStrings(value)
		}
		return err
	})
	return info, err
}
