package redistest

import (
	"context"
	"io"
	"net"
	"testing"
	"testing/synctest"
)

// mismatch runs a client against a script and returns what the test failed with. The client's bytes are sent at once, and
// then it closes the connection, or leaves it open until the fake is closed.
func mismatch(t *testing.T, sends string, closes bool, script func(c *FakeConn)) []string {
	t.Helper()
	var got []string
	synctest.Test(t, func(t *testing.T) {
		var conn net.Conn
		got = failures(t, func(ft testing.TB) {
			var network Network
			l, err := network.Listen("redis:6379")
			if err != nil {
				t.Fatal(err)
			}
			NewFakeOn(ft, l, script)
			conn, err = network.Dial(context.Background(), "tcp", "redis:6379")
			if err != nil {
				t.Fatal(err)
			}
			io.WriteString(conn, sends)
			synctest.Wait()
			if closes {
				conn.Close()
			}
		})
		conn.Close() // after the fake
	})
	return got
}

func TestFakeReportsMismatches(t *testing.T) {
	t.Parallel()
	const ping = "*1\r\n$4\r\nPING\r\n"
	for _, test := range []struct {
		name   string
		sends  string
		closes bool
		script func(c *FakeConn)
		want   string
	}{
		{"another command", ping, false, func(c *FakeConn) { c.Reply("+hi\r\n"); c.ExpectCommand("GET", "k") },
			`redistest: connection 1 of the fake server: expected the command ["GET" "k"], the client sent ["PING"]` + "\n" +
				`  server "+hi\r\n"` + "\n" +
				`  client "*1\r\n$4\r\nPING\r\n"`},
		{"other arguments", ping, false, func(c *FakeConn) { c.ExpectCommand("PING", "x") },
			`redistest: connection 1 of the fake server: expected the command ["PING" "x"], the client sent ["PING"]` + "\n" +
				`  client "*1\r\n$4\r\nPING\r\n"`},
		{"other bytes", ping, false, func(c *FakeConn) { c.Expect("*1\r\n$4\r\nQUIT\r\n") },
			`redistest: connection 1 of the fake server: expected "*1\r\n$4\r\nQUIT\r\n", byte 8 differs: the client sent "*1\r\n$4\r\nPING\r\n"` + "\n" +
				`  client "*1\r\n$4\r\nPING\r\n"`},
		{"too little", "*1\r\n", true, func(c *FakeConn) { c.Expect(ping) },
			`redistest: connection 1 of the fake server: expected "*1\r\n$4\r\nPING\r\n", but the client ended the connection: EOF` + "\n" +
				`  client "*1\r\n"` + "\n" +
				`  client ends the connection: EOF`},
		{"nothing", "", true, func(c *FakeConn) { c.ExpectCommand("PING") },
			`redistest: connection 1 of the fake server: expected the command ["PING"], but the client ended the connection: EOF` + "\n" +
				`  client ends the connection: EOF`},
		{"no handshake", "", true, func(c *FakeConn) { c.AnswerHandshake() },
			`redistest: connection 1 of the fake server: expected a handshake, but the client ended the connection: EOF` + "\n" +
				`  client ends the connection: EOF`},
		{"too much", ping, false, func(*FakeConn) {},
			`redistest: connection 1 of the fake server: the script is over, but the client sent ["PING"]` + "\n" +
				`  client "*1\r\n$4\r\nPING\r\n"`},
		{"no end", ping, false, func(c *FakeConn) { c.ExpectClose() },
			`redistest: connection 1 of the fake server: expected the client to close the connection, but it sent "*1\r\n$4\r\nPING\r\n"` + "\n" +
				`  (nothing was exchanged)`},
		{"never sent", "", false, func(c *FakeConn) { c.ExpectCommand("PING") },
			`redistest: connection 1 of the fake server: it was closed while the script still waits for the command ["PING"]` + "\n" +
				`  (nothing was exchanged)`},
		{"never closed", "", false, func(c *FakeConn) { c.ExpectClose() },
			`redistest: connection 1 of the fake server: it was closed while the script still waits for the end of the connection` + "\n" +
				`  (nothing was exchanged)`},
		{"closed by itself", "", false, func(c *FakeConn) { c.Close(); c.ExpectCommand("PING") },
			`redistest: connection 1 of the fake server: the script has ended the connection, but waits for the command ["PING"]` + "\n" +
				`  server ends the connection with FIN`},
		{"no RESP", "hello\r\n", false, func(c *FakeConn) { c.Serve(nil) },
			`redistest: connection 1 of the fake server: expected a command: not a command in RESP, which is an array of bulk strings: "hello"` + "\n" +
				`  client sends what is no command: not a command in RESP, which is an array of bulk strings: "hello"`},
		{"no RESP at the end", "hello\r\n", false, func(*FakeConn) {},
			`redistest: connection 1 of the fake server: the script is over, but the client sent something: ` +
				`not a command in RESP, which is an array of bulk strings: "hello"` + "\n" +
				`  (nothing was exchanged)`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := mismatch(t, test.sends, test.closes, test.script)
			if len(got) != 1 || got[0] != test.want {
				t.Errorf("failures:\n%q\nwant:\n%q", got, test.want)
			}
		})
	}
}

func TestFakeAcceptsWhatKeepsToTheScript(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]func(c *FakeConn){
		"a script that ends first":     func(*FakeConn) {},
		"a script that awaits the end": func(c *FakeConn) { c.ExpectClose() },
		"a script that reads to the end": func(c *FakeConn) {
			if _, err := c.ReadCommand(); err != io.EOF {
				t.Errorf("error %v, want io.EOF", err)
			}
		},
	} {
		// Over TCP the client's FIN and the fake's end race: the client closes right before the test ends.
		if got := failures(t, func(t testing.TB) {
			accepted := make(chan struct{})
			fake := NewFake(t, func(c *FakeConn) {
				close(accepted)
				script(c)
			})
			conn, err := net.Dial("tcp", fake.Addr())
			if err != nil {
				t.Fatalf("%v", err)
			}
			<-accepted
			conn.Close()
		}); len(got) > 0 {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestFakeResetsAfterAMismatch(t *testing.T) {
	t.Parallel()
	got := failures(t, func(ft testing.TB) {
		fake := NewFake(ft, func(c *FakeConn) { c.ExpectCommand("GET", "k") })
		conn, err := net.Dial("tcp", fake.Addr())
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		conn.Write(appendCommand(nil, "PING"))
		if _, err := conn.Read(make([]byte, 1)); err == nil || err == io.EOF {
			t.Errorf("read %v; want a reset, so that the client does not wait", err)
		}
	})
	if len(got) != 1 {
		t.Errorf("%d failures, want 1", len(got))
	}
}

func TestExcerpt(t *testing.T) {
	t.Parallel()
	long := string(make([]byte, 1000))
	if got := excerpt(long); len(got) > 4*excerptBytes+40 || got[len(got)-len("… (1000 bytes)"):] != "… (1000 bytes)" {
		t.Errorf("a text of 1000 bytes is shown as %s", got)
	}
}
