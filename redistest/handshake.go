package redistest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// fakeVersion is the server version that AnswerHandshake claims.
const fakeVersion = "7.2.0"

// AnswerHandshake answers the commands with which clients open a connection as a server would that accepts everything: HELLO
// 2 or 3, AUTH, SELECT, READONLY and CLIENT SETNAME, SETINFO, ID, TRACKING, NO-EVICT, NO-TOUCH. The script begins after it.
//
// It answers what the client sends at once and returns when there is no more of it, or before the first other command. A
// client that waits for an answer in the middle of its handshake needs AnswerHandshake once for each such step.
func (c *FakeConn) AnswerHandshake() {
	var replies []byte
	for len(replies) == 0 || c.reader.Buffered() > 0 {
		args, err := c.peekCommand()
		if endOfStream(err) {
			c.noteEnd(err)
			c.giveUpReading("a handshake", err)
		}
		reply := c.handshakeReply(args)
		if reply == "" {
			break // another command, or none at all: the script's next step reads it
		}
		raw := appendCommand(nil, args...)
		c.logPart(raw)
		_, _ = c.reader.Discard(len(raw)) // they were peeked at, so they are there
		replies = append(replies, reply...)
	}
	if len(replies) > 0 {
		c.Reply(string(replies))
	}
}

// peekCommand returns the next command and leaves it to be read.
func (c *FakeConn) peekCommand() ([]string, error) {
	for size := 1; ; size = c.reader.Buffered() + 1 {
		switch _, err := c.reader.Peek(size); {
		case err != nil && size == 1:
			return nil, err
		case err != nil:
			return nil, midway(err)
		}
		buffered, _ := c.reader.Peek(c.reader.Buffered())
		args, err := readCommand(bufio.NewReader(bytes.NewReader(buffered)))
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			return args, err
		}
	}
}

// handshakeReply returns the answer to a command of a handshake, "" for any other command.
func (c *FakeConn) handshakeReply(args []string) string {
	if len(args) == 0 {
		return ""
	}
	switch strings.ToUpper(args[0]) {
	case "HELLO":
		return c.helloReply(args[1:])
	case "AUTH", "SELECT", "READONLY":
		return "+OK\r\n"
	case "CLIENT":
		return c.clientReply(args[1:])
	}
	return ""
}

func (c *FakeConn) clientReply(args []string) string {
	if len(args) == 0 {
		return ""
	}
	switch strings.ToUpper(args[0]) {
	case "ID":
		return fmt.Sprintf(":%d\r\n", c.number)
	case "SETNAME", "SETINFO", "TRACKING", "NO-EVICT", "NO-TOUCH":
		return "+OK\r\n"
	}
	return ""
}

// helloReply is a map in RESP3 and an array in RESP2.
func (c *FakeConn) helloReply(args []string) string {
	protocol, start := "2", "*14\r\n"
	if len(args) > 0 {
		protocol = args[0]
	}
	switch protocol {
	case "2":
	case "3":
		start = "%7\r\n"
	default:
		return "-NOPROTO unsupported protocol version\r\n"
	}
	return start + fmt.Sprintf("$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$%d\r\n%s\r\n$5\r\nproto\r\n:%s\r\n$2\r\nid\r\n:%d\r\n"+
		"$4\r\nmode\r\n$10\r\nstandalone\r\n$4\r\nrole\r\n$6\r\nmaster\r\n$7\r\nmodules\r\n*0\r\n",
		len(fakeVersion), fakeVersion, protocol, c.number)
}
