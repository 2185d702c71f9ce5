// Package fairlead is a client for Redis and Valkey.
//
//	c, err := fairlead.Open("redis://localhost:6379/0?max_connections=20")
//	defer c.Close()
//	err = c.Set(ctx, "name", "Ada", time.Minute)
//	name, err := c.Get(ctx, "name") // fairlead.Nil where the key does not exist
//
// Methods return values; a command to send later is a value, [redis.Cmd], for [Do], [Queue] and pipes.
//
// # Three promises
//
// Certain: every failure says whether the command can have run. [NotRun] is the one question to ask before sending again; only what
// is safe is sent again by itself; a reply never reaches the wrong caller; every connection has a state, and every closed one a
// cause ([Pool.Conns], [Pool.Events]).
//
// Few connections: thousands of goroutines share a handful. What must be alone (blocking commands, [Client.Watch],
// [Client.Conn]) takes a connection from a bounded pool and gives it back.
//
// Fast: one caller runs at the speed of a bare socket, many callers' commands leave in one write.
//
// # Pool and Client
//
// A [Pool] holds every connection to one server; a [Client] runs commands over a pool and is cheap. [Open] makes both. Several
// clients may share a pool made by [NewPool]: closing one of them does not close it. Both are safe for concurrent use; a [Pipe], a
// [Tx] and a [Conn] belong to one goroutine each, and say so with [ErrBusy] if they do not.
//
// # Contexts
//
// A command waits for its reply, its context and [Options.Timeout], whichever ends first; the Timeout counts only where the context has no
// deadline. Deadlines are kept to the moment. So are cancellations, except that they may be noticed 10 ms late where the context has a
// deadline too, and where more than ten commands are under way: to watch every context all the time would cost more than the commands.
// A blocking command's cancellation is noticed at once. A command that was given up may still run, which its error says; its
// connection stays open.
//
// # Walks
//
//	for key, err := range c.Keys(ctx, redis.ScanArgs{Match: "user:*"}) { … }
//
// [Commands.Keys], [Commands.HashFields], [Commands.SetMembers] and [Commands.SortedSetMembers] hide the cursors of SCAN and its kin, and
// promise what these do: what is there from the beginning to the end comes at least once; what is added or removed meanwhile may come
// or not; what the server moves about while a table grows or shrinks may come twice: collect in a map where that matters. A server
// that was restarted meanwhile, or replaced by its replica, counts differently, and something may be left out. One page is asked for
// when the one before is used up, and nothing is held in between: the loop's body may do what it likes. An error comes once and is the
// last. Each range over a walk begins anew.
//
// # Subscriptions
//
// [Client.Subscribe] and its likes return a [PubSub], whose [PubSub.Messages] go on across lost connections. A [GapError] among them tells
// between when and when messages may be missing, since the server keeps none for those who are not connected. All subscriptions of
// a pool share one connection, which counts among MaxConnections; one that may hold it up ([OverflowBlock]) has its own.
//
// # Consumer groups
//
// [Commands.Consume] reads streams as a consumer of a group, as a loop: each entry is delivered at least once, whatever happens to
// the process or its connections, and stays pending until [Delivery.Ack]. Unlike a walk it goes on after an error where it can.
// [Commands.TrimAcknowledged] removes what all groups are done with.
//
// # The way of a command
//
//	            c.Get(ctx, "k")
//	command     redis.Get("k")               redis/            a value: arguments, flags, decoder
//	   ↓
//	route       which connection             internal/route/   shared or exclusive; sent again, or not
//	   ↓
//	encode      Request.Append               redis/, resp/     into the connection's write buffer
//	   ↓
//	connection  one flusher writes for all   internal/conn/    exclusive ones from internal/pool/
//	   ↓           ~~~~ server ~~~~
//	reply       in order, to its call        internal/conn/
//	   ↓
//	decode      Cmd.Read                     redis/            "v", nil
//
// Function comments say "Step n of 6" where a command passes, and `fairlead trace GET k` shows the steps with their bytes and times.
//
// # The map
//
// [redis] has the commands as values; [resp] the protocol alone; [redistest] real servers, a scripted fake, a fault proxy and an
// in-memory network for tests. Packages lock, limit and cacheaside are helpers over the client.
// DESIGN.md tells how the inside works and what was rejected.
package fairlead
