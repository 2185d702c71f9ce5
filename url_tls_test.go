package fairlead

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// identity is a certificate and its key, in PEM form.
type identity struct{ certificate, key []byte }

// issue makes a certificate for the host, signed by the issuer, or by itself if there is none. It may sign others.
func issue(t *testing.T, host string, issuer *identity) identity {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: host}, DNSNames: []string{host},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	parent, signer := template, any(key)
	if issuer != nil {
		pair, err := tls.X509KeyPair(issuer.certificate, issuer.key)
		if err != nil {
			t.Fatal(err)
		}
		parent, signer = pair.Leaf, pair.PrivateKey
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	keyBytes, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return identity{
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyBytes}),
	}
}

// write puts a file with the contents into a folder of the test's and returns its path for a URL.
func write(t *testing.T, name string, contents ...[]byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	var all []byte
	for _, c := range contents {
		all = append(all, c...)
	}
	if err := os.WriteFile(path, all, 0o600); err != nil {
		t.Fatal(err)
	}
	return percentEncode(path)
}

// greet lets a client with the URL's TLS shake hands with a server. It returns the client's error, and the common name in
// the certificate that the client showed, if the server asks for one.
func greet(t *testing.T, link string, server identity, ask bool) (clientName string, err error) {
	t.Helper()
	pair, err := tls.X509KeyPair(server.certificate, server.key)
	if err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{pair}}
	if ask {
		config.ClientAuth = tls.RequireAnyClientCert
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	accepted := make(chan string, 1)
	go func() { // ends with the handshake, or when the listener is closed
		name := ""
		defer func() { accepted <- name }()
		raw, err := listener.Accept()
		if err != nil {
			return
		}
		defer raw.Close()
		conn := tls.Server(raw, config)
		if conn.Handshake() == nil && ask {
			name = conn.ConnectionState().PeerCertificates[0].Subject.CommonName
		}
	}()
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	err = tls.Client(conn, parsed(t, link).TLS).Handshake()
	_ = conn.Close()
	return <-accepted, err
}

func TestURLTrust(t *testing.T) {
	t.Parallel()
	server, stranger := issue(t, "my.host", nil), issue(t, "my.host", nil)
	trust := "ssl_ca_certs=" + write(t, "ca.pem", server.certificate)
	var wrongName x509.HostnameError
	var wrongIssuer x509.UnknownAuthorityError

	for _, good := range []string{
		"rediss://my.host?" + trust,
		"rediss://my.host?ssl_ca_data=" + url.QueryEscape(string(server.certificate)),
		"rediss://my.host?" + trust + "&ssl_ca_data=" + url.QueryEscape(string(stranger.certificate)), // both are trusted
		"rediss://other.host?ssl_check_hostname=false&" + trust,
		"rediss://my.host?ssl_cert_reqs=optional&" + trust,
		"rediss://my.host?skip_verify=false&" + trust,
		"rediss://my.host?ssl_min_version=TLSv1.3&" + trust,
		"rediss://other.host?ssl_cert_reqs=none",
		"rediss://other.host?ssl_cert_reqs=none&ssl_check_hostname=false",
		"rediss://other.host?skip_verify=true",
	} {
		if _, err := greet(t, good, server, false); err != nil {
			t.Errorf("%.60s: %v", good, err)
		}
	}
	if _, err := greet(t, "rediss://other.host?"+trust, server, false); !errors.As(err, &wrongName) {
		t.Errorf("a certificate for another host: %v, want an x509.HostnameError", err)
	}
	if _, err := greet(t, "rediss://my.host", server, false); !errors.As(err, &wrongIssuer) {
		t.Errorf("a certificate that the system does not trust: %v, want an x509.UnknownAuthorityError", err)
	}
	// Without the name, the issuer still counts.
	for _, query := range []string{trust, "skip_verify=false", "ssl_cert_reqs=required"} {
		if _, err := greet(t, "rediss://my.host?ssl_check_hostname=false&"+query, stranger, false); !errors.As(err, &wrongIssuer) {
			t.Errorf("%.30s: a stranger's certificate: %v, want an x509.UnknownAuthorityError", query, err)
		}
	}
}

