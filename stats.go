package fairlead

import (
	"github.com/fairlead-go/fairlead/internal/conn"
	"github.com/fairlead-go/fairlead/internal/pool"
	"github.com/fairlead-go/fairlead/internal/stats"
)

// Stats is what a pool has counted and what it holds at one moment. Held now: Open connections (Peak: the most ever, Limit: the bound), of
// them Shared, Idle and PubSub (held by subscriptions); calls Waiting for one; calls InFlight. Counted since the pool was made: Replies, Retries, Dials, DialErrors,
// Closes, Waits, WaitTime, WaitTimeouts, BytesIn, BytesOut.
type Stats = stats.Snapshot

// A ConnInfo is what can be seen of one connection at one moment: ID, Addr, State, Cause and Err (why it drains or was closed), Since
// (when it was opened), DB, Owes (calls whose replies have not come), Oldest (age of the oldest of them), BytesIn, BytesOut, Replies, LastRead,
// Server (what it said about itself), Shared, Holder (the command that has it to itself; SUBSCRIBE: subscriptions).
type ConnInfo = pool.Info

// An Event is one change of a connection's state: Time, Conn (its number), Addr, From, To, Cause and Err (why it drains or was closed).
type Event = conn.Event

// A State is where a connection is in its life.
type State = conn.State

// The states of a connection: dialing → handshaking → ready ⇄ suspect → draining → closed.
const (
	StateDialing     = conn.Dialing     // there is no socket yet, or TLS is being agreed on
	StateHandshaking = conn.Handshaking // the server is told who we are
	StateReady       = conn.Ready       // takes commands
	StateSuspect     = conn.Suspect     // owes a reply for too long; takes no new commands until a byte comes
	StateDraining    = conn.Draining    // takes no new commands and delivers what it owes
	StateClosed      = conn.Closed      // over, with its cause recorded
)

// A Cause is why a connection was closed, or drains.
type Cause = conn.Cause

// The causes of a connection's end.
const (
	CausePeerClosed       = conn.PeerClosed       // the server ended the stream
	CausePeerReset        = conn.PeerReset        // the connection was reset
	CausePeerVanished     = conn.PeerVanished     // keepalive or sent data went unacknowledged for too long
	CauseReadTimeout      = conn.ReadTimeout      // it owed a reply for too long and nothing came
	CauseWriteTimeout     = conn.WriteTimeout     // the kernel took no bytes for too long
	CauseProtocolBroken   = conn.ProtocolBroken   // the server sent something that is not RESP, or that nobody asked for
	CauseDialFailed       = conn.DialFailed       // no socket was opened
	CauseHandshakeRefused = conn.HandshakeRefused // the server refused the handshake
	CauseIdleLimit        = conn.IdleLimit        // nobody used it for Options.IdleTimeout
	CauseLifetimeLimit    = conn.LifetimeLimit    // it reached Options.MaxLifetime
	CauseBudgetCalled     = conn.BudgetCalled     // its place was needed for another connection
	CauseDirty            = conn.Dirty            // it came back in a state that could harm its next user
	CauseTopology         = conn.Topology         // its server no longer serves what it was opened for
	CauseUserClosed       = conn.UserClosed       // Close or Shutdown
	CauseSocketError      = conn.SocketError      // another error of the operating system
)

// Stats returns what the pool has counted and what it holds now.
func (p *Pool) Stats() Stats { return p.pool.Stats() }

// Conns returns what can be seen of every open connection now, the oldest first.
func (p *Pool) Conns() []ConnInfo { return p.pool.Conns() }

// Events returns the last 512 changes of state of the pool's connections, the oldest first.
func (p *Pool) Events() []Event { return p.pool.Events() }
