package fairlead

import (
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"strconv"
	"strings"
)

// String returns the options as a URL in which *** stands for the password. It names only what differs from the defaults,
// and [ParseURL] makes equal options of it but for the password and what no URL can say: Credentials, Dialer, Trace, Limits,
// and the certificates, roots and ServerName of TLS.
//
// Options are printed in this form by every verb of package fmt and by log/slog.
func (o Options) String() string {
	full, plain := o.withDefaults(), new(Options).withDefaults()
	var b strings.Builder
	writeScheme(&b, &full)
	writeLogin(&b, &full)
	writeAddr(&b, &full)
	mark := byte('?')
	for _, s := range settings {
		if s.show == nil {
			continue
		}
		value := s.show(&full)
		if value == "" || value == s.show(&plain) {
			continue
		}
		b.WriteByte(mark)
		b.WriteString(s.names[0] + "=" + value)
		mark = '&'
	}
	return b.String()
}

func writeScheme(b *strings.Builder, o *Options) {
	switch {
	case o.Network == "unix":
		b.WriteString("unix://")
	case o.TLS != nil:
		b.WriteString("rediss://")
	default:
		b.WriteString("redis://")
	}
}

func writeLogin(b *strings.Builder, o *Options) {
	if o.Username == "" && o.Password == "" {
		return
	}
	b.WriteString(percentEncode(o.Username) + ":")
	if o.Password != "" {
		b.WriteString("***")
	}
	b.WriteByte('@')
}

// writeAddr writes where the server is. What has the look of a URL with a password, which check refuses, is not shown.
func writeAddr(b *strings.Builder, o *Options) {
	switch {
	case looksLikeURL(o):
		b.WriteString("***")
	case o.Network == "unix":
		b.WriteString(strings.ReplaceAll(percentEncode(o.Addr), "%2F", "/"))
		return
	default:
		b.WriteString(urlHost(o.Addr))
	}
	b.WriteString("/" + strconv.Itoa(o.DB))
}

// urlHost writes host and port as a URL has them.
func urlHost(addr string) string {
	host, port, err := splitAddr(addr)
	if err != nil {
		return percentEncode(addr)
	}
	if address, err := netip.ParseAddr(host); err != nil || !address.Is6() {
		return percentEncode(host) + ":" + port
	}
	if address, zone, found := strings.Cut(host, "%"); found {
		host = address + "%25" + percentEncode(zone)
	}
	return "[" + host + "]:" + port
}

// Format prints String, whatever the verb: no other would be free of the password. %#v says the type as well.
func (o Options) Format(state fmt.State, verb rune) {
	text := o.String()
	switch {
	case verb == 'q':
		text = strconv.Quote(text)
	case verb == 'v' && state.Flag('#'):
		text = "fairlead.Options(" + strconv.Quote(text) + ")"
	}
	_, _ = io.WriteString(state, text)
}

// LogValue is String, for log/slog.
func (o Options) LogValue() slog.Value { return slog.StringValue(o.String()) }

// String returns the mode's name as URLs have it, "shared" or "exclusive".
func (m Mode) String() string {
	switch m {
	case Shared:
		return "shared"
	case Exclusive:
		return "exclusive"
	}
	return "Mode(" + strconv.Itoa(int(m)) + ")"
}
