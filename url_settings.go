package fairlead

import "time"

// A setting is one thing that a URL's options can say.
type setting struct {
	// names it has in URLs; String writes the first.
	names []string
	// set notes the value. If it cannot, it returns what should be written instead.
	set func(d *draft, value string) (want string)
	// show is the value for a URL, percent-encoded, of options with their defaults; nil or "": it is not shown.
	show func(o *Options) string
	// secret values are in no error, nor is anything that follows them.
	secret bool
	// tls settings need a scheme that encrypts.
	tls bool
}

// settings are all that URLs can say, in the order in which String writes them. One table serves both directions.
var settings = []setting{
	{names: []string{"db"}, set: setDB, show: showSocketDB},
	{names: []string{"username"}, set: text(func(d *draft) *string { return &d.options.Username })},
	{names: []string{"password"}, set: text(func(d *draft) *string { return &d.options.Password }), secret: true},
	{names: []string{"client_name"}, set: text(func(d *draft) *string { return &d.options.ClientName }),
		show: func(o *Options) string { return percentEncode(o.ClientName) }},
	{names: []string{"protocol"}, set: setProtocol, show: showProtocol},

	countSetting(1, highestConnections, func(o *Options) *int { return &o.MaxConnections }, "max_connections", "pool_size", "max_active_conns"),
	countSetting(0, highestConnections, func(o *Options) *int { return &o.MinIdle }, "min_idle", "min_idle_conns"),
	{names: []string{"mode"}, set: setMode, show: func(o *Options) string { return o.Mode.String() }},
	countSetting(1, highestConnections, func(o *Options) *int { return &o.SharedConns }, "shared_conns"),

	boundSetting(func(o *Options) *time.Duration { return &o.DialTimeout }, "socket_connect_timeout", "dial_timeout"),
	boundSetting(func(o *Options) *time.Duration { return &o.Timeout }, "socket_timeout"),
	{names: []string{"read_timeout"}, set: setBound(func(d *draft) *time.Duration { return &d.readTimeout })},
	{names: []string{"write_timeout"}, set: setBound(func(d *draft) *time.Duration { return &d.writeTimeout })},
	{names: []string{"pool_timeout", "timeout"}, set: setPoolTimeout, show: showPoolTimeout},
	{names: []string{"idle_timeout", "conn_max_idle_time"}, set: setIdleTimeout,
		show: func(o *Options) string { return showBound(o.IdleTimeout) }},
	{names: []string{"max_lifetime", "conn_max_lifetime", "max_conn_age"}, set: setMaxLifetime, show: showMaxLifetime},

	{names: []string{"socket_keepalive"}, set: truth(func(d *draft) **bool { return &d.keepAlive }), show: showKeepAlive},
	{names: []string{"socket_keepalive_options"}, set: setProbes, show: showProbes},
	{names: []string{"health_check_interval"}, set: setHealthCheck},
	boundSetting(func(o *Options) *time.Duration { return &o.UserTimeout }, "user_timeout"),

	{names: []string{"retry_on_timeout"}, set: truth(func(d *draft) **bool { return &d.retryOnTimeout }), show: showRetryOnTimeout},
	{names: []string{"max_retries"}, set: setMaxRetries, show: showMaxRetries},
	backoffSetting(func(o *Options) *time.Duration { return &o.Retry.MinBackoff }, "min_backoff", "min_retry_backoff"),
	backoffSetting(func(o *Options) *time.Duration { return &o.Retry.MaxBackoff }, "max_backoff", "max_retry_backoff"),

	{names: []string{"ssl_cert_reqs"}, tls: true, set: setCertReqs, show: showCertReqs},
	{names: []string{"skip_verify"}, tls: true, set: truth(func(d *draft) **bool { return &d.certificates.skipVerify })},
	{names: []string{"ssl_check_hostname"}, tls: true, set: truth(func(d *draft) **bool { return &d.certificates.checkHostname }), show: showCheckHostname},
	{names: []string{"ssl_ca_certs"}, tls: true, set: text(func(d *draft) *string { return &d.certificates.caFile })},
	{names: []string{"ssl_ca_data"}, tls: true, set: text(func(d *draft) *string { return &d.certificates.caData })},
	{names: []string{"ssl_certfile"}, tls: true, set: text(func(d *draft) *string { return &d.certificates.certFile })},
	{names: []string{"ssl_keyfile"}, tls: true, set: text(func(d *draft) *string { return &d.certificates.keyFile })},
	{names: []string{"ssl_min_version"}, tls: true, set: setMinVersion, show: showMinVersion},
}

