package driver

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
)

// Do sends one command and returns a string reply.
func (c *Conn) Do(args ...string) (string, error) {
	_, b, err := c.do(args...)
	return string(b), err
}

// Clients counts the server's connections, this one included.
func (c *Conn) Clients() (int, error) {
	list, err := c.Do("CLIENT", "LIST")
	return strings.Count(list, "\n"), err
}

// Pipe sends commands in one go and reads their replies.
func (c *Conn) Pipe(commands [][]string) error {
	c.out = c.out[:0]
	for _, args := range commands {
		c.out = appendCommand(c.out, args...)
	}
	if _, err := c.conn.Write(c.out); err != nil {
		return err
	}
	for range commands {
		if _, _, err := c.reply(); err != nil {
			return err
		}
	}
	return nil
}

// Get is [Client].Get.
func (c *Conn) Get(_ context.Context, key string) ([]byte, error) {
	kind, value, err := c.do("GET", key)
	if err == nil && kind != '$' {
		err = fmt.Errorf("GET was answered with type %q", kind)
	}
	return value, err
}

// Set is [Client].Set.
func (c *Conn) Set(_ context.Context, key, value string) error {
	if len(value) > large {
		return checkOK(c.setLarge(key, value))
	}
	return checkOK(c.do("SET", key, value))
}

// large is the length from which on a value is handed to the kernel where it lies, instead of being copied into a buffer.
const large = 64 << 10

// together is how much of a large value goes out with the header: a small copy, which gets the server going while the rest is
// written from where it lies. All of it in one writev is slower by far.
const together = 16 << 10

func (c *Conn) setLarge(key, value string) (kind byte, _ []byte, _ error) {
	c.out = appendCommand(c.out[:0], "SET", key, "")
	const emptyValue = "0\r\n\r\n"
	c.out = strconv.AppendInt(c.out[:len(c.out)-len(emptyValue)], int64(len(value)), 10)
	c.out = append(append(c.out, "\r\n"...), value[:together]...)
	if _, err := c.conn.Write(c.out); err != nil {
		return 0, nil, err
	}
	rest := net.Buffers{view(value[together:]), crlf}
	if _, err := rest.WriteTo(c.conn); err != nil {
		return 0, nil, err
	}
	return c.reply()
}

var crlf = []byte("\r\n")

func checkOK(kind byte, status []byte, err error) error {
	if err == nil && (kind != '+' || string(status) != "OK") {
		return notOK("SET", string(status))
	}
	return err
}

// SetPipe is [Client].SetPipe.
func (c *Conn) SetPipe(_ context.Context, keys []string, value string) error {
	c.out = c.out[:0]
	for _, key := range keys {
		c.out = appendCommand(c.out, "SET", key, value)
	}
	if _, err := c.conn.Write(c.out); err != nil {
		return err
	}
	for range keys {
		if err := checkOK(c.reply()); err != nil {
			return err
		}
	}
	return nil
}

// MGet is [Client].MGet.
func (c *Conn) MGet(_ context.Context, keys []string) (Elements, error) {
	c.args = append(append(c.args[:0], "MGET"), keys...)
	return c.elements(c.args...)
}

// HGetAll is [Client].HGetAll.
func (c *Conn) HGetAll(_ context.Context, key string) (Elements, error) {
	e, err := c.elements("HGETALL", key)
	e.Dropped.Count /= 2
	e.Dropped.Pairs = true
	return e, err
}

// LRange is [Client].LRange.
func (c *Conn) LRange(_ context.Context, key string) (Elements, error) {
	return c.elements("LRANGE", key, "0", "-1")
}

func (c *Conn) elements(args ...string) (Elements, error) {
	kind, _, err := c.do(args...)
	if err == nil && kind != '*' {
		err = fmt.Errorf("%s was answered with type %q", args[0], kind)
	}
	return Elements{Dropped: c.array}, err
}

// Close ends the connection.
func (c *Conn) Close() error { return c.conn.Close() }
