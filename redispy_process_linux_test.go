package fairlead_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redistest"
)

// A child is this test's own program, started again to run one function of children: Go has no fork, so that
// is the only way in which a process gets a child.
const childEnv = "FAIRLEAD_TEST_CHILD"

// children are what a child can be asked to do, with a URL.
var children = map[string]func(url string) error{
	"descriptors":  listSockets,
	"client":       clientInChild,
	"full table":   fillDescriptors,
	"high numbers": useHighDescriptor,
}

// TestRedisPyChild is the child's part; in an ordinary run there is none.
func TestRedisPyChild(t *testing.T) {
	name, url, is := strings.Cut(os.Getenv(childEnv), " at ")
	if !is {
		return
	}
	if err := children[name](url); err != nil {
		t.Fatal(err)
	}
}

// child starts the function in a process of its own, which says what it has to say line by line, and which ends when its
// input does.
type child struct {
	t     *testing.T
	cmd   *exec.Cmd
	input io.WriteCloser
	lines *bufio.Scanner
}

func startChild(t *testing.T, name, url string, passed ...*os.File) *child {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestRedisPyChild$")
	cmd.Env = append(os.Environ(), childEnv+"="+name+" at "+url, "GORACE=atexit_sleep_ms=0") // the race detector's own wait of a second
	cmd.ExtraFiles = passed
	cmd.Stderr = os.Stderr
	input, err := cmd.StdinPipe()
	must(t, err)
	output, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	return &child{t, cmd, input, bufio.NewScanner(output)}
}

// line waits for what the child says next, and returns it without the word that marks it as the child's.
func (c *child) line() string {
	c.t.Helper()
	for c.lines.Scan() {
		if said, ours := strings.CutPrefix(c.lines.Text(), "child: "); ours {
			return said
		}
	}
	c.t.Fatalf("the child said nothing more: %v, %v", c.lines.Err(), c.cmd.Wait())
	return ""
}

// end lets the child end and returns when it has.
func (c *child) end() {
	c.t.Helper()
	must(c.t, c.input.Close())
	for c.lines.Scan() { // what the test's framework says at the end
	}
	must(c.t, c.cmd.Wait())
}

// tell is a line for the parent.
func tell(format string, args ...any) { fmt.Printf("child: "+format+"\n", args...) }

// listSockets tells which of this process's descriptors are sockets.
func listSockets(string) error {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return err
	}
	sockets := 0
	for _, entry := range entries {
		target, err := os.Readlink(filepath.Join("/proc/self/fd", entry.Name()))
		if err == nil && strings.HasPrefix(target, "socket:") {
			sockets++
		}
	}
	tell("%d", sockets)
	return nil
}

// clientInChild makes a client, tells which connection it has, and uses it again when the parent says so.
func clientInChild(url string) error {
	c, err := fairlead.Open(url)
	if err != nil {
		return err
	}
	defer c.Close()
	mine, err := c.Conn(background)
	if err != nil {
		return err
	}
	tell("%d", mine.ServerID())
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil { // until the parent closes it
		return err
	}
	if _, err := mine.Ping(background); err != nil {
		return err
	}
	if err := mine.Close(); err != nil {
		return err
	}
	_, err = c.Ping(background)
	return err
}

// openUntil opens files until one of them gets a descriptor of at least the number, or there are none left.
func openUntil(number uintptr) ([]*os.File, error) {
	var files []*os.File
	for {
		f, err := os.Open(os.DevNull)
		if err != nil {
			return files, err
		}
		files = append(files, f)
		if f.Fd() >= number {
			return files, nil
		}
	}
}

// fillDescriptors uses a connection while this process cannot open another file.
func fillDescriptors(url string) error {
	c, err := fairlead.Open(url)
	if err != nil {
		return err
	}
	defer c.Close()
	if _, err := c.Ping(background); err != nil {
		return err
	}
	limit := syscall.Rlimit{Cur: 256, Max: 256}
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return err
	}
	files, err := openUntil(uintptr(limit.Cur))
	if pathErr, ok := err.(*os.PathError); !ok || pathErr.Err != syscall.EMFILE {
		return fmt.Errorf("the table of descriptors is not full: %v", err)
	}
	_, err = c.Ping(background)
	for _, f := range files {
		_ = f.Close() // read only
	}
	tell("%v", err)
	return nil
}

// useHighDescriptor uses a connection whose descriptor's number is above what select(2) can take.
func useHighDescriptor(url string) error {
	const most = 1024 // FD_SETSIZE
	files, err := openUntil(most)
	if err != nil {
		return err
	}
	c, err := fairlead.Open(url)
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = c.Ping(background)
	for _, f := range files {
		_ = f.Close() // read only
	}
	tell("%v", err)
	return nil
}

func TestRedisPyMultiprocessing(t *testing.T) {
	t.Parallel()
	url := redistest.Default(t).URL()
	behaviour(t, "child closing an inherited connection does not break it for the parent: it inherits none", func(t *testing.T) {
		c := open(t, url+"?mode=exclusive")
		lend(t, c)
		must(t, lend(t, c).Close())
		none := startChild(t, "descriptors", url)
		is(t, "sockets of a child while the pool has two connections", none.line(), "0")
		none.end()

		passed, err := net.Dial("tcp", redistest.Default(t).Addr())
		must(t, err)
		defer passed.Close()
		file, err := passed.(*net.TCPConn).File()
		must(t, err)
		defer file.Close()
		one := startChild(t, "descriptors", url, file)
		is(t, "sockets of a child that was given one on purpose: so it can be seen", one.line(), "1")
		one.end()
	})
	for _, most := range []string{"1", "2", "64"} {
		limited := url + "?mode=exclusive&max_connections=" + most
		behaviour(t, "child gets its own connection; parent's still works after the child exits: max "+most, func(t *testing.T) {
			mine := lend(t, open(t, limited))
			other := startChild(t, "client", limited)
			if theirs := other.line(); theirs == fmt.Sprint(mine.ServerID()) || theirs == "0" {
				t.Errorf("the child has connection %s, the parent %d", theirs, mine.ServerID())
			}
			other.end()
			_, err := mine.Ping(background)
			must(t, err)
		})
		behaviour(t, "parent disconnecting the pool leaves the child's connections working: max "+most, func(t *testing.T) {
			c := open(t, limited)
			_, err := c.Ping(background)
			must(t, err)
			other := startChild(t, "client", limited)
			other.line()
			must(t, c.Pool().Close())
			other.end() // it uses its connection before, and fails if that is broken
		})
	}
	behaviour(t, "works with the fd table full", func(t *testing.T) {
		full := startChild(t, "full table", url)
		is(t, "PING with the table full", full.line(), "<nil>")
		full.end()
	})
	behaviour(t, "works with fd ≥1024", func(t *testing.T) {
		high := startChild(t, "high numbers", url)
		is(t, "PING over a high descriptor", high.line(), "<nil>")
		high.end()
	})
}