// settingNamed finds a setting by each of its names.
var settingNamed = indexSettings()

func indexSettings() map[string]*setting {
	index := make(map[string]*setting)
	for i := range settings {
		for _, name := range settings[i].names {
			index[name] = &settings[i]
		}
	}
	return index
}

// refusals say why an option that other clients have is an error here, and what to do.
var refusals = map[string]string{
	"pool_fifo":                 "idle connections are always taken last in, first out, so that the rest become idle and are closed",
	"max_idle_conns":            "idle connections have no bound of their own: idle_timeout closes them, and max_connections bounds all",
	"retry_on_error":            "which errors are sent again is no choice: all that are safe are, and retry_on_timeout=true adds those that may double a command",
	"decode_responses":          "replies are Go strings, which hold any bytes",
	"encoding":                  "replies are Go strings, which hold any bytes",
	"encoding_errors":           "replies are Go strings, which hold any bytes",
	"legacy_responses":          "a reply has one form, whichever protocol the server speaks",
	"socket_read_size":          "read buffers grow and shrink by themselves",
	"ssl_password":              "encrypted keys are not read: decrypt the file that ssl_keyfile names",
	"ssl_ca_path":               "folders of certificates are not read: put them into one file and name it with ssl_ca_certs",
	"ssl_ciphers":               "crypto/tls chooses the cipher: set Options.TLS for another choice",
	"ssl_include_verify_flags":  "certificates are verified by crypto/x509, which has no such flags: set Options.TLS to verify in another way",
	"ssl_exclude_verify_flags":  "certificates are verified by crypto/x509, which has no such flags: set Options.TLS to verify in another way",
	"ssl_validate_ocsp":         "OCSP is not asked: set Options.TLS with a VerifyConnection that does",
	"ssl_validate_ocsp_stapled": "OCSP is not asked: set Options.TLS with a VerifyConnection that does",
	"ssl_ocsp_context":          "OCSP is not asked: set Options.TLS with a VerifyConnection that does",
	"ssl_ocsp_expected_cert":    "OCSP is not asked: set Options.TLS with a VerifyConnection that does",
}

// countSetting is a whole number within bounds that include their ends.
func countSetting(least, most int, field func(o *Options) *int, names ...string) setting {
	return setting{
		names: names,
		set: func(d *draft, value string) string {
			count, err := parseCount(value)
			if err != nil || count < least || count > most {
				return wantCount(least, most)
			}
			*field(&d.options) = count
			return ""
		},
		show: func(o *Options) string { return showCount(*field(o)) },
	}
}

// boundSetting is a time that bounds something, or none; in Options, none is negative.
func boundSetting(field func(o *Options) *time.Duration, names ...string) setting {
	return setting{
		names: names,
		set:   setBound(func(d *draft) *time.Duration { return field(&d.options) }),
		show:  func(o *Options) string { return showBound(*field(o)) },
	}
}

// backoffSetting is a time that must be positive.
func backoffSetting(field func(o *Options) *time.Duration, names ...string) setting {
	return setting{
		names: names,
		set: func(d *draft, value string) string {
			wait, err := parseTime(value)
			if err != nil || wait <= 0 {
				return wantTime
			}
			*field(&d.options) = wait
			return ""
		},
		show: func(o *Options) string { return showTime(*field(o)) },
	}
}

// text keeps a value as it is.
func text(field func(d *draft) *string) func(d *draft, value string) string {
	return func(d *draft, value string) string {
		*field(d) = value
		return ""
	}
}

// truth notes whether something is on or off; an empty value is neither.
func truth(field func(d *draft) **bool) func(d *draft, value string) string {
	return func(d *draft, value string) string {
		on, err := parseTruth(value)
		if err != nil {
			return wantTruth
		}
		*field(d) = on
		return ""
	}
}

// setBound is the set of a boundSetting.
func setBound(field func(d *draft) *time.Duration) func(d *draft, value string) string {
	return func(d *draft, value string) string {
		bound, err := parseBound(value)
		if err != nil || bound == 0 {
			return wantBound
		}
		*field(d) = bound
		return ""
	}
}
