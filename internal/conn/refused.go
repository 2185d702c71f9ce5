package conn

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"

	"github.com/fairlead-go/fairlead/resp"
)

// A stepError is the server's refusal of one command of the handshake.
type stepError struct {
	command string
	err     error
}

func (e *stepError) Error() string { return "the server refused " + e.command + ": " + e.err.Error() }
func (e *stepError) Unwrap() error { return e.err }

// withoutArguments is a server's error without the arguments that it repeats of a command it does not know: the password may be
// among them.
func withoutArguments(err error) error {
	e, ok := err.(*resp.Error)
	if !ok {
		return err
	}
	message, _, repeats := strings.Cut(e.Message, ", with args beginning with")
	if !repeats {
		return err
	}
	return &resp.Error{Code: e.Code, Message: message}
}

// errorCode is the code of a server's error in err's chain, or "".
func errorCode(err error) string {
	var e *resp.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// errorHas reports whether a server's error in err's chain has the words, in any case.
func errorHas(err error, words string) bool {
	var e *resp.Error
	return errors.As(err, &e) && strings.Contains(strings.ToLower(e.Message), words)
}

// TurnedAway reports whether the server wanted no connection from us at all: it has too many clients, or is in protected mode.
func TurnedAway(err error) bool {
	return errorHas(err, "max number of clients") || errorCode(err) == "DENIED"
}

// refusal is the cause of a connection's end by an error of its handshake.
func refusal(err error) Cause {
	if errorCode(err) != "" {
		return HandshakeRefused
	}
	return causeOf(err)
}

// explainHandshake adds what to do to an error of the handshake.
func explainHandshake(cfg *Config, err error) error {
	if hint := handshakeHint(cfg, err); hint != "" {
		return fmt.Errorf("%w; %s", err, hint)
	}
	return err
}

func handshakeHint(cfg *Config, err error) string {
	var protocol *resp.ProtocolError
	switch {
	case errors.As(err, &protocol) && strings.HasPrefix(protocol.Excerpt, `"\x15\x03`):
		return "these bytes are TLS: use rediss:// or set Options.TLS"
	case errors.As(err, &protocol) && strings.HasPrefix(protocol.Excerpt, `"HTTP`):
		return "this is a web server: check host and port"
	case errors.As(err, &protocol):
		return "is this a Redis server?"
	case errorCode(err) == "WRONGPASS" || errorHas(err, "invalid password"):
		return "check username and password"
	case errorHas(err, "without any password configured"), errorHas(err, "no password is set"): // since Redis 6.0, and before
		return "the server has no password: leave it out, or configure one there"
	case errorCode(err) == "NOAUTH":
		return "give a password, in the URL or as Options.Password"
	case errorCode(err) == "NOPERM":
		return "the user's ACL must allow what the handshake needs"
	case errorHas(err, "db index"):
		return fmt.Sprintf("the server has no database %d: see its setting \"databases\"", cfg.DB)
	case errorHas(err, "max number of clients"):
		return "raise the server's maxclients, or lower MaxConnections of those who use it"
	case errorCode(err) == "NOPROTO", errorHas(err, "unknown command"):
		return "the server is too old for RESP3: leave Options.Protocol 0, or set it to 2"
	case cfg.TLS == nil && (causeOf(err) == PeerClosed || causeOf(err) == PeerReset):
		return "the server hung up during the handshake: does it want TLS (rediss://), or is it no Redis server?"
	case alerted(err):
		return noCertificate
	}
	return ""
}

const noCertificate = "the server refused our certificate: does it ask for one (Options.TLS.Certificates)?"

// alerted reports whether the server ended TLS with an alert.
func alerted(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "remote error" // so package tls says it; the alert's own type is hidden
}

// Permanent reports whether an error of dialling will not go away by itself: a name that does not exist, a path that is no
// socket, a certificate that is not trusted, a port that does not speak TLS.
func Permanent(err error) bool {
	var dns *net.DNSError
	var record tls.RecordHeaderError
	var cert *tls.CertificateVerificationError
	switch {
	case errors.As(err, &dns):
		return dns.IsNotFound
	case errors.As(err, &record), errors.As(err, &cert), alerted(err):
		return true
	}
	for _, errno := range []syscall.Errno{syscall.ENOTSOCK, syscall.EPROTOTYPE, syscall.EACCES, syscall.EAFNOSUPPORT, syscall.EINVAL} {
		if errors.Is(err, errno) {
			return true
		}
	}
	return false
}
