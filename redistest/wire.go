package redistest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// The few lines of RESP that the admin connection and the fake server need. They are written here and not taken from package
// resp, so that a mistake there cannot hide behind the same mistake in its tests.

// ReplyError is an error that the server replied: its code and message, as in "WRONGTYPE Operation against a key …".
type ReplyError string

// Error returns the server's words.
func (e ReplyError) Error() string { return string(e) }

// maxBulk is the longest string of a command, the server's own default limit.
const maxBulk = 512 << 20

// maxArguments is how many strings a command may have.
const maxArguments = 1 << 20

// errNotACommand is about bytes that are not an array of bulk strings.
var errNotACommand = errors.New("not a command in RESP, which is an array of bulk strings")

// appendCommand appends args as clients send them: an array of bulk strings.
func appendCommand(dst []byte, args ...string) []byte {
	dst = fmt.Appendf(dst, "*%d\r\n", len(args))
	for _, arg := range args {
		dst = fmt.Appendf(dst, "$%d\r\n%s\r\n", len(arg), arg)
	}
	return dst
}

// readCommand reads one command. The error is io.EOF if the stream ends before its first byte.
func readCommand(r *bufio.Reader) ([]string, error) {
	line, err := readLine(r)
	if err != nil {
		return nil, err
	}
	count, err := parseLength(line, '*', maxArguments)
	if err != nil {
		return nil, err
	}
	args := make([]string, 0, min(count, 64))
	for range count {
		line, err := readLine(r)
		if err != nil {
			return nil, midway(err)
		}
		size, err := parseLength(line, '$', maxBulk)
		if err != nil {
			return nil, err
		}
		arg, err := readBulk(r, size)
		if err != nil {
			return nil, err
		}
		args = append(args, arg)
	}
	return args, nil
}

// readReply reads one reply in RESP2 and returns it as text: see Server.Do.
func readReply(r *bufio.Reader) (string, error) {
	line, err := readLine(r)
	if err != nil {
		return "", err
	}
	if line == "" {
		return "", errors.New("an empty line is no reply")
	}
	switch line[0] {
	case '+', ':':
		return line[1:], nil
	case '-':
		return "", ReplyError(line[1:])
	}
	size, err := strconv.Atoi(line[1:])
	if err != nil {
		return "", fmt.Errorf("not a reply in RESP2: %q", line)
	}
	switch {
	case size < 0:
		return "(nil)", nil
	case line[0] == '$':
		return readBulk(r, size)
	case line[0] == '*':
		return readElements(r, size)
	}
	return "", fmt.Errorf("not a reply in RESP2: %q", line)
}

// readElements reads the replies inside an array, one per line.
func readElements(r *bufio.Reader, count int) (string, error) {
	var lines []string
	for range count {
		text, err := readReply(r)
		if refused, ok := errors.AsType[ReplyError](err); ok {
			text = "(error) " + string(refused)
		} else if err != nil {
			return "", midway(err)
		}
		lines = append(lines, text)
	}
	return strings.Join(lines, "\n"), nil
}

// readLine reads up to CRLF and returns what stands before it.
func readLine(r *bufio.Reader) (string, error) {
	line, err := r.ReadString('\n')
	if err != nil && line != "" {
		return "", midway(err)
	}
	if err != nil {
		return "", err
	}
	text, found := strings.CutSuffix(line, "\r\n")
	if !found {
		return "", fmt.Errorf("the line %q does not end in CRLF", line)
	}
	return text, nil
}

// readBulk reads size bytes and the CRLF after them. Memory grows only with what arrives.
func readBulk(r *bufio.Reader, size int) (string, error) {
	var text strings.Builder
	if _, err := io.CopyN(&text, r, int64(size)); err != nil {
		return "", midway(err)
	}
	end, err := readLine(r)
	if err != nil {
		return "", midway(err)
	}
	if end != "" {
		return "", fmt.Errorf("a bulk string of %d bytes is followed by %q instead of CRLF", size, end)
	}
	return text.String(), nil
}

func parseLength(line string, kind byte, limit int) (int, error) {
	if line == "" || line[0] != kind {
		return 0, fmt.Errorf("%w: %q", errNotACommand, line)
	}
	n, err := strconv.Atoi(line[1:])
	if err != nil || n < 0 || n > limit {
		return 0, fmt.Errorf("%w: %q", errNotACommand, line)
	}
	return n, nil
}

// midway turns the end of a stream into an unexpected one: something was cut in two.
func midway(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
