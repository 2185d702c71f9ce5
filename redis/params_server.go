package redis

// database sends a database's number; the connection's own needs none.
func (r *Request) database(n int) {
	if n >= 0 {
		r.text("DB")
		r.int(int64(n))
	}
}

// migrateAuth sends who the user at the other server is.
func (r *Request) migrateAuth(username, password string) {
	switch {
	case username != "":
		r.text("AUTH2")
		r.text(username)
		r.text(password)
	case password != "":
		r.text("AUTH")
		r.text(password)
	}
}

// failoverTo sends which replica is to become the primary.
func (r *Request) failoverTo(host, port string) {
	if host != "" || port != "" {
		r.text("TO")
		r.text(host)
		r.text(port)
	}
}