// TestURLVerifiesChain: also where the name does not count, a certificate may be trusted through one between it and the
// authority, if the server sends that; and a server must have one at all.
func TestURLVerifiesChain(t *testing.T) {
	t.Parallel()
	root := issue(t, "root", nil)
	middle := issue(t, "middle", &root)
	server := issue(t, "my.host", &middle)
	link := "rediss://other.host?ssl_check_hostname=false&ssl_ca_certs=" + write(t, "ca.pem", root.certificate)

	var wrongIssuer x509.UnknownAuthorityError
	if _, err := greet(t, link, server, false); !errors.As(err, &wrongIssuer) {
		t.Errorf("without the certificate between: %v, want an x509.UnknownAuthorityError", err)
	}
	server.certificate = append(server.certificate, middle.certificate...)
	if _, err := greet(t, link, server, false); err != nil {
		t.Errorf("with the certificate between: %v", err)
	}
	if err := parsed(t, link).TLS.VerifyConnection(tls.ConnectionState{}); err == nil {
		t.Error("a server without a certificate is accepted")
	}
}

func TestURLClientCertificate(t *testing.T) {
	t.Parallel()
	server, client := issue(t, "my.host", nil), issue(t, "client-7", nil)
	link := "rediss://my.host?ssl_cert_reqs=none&ssl_certfile="
	for name, files := range map[string]string{
		"two files": write(t, "cert.pem", client.certificate) + "&ssl_keyfile=" + write(t, "key.pem", client.key),
		"one file":  write(t, "both.pem", client.certificate, client.key),
	} {
		if got, err := greet(t, link+files, server, true); err != nil || got != "client-7" {
			t.Errorf("%s: the server saw %q, %v; want client-7", name, got, err)
		}
	}
}

func TestURLBadCertificates(t *testing.T) {
	t.Parallel()
	one, other := issue(t, "one", nil), issue(t, "other", nil)
	certificate, key, wrongKey := write(t, "one.pem", one.certificate), write(t, "one.key", one.key), write(t, "other.key", other.key)
	text, folder := write(t, "text.pem", []byte("no certificate")), percentEncode(t.TempDir())
	const pair = "options ssl_certfile and ssl_keyfile hold no certificate and its unencrypted key in PEM form:" +
		" write the two files that belong together"
	plain := func(path string) string {
		decoded, _ := url.QueryUnescape(path)
		if len(decoded) > 64 {
			return `"` + decoded[:64] + `"…`
		}
		return `"` + decoded + `"`
	}
	for query, sentence := range map[string]string{
		"ssl_ca_certs=/none":     `option ssl_ca_certs="/none" cannot be read: no such file or directory`,
		"ssl_certfile=/none":     `option ssl_certfile="/none" cannot be read: no such file or directory`,
		"ssl_ca_certs=" + text:   "option ssl_ca_certs=" + plain(text) + ": the file has no certificate in PEM form",
		"ssl_ca_certs=" + folder: "option ssl_ca_certs=" + plain(folder) + " cannot be read: is a directory",
		"ssl_ca_data=abc":        "option ssl_ca_data has no certificate in PEM form: write its line breaks as %0A and its + as %2B",
		"ssl_keyfile=" + key:     "option ssl_keyfile is given without its certificate: add ssl_certfile",
		"ssl_certfile=" + certificate + "&ssl_keyfile=/none":       `option ssl_keyfile="/none" cannot be read: no such file or directory`,
		"ssl_certfile=" + certificate + "&ssl_keyfile=" + wrongKey: pair,
		"ssl_certfile=" + certificate:                              pair,
		"ssl_cert_reqs=maybe":                                      `option ssl_cert_reqs="maybe": write none, optional or required`,
		"ssl_min_version=TLSv1.1":                                  `option ssl_min_version="TLSv1.1": write TLSv1.2 or TLSv1.3`,
		"skip_verify=1&ssl_cert_reqs=none":                         "option skip_verify repeats option ssl_cert_reqs: keep one of them",
		"ssl_cert_reqs=none&ssl_check_hostname=true": "option ssl_check_hostname cannot be on when the certificate is not verified," +
			" since anyone can write any name into it: take away one of them",
	} {
		wantError(t, "rediss://host?"+query, "bad URL: "+sentence)
	}
	for _, name := range []string{"ssl_cert_reqs=none", "skip_verify=true", "ssl_keyfile=/x"} {
		option, _, _ := strings.Cut(name, "=")
		wantError(t, "redis://host?"+name, "bad URL: option "+option+" means nothing without TLS: write rediss:// or valkeys:// instead of the scheme")
	}
}
