// Package resp is the syntax of RESP, the protocol that Redis and its relatives speak, in both versions.
// It knows bytes and replies. It knows no commands, makes no connections, and has no opinion on what a reply means.
//
// # Terminology
//
// These words are used throughout, each in one sense:
//
//   - A command is what a client sends: an array of bulk strings, its words. The first is the command's name.
//   - A reply is what a server sends: one [Kind] of thing, whole. An error the server answers with is a reply; see [Reply.Err].
//   - An aggregate is a reply that holds others, its elements: an array, a map, a set, a push, attributes.
//     A map's keys and values are elements, in turn.
//   - Attributes are pairs about the reply they come before; they are no reply and no element.
//   - A push is a reply to no command. RESP3 sends it between other replies.
//   - A null is a reply that says that nothing is there. RESP2's two nils are read as nulls.
//   - A bulk string may hold any bytes, a simple string or simple error all but line ends.
//   - To append is to write a command's or reply's bytes after others; to scan is to find where replies end;
//     to read is to look at what is in one.
//
// # Tour
//
// Writing commands: [AppendCommand], or [AppendArray] and then, for each word, [AppendBulk], [AppendInt], [AppendUint] or [AppendFloat].
// They grow a buffer the caller has; whatever a word holds, it stays one word.
//
// Reading replies: a [Scanner] does no I/O and fits into any loop that reads; a [Reader] is a Scanner with its io.Reader.
// Both return a [Reply], which is taken off the wire but not interpreted: ask it for what it should be ([Reply.Int], [Reply.Str], …),
// or walk over its elements ([Reply.Elements]). A Reply owns its memory and may be kept.
//
// Whole replies: a [Value] is a reply as a tree, to be printed as redis-cli does ([Value.String]), turned into JSON
// ([Value.AppendJSON]), or built and sent by a fake server ([AppendReply]).
//
// Watching: a [Tracer] turns the bytes of a connection into a text of stable format, without passwords.
//
// # Trust
//
// The server is not trusted. What it announces costs nothing: memory grows with what has arrived, at most fourfold, up to [Limits].
// Only for a large string that has begun to arrive, up to 64 MiB are reserved on its word, and not touched before they are needed.
// Bytes that are no RESP, or past a limit, are a [ProtocolError] with their offset and an excerpt, the same wherever the network
// cut the stream. After one nothing more is read, because nobody knows where the next reply begins.
//
// The grammar is that of the RESP3 specification, streamed strings and aggregates included, which is a superset of RESP2's.
// It is taken strictly: lines end in CR LF, and hold neither byte within; null, booleans and numbers have no other spellings than
// the specification's, save inf and nan, which old servers took from their C library.
package resp
