package driver

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// Conn is a bare blocking connection that speaks RESP2, for one goroutine. The harness itself uses it too.
type Conn struct {
	conn   net.Conn
	reader *bufio.Reader
	out    []byte
	args   []string
	value  []byte // the last large value; reused
	array  Dropped
}

// Dial opens a Conn.
func Dial(cfg Config) (*Conn, error) {
	conn, err := dialFar(cfg)
	if err != nil {
		return nil, err
	}
	return &Conn{conn: conn, reader: bufio.NewReaderSize(conn, 16<<10)}, nil
}

// dialFar opens a socket with a deadline that is never reached: see the note of driver raw.
func dialFar(cfg Config) (net.Conn, error) {
	conn, err := net.DialTimeout(cfg.Network, cfg.Addr, 5*time.Second)
	if err != nil {
		return nil, err
	}
	if err := conn.SetDeadline(time.Now().Add(time.Hour)); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// appendCommand appends a command as an array of bulk strings.
func appendCommand(b []byte, args ...string) []byte {
	b = append(b, '*')
	b = strconv.AppendInt(b, int64(len(args)), 10)
	for _, arg := range args {
		b = append(b, "\r\n$"...)
		b = strconv.AppendInt(b, int64(len(arg)), 10)
		b = append(b, "\r\n"...)
		b = append(b, arg...)
	}
	return append(b, "\r\n"...)
}

// errNil is a null reply where a value was asked for.
var errNil = errors.New("the reply is null")

// readHeader reads one line: a type, and the number behind it, -1 for null. An error reply is an error.
func readHeader(r *bufio.Reader) (kind byte, n int, line []byte, err error) {
	line, err = r.ReadSlice('\n')
	if err != nil {
		return 0, 0, nil, err
	}
	if len(line) < 3 {
		return 0, 0, nil, fmt.Errorf("not a reply: %q", line)
	}
	kind, line = line[0], line[1:len(line)-2]
	switch kind {
	case '+':
		return kind, 0, line, nil
	case '-':
		return kind, 0, line, errors.New(string(line))
	case '$', '*', ':':
		n, err = parseLength(line)
		return kind, n, line, err
	}
	return kind, 0, line, fmt.Errorf("not a reply: %q", line)
}

// parseLength reads a number without allocating; -1 is null.
func parseLength(text []byte) (n int, err error) {
	if text[0] == '-' {
		return -1, nil
	}
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, fmt.Errorf("not a length: %q", text)
		}
		n = n*10 + int(c-'0')
	}
	return n, nil
}

func (c *Conn) do(args ...string) (kind byte, _ []byte, _ error) {
	c.out = appendCommand(c.out[:0], args...)
	if _, err := c.conn.Write(c.out); err != nil {
		return 0, nil, err
	}
	return c.reply()
}

// reply reads one reply; of an array it keeps what Dropped has.
func (c *Conn) reply() (kind byte, _ []byte, _ error) {
	kind, n, line, err := readHeader(c.reader)
	switch {
	case err != nil:
		return kind, nil, err
	case kind == '$':
		value, err := c.bulk(n)
		return kind, value, err
	case kind == '*':
		total := Dropped{Count: n}
		for i := range n {
			_, element, err := c.reply()
			if err != nil {
				return kind, nil, err
			}
			total.add(i, n, element)
		}
		c.array = total
	}
	return kind, line, nil
}

// bulk reads n bytes and the end of the line: a view into the read buffer where they are in it already.
func (c *Conn) bulk(n int) ([]byte, error) {
	if n < 0 {
		return nil, errNil
	}
	if n+2 <= c.reader.Buffered() {
		b, _ := c.reader.Peek(n + 2)
		_, err := c.reader.Discard(n + 2)
		return b[:n], err
	}
	if cap(c.value) < n+2 {
		c.value = make([]byte, n+2)
	}
	_, err := io.ReadFull(c.reader, c.value[:n+2])
	return c.value[:n], err
}
