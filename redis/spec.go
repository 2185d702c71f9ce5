package redis

import (
	"strings"

	"github.com/fairlead-go/fairlead/resp"
)

// A Spec holds the facts about a command that the server's own command table tells, or the documentation of its module. It is immutable.
type Spec struct {
	Name  string // in capitals, a subcommand after a space: "GET", "CLIENT LIST"
	Flags Flags
	Since string // the version of the server, or of its module, that brought it: "1.0.0"

	// Where the keys of a command built by New are, counted from the command's name at 0 as in COMMAND's reply:
	// the first, the last (negative: counted from the end, -1 is the last word), and the step between them.
	// FirstKey 0: none, or their places depend on the arguments.
	FirstKey, LastKey, KeyStep int

	words int    // one, or two with a subcommand
	wire  string // the words as they are sent

	script *Script // the one it runs by its hash; nil for all others
}

// Flags tell how a command behaves, as far as a client has to know.
type Flags uint16

const (
	ReadOnly   Flags = 1 << iota // changes no data (command flag readonly): sent again when a reply is missing
	Write                        // may change data (command flag write)
	Blocking                     // may wait at the server for something to happen (command flag blocking)
	Stateful                     // changes what the connection means to commands after it, so it needs one of its own
	PubSub                       // belongs to subscriptions (command flag pubsub)
	NoMulti                      // not allowed between MULTI and EXEC (command flag no_multi)
	Admin                        // administers the server (command flag admin)
	NoReply                      // the server may answer it with nothing, or with more than one reply
	HangsUp                      // the server answers it by closing the connection, unless it fails
	OwnConn                      // it is about what was sent before on the same connection
	Aside                        // it is about a script that is running, behind which it would wait on the same connection
	MovableKey                   // its keys' places depend on its arguments (command flag movablekeys)
)

// Has reports whether all of the flags in f2 are set.
func (f Flags) Has(f2 Flags) bool { return f&f2 == f2 }

// newSpec is the Spec of a command that the table does not know.
func newSpec(name string) *Spec {
	s := &Spec{Name: name}
	s.encode()
	return s
}

// encode prepares the words as they are sent, once and not with every command.
func (s *Spec) encode() {
	var wire []byte
	for word := range strings.SplitSeq(s.Name, " ") {
		wire = resp.AppendBulk(wire, word)
		s.words++
	}
	s.wire = string(wire)
}
