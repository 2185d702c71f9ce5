package pubsub

import "github.com/fairlead-go/fairlead/resp"

// A Kind is a way to subscribe. Each has names of its own: the channel "a*" is not the pattern "a*".
type Kind uint8

const (
	Channel Kind = iota // by the channel's name
	Pattern             // by a pattern that channels match
	Shard               // to a shard channel, since Redis 7.0
	kinds
)

// Names are what is subscribed to, by Kind.
type Names [kinds][]string

// len is how many names there are.
func (n *Names) len() int { return len(n[Channel]) + len(n[Pattern]) + len(n[Shard]) }

// A verb is a command that begins or ends the subscription to one name.
type verb struct {
	command string // as it is sent
	answer  string // the word by which the server confirms it
}

var (
	begin = [kinds]verb{{"SUBSCRIBE", "subscribe"}, {"PSUBSCRIBE", "psubscribe"}, {"SSUBSCRIBE", "ssubscribe"}}
	end   = [kinds]verb{{"UNSUBSCRIBE", "unsubscribe"}, {"PUNSUBSCRIBE", "punsubscribe"}, {"SUNSUBSCRIBE", "sunsubscribe"}}
	ping  = verb{"PING", "pong"}
)

// An arrival is what one element of the stream says.
type arrival struct {
	word string // what it is: "message", "subscribe", "pong"…
	kind Kind   // of messages and of answers about a name
	verb verb   // of answers
	name string // the channel or pattern that it came by
	from string // of a message by a pattern: the channel
	text string // of a message: the payload
	err  error  // an error of the server
	none bool   // nothing that is for us
	cut  bool   // a message that lacks a part
}

// read says what an element of the stream is. RESP2 has arrays where RESP3 has pushes, and answers PING by an array while there are
// subscriptions.
func read(r resp.Reply) arrival {
	switch r.Kind() {
	case resp.Push, resp.Array:
	case resp.SimpleString, resp.BulkString:
		return arrival{word: "pong", verb: ping}
	default:
		err := r.Err()
		return arrival{err: err, none: err == nil}
	}
	parts := r.Elements()
	first, _ := parts.Next()
	second, _ := parts.Next()
	a := arrival{word: first.Text(), name: second.Text()}
	switch a.word {
	case "message":
		a.kind = Channel
	case "smessage":
		a.kind = Shard
	case "pmessage":
		a.kind = Pattern
		from, _ := parts.Next()
		a.from = from.Text()
	case "pong":
		a.verb = ping
		return a
	default:
		a.answers()
		return a
	}
	payload, ok := parts.Next()
	a.text, a.cut = payload.Text(), !ok
	return a
}

// answers finds the command that is answered; there is none if the word is not known.
func (a *arrival) answers() {
	for k := range kinds {
		switch a.word {
		case begin[k].answer:
			a.kind, a.verb = k, begin[k]
			return
		case end[k].answer:
			a.kind, a.verb = k, end[k]
			return
		}
	}
	a.none = true
}

// isMessage reports whether it is a message and no answer.
func (a *arrival) isMessage() bool { return a.verb.command == "" && a.err == nil && !a.none }
