// Package wire lets other clients for Redis run over the few connections of a fairlead pool: its [Conn] is a net.Conn that a client takes
// for a connection to a server. What the client writes is read as commands, which run over a fairlead.Client; what the client
// reads are their replies. Packages goredis and redigo beside this one use it.
//
// A Conn costs no connection to the server, no goroutine and some KiB of memory, so that a client's pool of hundreds of them is well.
//
// # What holds
//
//   - Replies and errors are passed on byte for byte, in order. Of RESP2 the nil array comes as the nil string.
//   - Commands that were written before the first reply to them is read are one pipe, and leave in one write.
//   - MULTI … EXEC travels as one block over a shared connection, if all of it was written before a reply is read. Otherwise, and after
//     WATCH, the Conn has a connection of the pool to itself, until EXEC, DISCARD or UNWATCH.
//   - Blocking commands have a connection of the pool to themselves while they block; a deadline lets them go without losing an element.
//   - SELECT chooses the database of this Conn alone, over the same connections.
//   - HELLO, AUTH, CLIENT SETNAME, GETNAME and SETINFO are answered here: the pool's connections have introduced themselves long ago. AUTH
//     succeeds with the pool's own credentials only. A Conn may be used without AUTH, since whoever has the Client may use it.
//   - Other commands that change their connection (READONLY, CLIENT NO-EVICT, …) get one to themselves, for as long as the Conn lives.
//   - The deadlines of net.Conn are obeyed. Where none is set, Options.Timeout of the pool bounds each command.
//   - Fairlead sends again what it may, and nothing else. A command that got no reply ends the Conn, after all replies that did come: Read
//     returns an error of which errors.As makes a *fairlead.CallError, and fairlead.NotRun whether the command can have run. It
//     is no io.EOF and no net.Error, which clients take for leave to send anything again. A deadline is a net.Error: turn their own
//     retries off.
//
// # What does not
//
//   - SUBSCRIBE and its kin, MONITOR, CLIENT TRACKING, CLIENT REPLY and replication: all that brings bytes nobody asked for is answered
//     with an error that says so.
//   - A WAIT that does not stand in one pipe with what it waits for is an error, as nobody knows which connection that went over.
//   - The protocol is the pool's. A client that asks for RESP2 (or asks for nothing) needs a pool whose Options.Protocol is 2, since the shapes
//     of replies differ from command to command; otherwise each command is answered with NOPROTO.
//   - The name of a command that Redis does not know is sent in capitals, and stands so in the server's error.
package wire
