package fairlead

import (
	"cmp"
	"net/url"
	"strings"
	"time"
)

// A draft is what has been read of a URL: the options so far, and what can be judged only when all of them are known.
type draft struct {
	options Options
	tls     bool
	host    string              // decoded, without brackets; for TLS
	caution string              // if not empty, errors quote nothing more and end in this hint
	given   map[*setting]string // how the URL named each setting it has

	readTimeout, writeTimeout time.Duration // 0: not given
	keepAlive, retryOnTimeout *bool         // nil: not given
	healthCheck               time.Duration
	certificates              certificates
}

// readQuery takes in the options after the question mark.
func (d *draft) readQuery(query string) error {
	for piece := range strings.SplitSeq(query, "&") {
		if piece == "" {
			continue
		}
		if err := d.readOption(piece); err != nil {
			return err
		}
	}
	return nil
}

// readOption takes in one name=value.
func (d *draft) readOption(piece string) error {
	name, value, _ := strings.Cut(piece, "=")
	name, err := url.QueryUnescape(name)
	if err != nil {
		return urlError("the name of an option has " + badPercent + d.caution)
	}
	s := settingNamed[name]
	if s == nil {
		return d.unknown(name)
	}
	value, err = url.QueryUnescape(value)
	if err != nil {
		return urlError("option " + name + " has " + badPercent + d.caution)
	}
	if err := d.note(s, name); err != nil {
		return err
	}
	if s.tls && !d.tls {
		return urlError("option " + name + " means nothing without TLS: write rediss:// or valkeys:// instead of the scheme" + d.caution)
	}
	if s.secret && d.caution == "" {
		d.caution = cautionAmpersand
	}
	if want := s.set(d, value); want != "" {
		return urlError("option " + name + d.quote(value, "=") + ": write " + want + d.caution)
	}
	return nil
}

// note remembers that the URL has named a setting; it may do so once.
func (d *draft) note(s *setting, name string) error {
	if first, again := d.given[s]; again {
		return urlError("option " + name + " repeats " + first + ": keep one of them" + d.caution)
	}
	d.given[s] = "option " + name
	return nil
}

// unknown is the error for an option that is no setting.
func (d *draft) unknown(name string) error {
	if reason, refused := refusals[name]; refused {
		return urlError("option " + name + " is not for Fairlead (" + reason + "): take it away" + d.caution)
	}
	advice := "the comment of ParseURL lists all options"
	if nearest := nearestOption(name); nearest != "" {
		advice = "the nearest one is " + nearest
	}
	return urlError("an option" + d.quote(name, " ") + " is unknown: " + advice + d.caution)
}

// finish settles what several options say together.
func (d *draft) finish() error {
	if d.retryOnTimeout != nil {
		d.options.Retry.OnTimeout = *d.retryOnTimeout
	}
	return cmp.Or(d.finishTimeout(), d.finishKeepAlive(), d.finishTLS())
}

// finishTimeout joins read_timeout and write_timeout into the one Timeout.
func (d *draft) finishTimeout() error {
	read, write := d.readTimeout, d.writeTimeout
	if read != 0 && write != 0 && read != write {
		return urlError("options read_timeout and write_timeout differ, but one time bounds a command from its call to its reply:" +
			" write socket_timeout instead of both" + d.caution)
	}
	bound := cmp.Or(read, write)
	if bound == 0 {
		return nil
	}
	if d.options.Timeout != 0 {
		return urlError("options read_timeout and write_timeout repeat option socket_timeout: keep socket_timeout alone" + d.caution)
	}
	d.options.Timeout = bound
	return nil
}

// finishKeepAlive joins the three options about keepalive.
func (d *draft) finishKeepAlive() error {
	probes := &d.options.KeepAlive
	off := d.keepAlive != nil && !*d.keepAlive
	switch {
	case off && probes.Idle > 0:
		return urlError("option socket_keepalive is off but socket_keepalive_options is given: keep one of them" + d.caution)
	case off:
		probes.Idle = -1
	case probes.Idle == 0:
		probes.Idle = d.healthCheck
	}
	return nil
}
