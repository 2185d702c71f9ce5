package dataset

// A Piper is a connection to the server.
type Piper interface {
	// Pipe sends commands in one go and returns the first error of any reply.
	Pipe(commands [][]string) error
}

// Seed fills a server with everything, but with the wide keys and the largest values only if asked, as they take a
// second and memory.
func Seed(server Piper, wide, huge bool) error {
	s := seeder{server: server}
	for _, keys := range []Keys{GetKeys(), SetKeys()} {
		s.small(keys)
	}
	for _, size := range Sizes {
		if size < 1<<20 || huge {
			s.add("SET", LargeKey(size), LargeValue(size))
			s.flush()
		}
	}
	names, values := Fields()
	for i, name := range names {
		s.add("HSET", Hash, name, values[i])
	}
	s.add("DEL", List)
	for _, element := range Elements() {
		s.add("RPUSH", List, element)
	}
	if wide {
		s.small(Wide())
	}
	s.flush()
	return s.err
}

// seeder sends commands a thousand at a time, and none after an error.
type seeder struct {
	server  Piper
	pending [][]string
	err     error
}

func (s *seeder) add(command ...string) {
	s.pending = append(s.pending, command)
	if len(s.pending) == 1000 {
		s.flush()
	}
}

func (s *seeder) small(keys Keys) {
	for i := range keys.Len() {
		s.add("SET", keys.At(i), keys.Value(i))
	}
}

func (s *seeder) flush() {
	if s.err == nil && len(s.pending) > 0 {
		s.err = s.server.Pipe(s.pending)
	}
	s.pending = s.pending[:0]
}
