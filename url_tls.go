package fairlead

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// certificates are the options about TLS as a URL gives them.
type certificates struct {
	required                  *bool // whether the server's certificate is verified; nil: not given
	skipVerify, checkHostname *bool
	caFile, caData            string
	certFile, keyFile         string
	minVersion                uint16
}

func setCertReqs(d *draft, value string) string {
	switch strings.ToLower(value) {
	case "none":
		d.certificates.required = new(false)
	case "optional", "required": // a server always has a certificate, so that optional verifies it too
		d.certificates.required = new(true)
	default:
		return "none, optional or required"
	}
	return ""
}

func showCertReqs(o *Options) string {
	if o.TLS != nil && o.TLS.InsecureSkipVerify && !verifiesItself(o.TLS) {
		return "none"
	}
	return ""
}

func showCheckHostname(o *Options) string {
	if o.TLS != nil && o.TLS.InsecureSkipVerify && verifiesItself(o.TLS) {
		return "false"
	}
	return ""
}

// verifiesItself reports whether a function takes the place of crypto/tls's verification or adds to it.
func verifiesItself(config *tls.Config) bool {
	return config.VerifyConnection != nil || config.VerifyPeerCertificate != nil
}

// setMinVersion takes the names that OpenSSL and Python have for the versions, or their numbers.
func setMinVersion(d *draft, value string) string {
	switch strings.ToLower(value) {
	case "tlsv1.2", "tlsv1_2", "1.2", "771":
		d.certificates.minVersion = tls.VersionTLS12
	case "tlsv1.3", "tlsv1_3", "1.3", "772":
		d.certificates.minVersion = tls.VersionTLS13
	default:
		return "TLSv1.2 or TLSv1.3"
	}
	return ""
}

func showMinVersion(o *Options) string {
	if o.TLS != nil && o.TLS.MinVersion == tls.VersionTLS13 {
		return "TLSv1.3"
	}
	return ""
}

// finishTLS makes the tls.Config of a URL whose scheme encrypts.
func (d *draft) finishTLS() error {
	if !d.tls {
		return nil
	}
	c := &d.certificates
	config := &tls.Config{ServerName: serverName(d.host), MinVersion: max(c.minVersion, tls.VersionTLS12)}
	if err := d.trust(config); err != nil {
		return err
	}
	if err := d.identify(config); err != nil {
		return err
	}
	if c.required != nil && c.skipVerify != nil {
		return urlError("option skip_verify repeats option ssl_cert_reqs: keep one of them" + d.caution)
	}
	unverified := c.required != nil && !*c.required || c.skipVerify != nil && *c.skipVerify
	switch {
	case unverified && c.checkHostname != nil && *c.checkHostname:
		return urlError("option ssl_check_hostname cannot be on when the certificate is not verified, since anyone can write any name" +
			" into it: take away one of them" + d.caution)
	case unverified:
		config.InsecureSkipVerify = true
	case c.checkHostname != nil && !*c.checkHostname:
		verifyWithoutName(config)
	}
	d.options.TLS = config
	return nil
}

// verifyWithoutName makes config accept a certificate that a trusted authority has issued, whatever the name in it.
func verifyWithoutName(config *tls.Config) {
	roots := config.RootCAs
	config.InsecureSkipVerify = true // crypto/tls would compare the name as well
	config.VerifyConnection = func(state tls.ConnectionState) error {
		if len(state.PeerCertificates) == 0 {
			return errors.New("the server has no certificate")
		}
		intermediates := x509.NewCertPool()
		for _, certificate := range state.PeerCertificates[1:] {
			intermediates.AddCert(certificate)
		}
		_, err := state.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: intermediates})
		return err
	}
}

// trust sets the authorities whose certificates are accepted, if the URL names any.
func (d *draft) trust(config *tls.Config) error {
	c := &d.certificates
	if c.caFile != "" {
		pem, err := d.readPEM("ssl_ca_certs", c.caFile)
		if err != nil {
			return err
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return urlError("option ssl_ca_certs" + d.quote(c.caFile, "=") + ": the file has no certificate in PEM form" + d.caution)
		}
	}
	if c.caData == "" {
		return nil
	}
	if config.RootCAs == nil {
		config.RootCAs = x509.NewCertPool()
	}
	if !config.RootCAs.AppendCertsFromPEM([]byte(c.caData)) {
		return urlError("option ssl_ca_data has no certificate in PEM form: write its line breaks as %0A and its + as %2B" + d.caution)
	}
	return nil
}

// identify sets this client's own certificate, if the URL names one.
func (d *draft) identify(config *tls.Config) error {
	c := &d.certificates
	if c.certFile == "" && c.keyFile == "" {
		return nil
	}
	if c.certFile == "" {
		return urlError("option ssl_keyfile is given without its certificate: add ssl_certfile" + d.caution)
	}
	certificate, err := d.readPEM("ssl_certfile", c.certFile)
	if err != nil {
		return err
	}
	key := certificate // one file may hold both
	if c.keyFile != "" {
		if key, err = d.readPEM("ssl_keyfile", c.keyFile); err != nil {
			return err
		}
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return urlError("options ssl_certfile and ssl_keyfile hold no certificate and its unencrypted key in PEM form: write the two files that belong together" + d.caution)
	}
	config.Certificates = []tls.Certificate{pair}
	return nil
}

// readPEM reads a file that an option names; it is far from as large as most files that are no certificates.
func (d *draft) readPEM(option, path string) ([]byte, error) {
	const largest = 4 << 20
	file, err := os.Open(path)
	if err != nil {
		return nil, d.unreadable(option, path, err)
	}
	defer file.Close()
	pem, err := io.ReadAll(io.LimitReader(file, largest))
	if err != nil {
		return nil, d.unreadable(option, path, err)
	}
	return pem, nil
}

func (d *draft) unreadable(option, path string, err error) error {
	if pathError := (*fs.PathError)(nil); errors.As(err, &pathError) {
		err = pathError.Err // without the path, which may have to stay out of the error
	}
	return fmt.Errorf("fairlead: bad URL: option %s%s cannot be read: %w%s", option, d.quote(path, "="), err, d.caution)
}

// serverName is the name that a host's certificate bears: the host without an IPv6 address's zone, which means something
// on this machine only.
func serverName(host string) string {
	name, _, _ := strings.Cut(host, "%")
	return name
}
