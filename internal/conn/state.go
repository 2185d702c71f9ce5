package conn

// A State is where a connection is in its life. It changes only in setState, in this order:
//
//	Dialing → Handshaking → Ready ⇄ Suspect → Draining → Closed
//
// with Closed reachable from all.
type State uint8

const (
	// Dialing: there is no socket yet, or TLS is being agreed on.
	Dialing State = iota

	// Handshaking: the socket is open; the server is told who we are and asked for a protocol. No call is taken.
	Handshaking

	// Ready: takes calls.
	Ready

	// Suspect: owes a reply for longer than a call may take, and nothing has come from the server since. It takes
	// no new calls. Any byte that arrives makes it Ready again; if none does it is closed with ReadTimeout.
	Suspect

	// Draining: takes no new calls and delivers the replies it owes, then closes with the cause it drains for.
	Draining

	// Closed: the socket is closed, every call has its answer, and the cause is recorded. The end.
	Closed
)

// String is the state's name in lower case.
func (s State) String() string {
	switch s {
	case Dialing:
		return "dialing"
	case Handshaking:
		return "handshaking"
	case Ready:
		return "ready"
	case Suspect:
		return "suspect"
	case Draining:
		return "draining"
	case Closed:
		return "closed"
	}
	return "unknown"
}

// A Cause is why a connection was closed, or drains.
type Cause uint8

const (
	NoCause          Cause = iota // it is not closed
	PeerClosed                    // the server ended the stream (FIN)
	PeerReset                     // the server, or something between, reset the connection (RST)
	PeerVanished                  // keepalive or sent data went unacknowledged for too long
	ReadTimeout                   // it owed a reply for too long and nothing came
	WriteTimeout                  // the kernel took no bytes for too long
	ProtocolBroken                // the server sent something that is not RESP, or a reply nobody asked for
	DialFailed                    // no socket was opened
	HandshakeRefused              // the server refused the handshake: password, permission, database, too many clients
	IdleLimit                     // nobody used it for Options.IdleTimeout
	LifetimeLimit                 // it reached Options.MaxLifetime
	BudgetCalled                  // its place was needed for another connection
	Dirty                         // it came back to the pool in a state that could harm its next user
	Topology                      // its server no longer serves what it was opened for
	UserClosed                    // Close or Shutdown
	TransferCut                   // a long value that passed by was given up in the middle: its reader or writer failed, or its context ended
	SocketError                   // any other error of the operating system
)

// String says the cause in a few words.
func (c Cause) String() string {
	switch c {
	case NoCause:
		return ""
	case PeerClosed:
		return "closed by the server"
	case PeerReset:
		return "reset by the server"
	case PeerVanished:
		return "server vanished"
	case ReadTimeout:
		return "no reply in time"
	case WriteTimeout:
		return "no bytes taken in time"
	case ProtocolBroken:
		return "protocol broken"
	case DialFailed:
		return "dial failed"
	case HandshakeRefused:
		return "handshake refused"
	case IdleLimit:
		return "idle limit"
	case LifetimeLimit:
		return "lifetime limit"
	case BudgetCalled:
		return "place needed by another connection"
	case Dirty:
		return "came back dirty"
	case Topology:
		return "topology changed"
	case UserClosed:
		return "closed by the user"
	case TransferCut:
		return "long value given up"
	case SocketError:
		return "socket error"
	}
	return "unknown cause"
}
