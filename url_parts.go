package fairlead

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
)

// Hints for a URL whose password was probably not percent-encoded: what follows it may be a part of it.
const (
	cautionReserved  = "; a password that has / ? # or @ in it is written with %2F %3F %23 or %40 instead"
	cautionAmpersand = "; a password that has & in it is written with %26 instead"
)

// urlParts are the pieces of a URL as they are written, still percent-encoded.
type urlParts struct {
	unix, tls bool
	login     string // before the last @ of what precedes the path
	host      string // with its port; empty for unix
	path      string // empty or from the slash on
	query     string
	caution   string // if not empty, errors quote nothing and end in this hint
}

// splitURL cuts a URL into its parts. Its errors quote none of them.
func splitURL(text string) (urlParts, error) {
	if strings.ContainsFunc(text, isControl) {
		return urlParts{}, urlError("it contains a control character: take it away (often it is the line break at the end)")
	}
	scheme, rest, found := strings.Cut(text, "://")
	if !found {
		return urlParts{}, urlError("it does not begin with a scheme and two slashes: write " + schemes)
	}
	u, err := readScheme(scheme)
	if err != nil {
		return urlParts{}, err
	}
	if strings.Contains(rest, "#") {
		return urlParts{}, urlError("it has a fragment (# and what follows), which means nothing here: take it away" + cautionReserved)
	}
	place, query, _ := strings.Cut(rest, "?")
	authority := place
	if slash := strings.IndexByte(place, '/'); slash >= 0 {
		authority, u.path = place[:slash], place[slash:]
	}
	u.host, u.query = authority, query
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		u.login, u.host = authority[:at], authority[at+1:]
	}
	if strings.Contains(u.path+u.query, "@") {
		u.caution = cautionReserved
	}
	return u, nil
}

const schemes = "redis://, rediss://, valkey://, valkeys:// or unix://"

// readScheme tells what the word before :// means.
func readScheme(word string) (urlParts, error) {
	scheme := strings.ToLower(word)
	server, topology, _ := strings.Cut(scheme, "+")
	switch {
	case topology == "sentinel" || topology == "cluster":
		return urlParts{}, urlError("redis+sentinel:// and redis+cluster:// are not understood yet: this version connects to single servers only," +
			" so write redis://host:port of one server")
	case scheme == "unix":
		return urlParts{unix: true}, nil
	case topology == "" && (server == "redis" || server == "valkey"):
		return urlParts{}, nil
	case topology == "" && (server == "rediss" || server == "valkeys"):
		return urlParts{tls: true}, nil
	}
	name := ""
	if len(word) < 20 && strings.Trim(scheme, "abcdefghijklmnopqrstuvwxyz+-.") == "" {
		name = " " + strconv.Quote(word) // else it is no scheme, but perhaps something of a login
	}
	return urlParts{}, urlError("its scheme" + name + " is unknown: write " + schemes)
}

// readLogin takes Username and Password from what stands before the host.
func (d *draft) readLogin(login string) error {
	if login == "" {
		return nil
	}
	username, password, found := strings.Cut(login, ":")
	if !found {
		return urlError("what stands before the @ has no colon: write user:password@host, :password@host, or user:@host for a user without a password" + d.caution)
	}
	username, errUser := url.PathUnescape(username)
	password, errPassword := url.PathUnescape(password)
	if errUser != nil || errPassword != nil {
		return urlError("user or password has " + badPercent + d.caution)
	}
	d.options.Username, d.options.Password = username, password
	if username != "" {
		d.given[settingNamed["username"]] = "the user before the @"
	}
	if password != "" {
		d.given[settingNamed["password"]] = "the password before the @"
	}
	return nil
}

const badPercent = "a % that two hexadecimal digits do not follow: write %25 for the % itself"

// urlError returns an error about a URL; reason never contains a password.
func urlError(reason string) error { return errors.New("fairlead: bad URL: " + reason) }

// quote returns text in quotes after a lead, or nothing if text might be part of a password.
func (d *draft) quote(text, lead string) string {
	const longest = 64
	switch {
	case d.caution != "":
		return ""
	case len(text) > longest:
		return lead + strconv.Quote(text[:longest]) + "…"
	}
	return lead + strconv.Quote(text)
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }
