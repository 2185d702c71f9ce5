package wiretap

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/cmd/fairlead/internal/figures"
	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// A Way is what was seen of a command, step by step.
type Way struct {
	Command string // its name
	Server  string // the server's address
	Opening Step   // the connection, opened before the command was sent
	Steps   []Step // command, route, encode, connection, reply, decode; fewer if it did not come so far
	Total   time.Duration
}

// A Step is a part of the way.
type Step struct {
	Name   string
	Took   time.Duration
	Bytes  int    // how many bytes it moved or made
	Detail string // in words
	Wire   []string
}

// describeOpening says how the connection was opened.
func (f *follower) describeOpening(w *Way) {
	s := &w.Opening
	s.Name, s.Took = "opened", f.opened
	for _, p := range f.tape.cut() {
		s.Bytes += len(p.data)
		s.Wire = append(s.Wire, f.scribe.write(p)...)
	}
	dials := f.tape.dialled()
	if len(dials) == 0 {
		s.Detail = "no socket was connected"
		return
	}
	last := dials[len(dials)-1]
	parts := []string{figures.Duration(last.socket) + " for the socket"}
	if last.tls > 0 {
		parts = append(parts, figures.Duration(last.tls)+" for TLS")
	}
	rest := "the handshake"
	if f.warmedByPing {
		rest += " and a PING"
	}
	parts = append(parts, figures.Duration(f.opened-last.socket-last.tls)+" for "+rest)
	s.Detail = strings.Join(parts, ", ")
}

// describe says what the six steps were. Their durations add up to the total: each step begins where the last one ended.
// Only encoding cannot be told from outside, so the command is encoded once more and timed; the route is what is left.
func (f *follower) describe(w *Way, pool *fairlead.Pool) {
	w.Total = f.built + f.end.Sub(f.start)
	w.Steps = []Step{{Name: "command", Took: f.built, Detail: facts(&f.command.Request)}}
	sent, received := f.sort(f.tape.cut())
	if sent.Bytes == 0 {
		w.Steps = append(w.Steps, Step{Name: "route", Took: f.end.Sub(f.start), Detail: "not one byte was sent"})
		return
	}
	if received.Bytes > 0 && received.end.Before(sent.end) {
		sent.end = received.end // the reply was there before the write had returned
	}
	encoded, size := f.encode()
	until := sent.begin.Sub(f.start)
	encoded = min(encoded, until)
	w.Steps = append(w.Steps,
		Step{Name: "route", Took: until - encoded, Detail: w.Server + ", " + over(pool)},
		Step{Name: "encode", Took: encoded, Bytes: size, Detail: fmt.Sprintf("%s, %s",
			figures.Counted(int64(f.command.Words()), "word"), figures.Counted(int64(size), "byte"))},
		sent.step("connection", "write", sent.end.Sub(sent.begin)))
	if received.Bytes == 0 || callError(f.err) != nil {
		w.Steps = append(w.Steps, received.step("reply", "read", f.end.Sub(sent.end)))
		return
	}
	reply := received.step("reply", "read", f.answered.Sub(sent.end))
	reply.Detail += ", the last after " + figures.Duration(received.end.Sub(sent.end))
	w.Steps = append(w.Steps, reply, Step{Name: "decode", Took: f.end.Sub(f.answered), Detail: f.decoded()})
}

// traffic is what moved in one direction.
type traffic struct {
	Step
	begin, end time.Time
	pieces     int
}

// sort puts what was recorded into the two directions.
func (f *follower) sort(pieces []piece) (sent, received traffic) {
	for _, p := range pieces {
		way := &received
		if p.sent {
			way = &sent
		}
		if way.pieces == 0 {
			way.begin = p.begin
		}
		way.end = p.end
		way.pieces++
		way.Bytes += len(p.data)
		way.Wire = append(way.Wire, f.scribe.write(p)...)
	}
	return sent, received
}

func (t *traffic) step(name, unit string, took time.Duration) Step {
	t.Name, t.Took = name, took
	t.Detail = fmt.Sprintf("%s in %s", figures.Counted(int64(t.Bytes), "byte"), figures.Counted(int64(t.pieces), unit))
	return t.Step
}

// encode encodes the command once more, into a buffer as large as a connection's usually is by then.
func (f *follower) encode() (took time.Duration, size int) {
	buffer := make([]byte, 0, 2*f.command.Size()+64)
	began := time.Now()
	buffer = f.command.Append(buffer)
	return time.Since(began), len(buffer)
}

// facts are what the command table says about a command.
func facts(r *redis.Request) string {
	keys := int64(0)
	for range r.Keys() {
		keys++
	}
	words := []string{r.Name() + " with " + figures.Counted(keys, "key")}
	for _, flag := range []struct {
		is   redis.Flags
		text string
	}{
		{redis.ReadOnly, "read-only"}, {redis.Write, "writes"}, {redis.Blocking, "may block"}, {redis.Stateful, "changes its connection"},
	} {
		if r.Has(flag.is) {
			words = append(words, flag.text)
		}
	}
	if since := r.Spec().Since; since != "" {
		words = append(words, "since Redis "+since)
	} else {
		words = append(words, "not in the command table")
	}
	return strings.Join(words, ", ")
}

// over says which connection the command used: the one that read last.
func over(pool *fairlead.Pool) string {
	var last fairlead.ConnInfo
	for _, c := range pool.Conns() {
		if !c.LastRead.Before(last.LastRead) {
			last = c
		}
	}
	switch {
	case last.ID == 0:
		return "over a connection that is closed by now"
	case last.Shared:
		return fmt.Sprintf("database %d, over connection %d, which commands share", last.DB, last.ID)
	}
	return fmt.Sprintf("database %d, over connection %d, which it has to itself", last.DB, last.ID)
}

// decoded says what the reply was read as, without showing any of it.
func (f *follower) decoded() string {
	if refusal, refused := errors.AsType[*resp.Error](f.err); refused {
		return "an error of the server, " + cmp.Or(refusal.Code, "without a code")
	}
	kind := f.reply.Kind
	switch n := int64(len(f.reply.Elems)); {
	case kind == resp.Map:
		return "a map of " + figures.Counted(n/2, "pair")
	case kind.Aggregate():
		return "a list of " + figures.Counted(n, "element")
	case kind == resp.BulkString || kind == resp.VerbatimString || kind == resp.SimpleString:
		return "a string of " + figures.Counted(int64(len(f.reply.Str)), "byte")
	case kind == resp.Null:
		return "nothing there"
	}
	return kind.String()
}
