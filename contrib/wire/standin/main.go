// Command standin takes the place of redis-server in the test suites of other clients: it starts a real server and listens in its stead, and
// every connection to it runs over one fairlead.Client. So these suites say whether package wire does what a server does.
//
// It understands --port and --bind, passes over other settings, and speaks RESP3 unless STANDIN_PROTOCOL is 2. With --version it is the real
// server. It ends on SIGINT, SIGTERM, and when its connections run SHUTDOWN.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/contrib/wire"
	"github.com/fairlead-go/fairlead/redistest"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "standin:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if slices.Contains(args, "--version") {
		return printVersion()
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	server, err := redistest.StartProcess(ctx, redistest.Config("enable-debug-command yes"))
	if err != nil {
		return err
	}
	defer server.Close()
	options := &fairlead.Options{Addr: server.Addr(), Protocol: 3, Timeout: time.Minute}
	if os.Getenv("STANDIN_PROTOCOL") == "2" {
		options.Protocol = 2
	}
	pool, err := fairlead.NewPool(options)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	l, err := net.Listen("tcp", net.JoinHostPort(setting(args, "--bind", "127.0.0.1"), setting(args, "--port", "6379")))
	if err != nil {
		return err
	}
	context.AfterFunc(ctx, func() { _ = l.Close() })
	fmt.Println(" * Ready to accept connections") // suites wait for this line
	err = serve(l, fairlead.NewClient(pool))
	stats := pool.Stats()
	fmt.Printf(" * %d replies over at most %d connections\n", stats.Replies, stats.Peak)
	return err
}

func printVersion() error {
	program := os.Getenv("FAIRLEAD_REDIS_SERVER")
	if program == "" {
		program = "redis-server"
	}
	cmd := exec.Command(program, "--version")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}

// setting returns the word after a name.
func setting(args []string, name, otherwise string) string {
	if i := slices.Index(args, name); i >= 0 && i+1 < len(args) {
		return args[i+1]
	}
	return otherwise
}

// serve carries bytes between each accepted connection and one of package wire, until the listener is closed.
func serve(l net.Listener, c *fairlead.Client) error {
	for {
		peer, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			return err
		}
		own, err := wire.NewConn(c)
		if err != nil {
			return err
		}
		// The first that ends, by either side, ends the other; their errors are what the suite does, not what this should say.
		go func() {
			_, _ = io.Copy(own, peer)
			_ = own.Close()
		}()
		go func() {
			_, _ = io.Copy(peer, own)
			_ = peer.Close()
		}()
	}
}
