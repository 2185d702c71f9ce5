package redistest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// certificates is an authority of one server's own, with a certificate for the server and one for its clients.
type certificates struct {
	authorityFile, certFile, keyFile string
	pool                             *x509.CertPool
	client                           tls.Certificate
}

// certificateLife is how long the certificates hold: longer than any test runs, short enough to be of no use elsewhere.
const certificateLife = 24 * time.Hour

// makeCertificates makes the three and writes what the server reads into dir.
func makeCertificates(dir string) (*certificates, error) {
	authority, err := newIdentity("redistest authority", nil)
	if err != nil {
		return nil, err
	}
	server, err := newIdentity("localhost", authority)
	if err != nil {
		return nil, err
	}
	client, err := newIdentity("redistest client", authority)
	if err != nil {
		return nil, err
	}
	c := &certificates{
		authorityFile: filepath.Join(dir, "ca.crt"),
		certFile:      filepath.Join(dir, "server.crt"),
		keyFile:       filepath.Join(dir, "server.key"),
		pool:          x509.NewCertPool(),
		client:        tls.Certificate{Certificate: [][]byte{client.cert.Raw}, PrivateKey: client.key},
	}
	c.pool.AddCert(authority.cert)
	return c, c.write(authority, server)
}

func (c *certificates) write(authority, server *identity) error {
	key, err := x509.MarshalPKCS8PrivateKey(server.key)
	if err != nil {
		return err
	}
	for _, file := range []struct {
		path, kind string
		der        []byte
	}{
		{c.authorityFile, "CERTIFICATE", authority.cert.Raw},
		{c.certFile, "CERTIFICATE", server.cert.Raw},
		{c.keyFile, "PRIVATE KEY", key},
	} {
		text := pem.EncodeToMemory(&pem.Block{Type: file.kind, Bytes: file.der})
		if err := os.WriteFile(file.path, text, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// identity is a certificate with its key.
type identity struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// newIdentity makes a certificate signed by authority, or an authority if that is nil.
func newIdentity(name string, authority *identity) (*identity, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("no key for %s: %w", name, err)
	}
	template, err := certificateTemplate(name, authority == nil)
	if err != nil {
		return nil, err
	}
	if authority == nil {
		authority = &identity{template, key}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, authority.cert, &key.PublicKey, authority.key)
	if err != nil {
		return nil, fmt.Errorf("no certificate for %s: %w", name, err)
	}
	cert, err := x509.ParseCertificate(der)
	return &identity{cert, key}, err
}

func certificateTemplate(name string, isAuthority bool) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             time.Now().Add(-time.Hour), // for clocks that differ
		NotAfter:              time.Now().Add(certificateLife),
		BasicConstraintsValid: true,
	}
	if isAuthority {
		template.IsCA = true
		template.KeyUsage = x509.KeyUsageCertSign
		return template, nil
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	template.DNSNames = []string{"localhost"}
	template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	return template, nil
}

// TLSConfig returns what a client of the TLS port needs to trust the server, without a certificate of its own, or nil if the
// server was started without TLS. Each call returns a new value. ServerName is empty: dialling fills in the host.
func (s *Server) TLSConfig() *tls.Config {
	if s.certs == nil {
		return nil
	}
	return &tls.Config{RootCAs: s.certs.pool, MinVersion: tls.VersionTLS12}
}

// ClientCertTLSConfig is TLSConfig with a client certificate that the server accepts.
func (s *Server) ClientCertTLSConfig() *tls.Config {
	if s.certs == nil {
		return nil
	}
	config := s.TLSConfig()
	config.Certificates = []tls.Certificate{s.certs.client}
	return config
}
