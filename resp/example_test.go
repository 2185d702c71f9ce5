package resp_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/fairlead-go/fairlead/resp"
)

// A command is an array of bulk strings. Line ends in a word are part of the word.
func Example() {
	wire := resp.AppendCommand(nil, "SET", "note", "one\r\ntwo")
	fmt.Printf("%q\n", wire)

	r := resp.NewReader(strings.NewReader("+OK\r\n"), resp.Limits{})
	reply, err := r.Next()
	fmt.Println(reply.Kind(), reply.Text(), err)
	// Output:
	// "*3\r\n$3\r\nSET\r\n$4\r\nnote\r\n$8\r\none\r\ntwo\r\n"
	// simple string OK <nil>
}

// Numbers are words too; no string needs to be made of them.
func ExampleAppendArray() {
	wire := resp.AppendArray(nil, 4)
	wire = resp.AppendBulk(wire, "ZADD")
	wire = resp.AppendBulk(wire, "board")
	wire = resp.AppendFloat(wire, 99.5)
	wire = resp.AppendInt(wire, 1815)
	fmt.Printf("%q\n", wire)
	// Output:
	// "*4\r\n$4\r\nZADD\r\n$5\r\nboard\r\n$4\r\n99.5\r\n$4\r\n1815\r\n"
}

// Replies are read until the input ends. A reply knows what it can be read as.
func ExampleReader() {
	r := resp.NewReader(strings.NewReader(":7\r\n$-1\r\n-WRONGTYPE not a list\r\n"), resp.Limits{})
	for {
		reply, err := r.Next()
		if err == io.EOF {
			break
		}
		n, err := reply.Int()
		fmt.Println(n, err)
	}
	// Output:
	// 7 <nil>
	// 0 the reply is a null, not an integer
	// 0 WRONGTYPE not a list
}

// A Scanner is fed by whoever does the reading, in parts of any size.
func ExampleScanner() {
	s := resp.NewScanner(resp.Limits{})
	for _, part := range []string{"$5\r\nhe", "llo\r\n:", "1\r\n+OK\r\n"} {
		s.Grew(copy(s.Room(), part))
		for {
			reply, ok, err := s.Next()
			if err != nil || !ok {
				break
			}
			fmt.Println(reply.Kind(), reply.Text())
		}
		fmt.Println("more to come:", s.Missing())
	}
	// Output:
	// more to come: 5
	// bulk string hello
	// more to come: 1
	// integer 1
	// simple string OK
	// more to come: 0
}

// A map's keys and values come in turn. A copy of the cursor would stay where it is.
func ExampleCursor() {
	r := resp.NewReader(strings.NewReader("%2\r\n+proto\r\n:3\r\n+role\r\n+master\r\n"), resp.Limits{})
	reply, _ := r.Next()
	elements := reply.Elements()
	for {
		key, ok := elements.Next()
		if !ok {
			break
		}
		value, _ := elements.Next()
		fmt.Println(key.Text(), "is", value.Text())
	}
	// Output:
	// proto is 3
	// role is master
}

// What is no RESP is an error that says where it is.
func ExampleProtocolError() {
	r := resp.NewReader(strings.NewReader("HTTP/1.1 400 Bad Request\r\n"), resp.Limits{})
	_, err := r.Next()
	var broken *resp.ProtocolError
	fmt.Println(errors.As(err, &broken), broken.Offset)
	fmt.Println(err)
	// Output:
	// true 0
	// the server broke the protocol at byte 0: no RESP type begins with this byte (read "HTTP/1.1 400 Bad Request\r\n")
}

// A Value prints as redis-cli prints a reply.
func ExampleValue_String() {
	r := resp.NewReader(strings.NewReader("*3\r\n$1\r\na\r\n*2\r\n:1\r\n_\r\n%1\r\n+k\r\n,1.5\r\n"), resp.Limits{})
	reply, _ := r.Next()
	fmt.Println(reply.Value())
	// Output:
	// 1) "a"
	// 2) 1) (integer) 1
	//    2) (nil)
	// 3) 1# k => (double) 1.5
}

func ExampleValue_AppendJSON() {
	r := resp.NewReader(strings.NewReader("%2\r\n+name\r\n$3\r\nAda\r\n+tags\r\n~2\r\n+a\r\n+b\r\n"), resp.Limits{})
	reply, _ := r.Next()
	fmt.Printf("%s\n", reply.Value().AppendJSON(nil))
	// Output:
	// {"name":"Ada","tags":["a","b"]}
}

// A fake server builds its replies as values.
func ExampleAppendReply() {
	reply := resp.Value{Kind: resp.Array, Elems: []resp.Value{
		{Kind: resp.BulkString, Str: "a"},
		{Kind: resp.Integer, Int: 1},
		{Kind: resp.Null},
	}}
	fmt.Printf("%q\n", resp.AppendReply(nil, reply))
	// Output:
	// "*3\r\n$1\r\na\r\n:1\r\n_\r\n"
}

// A Tracer is told what is sent and received, and writes it down.
func ExampleTracer() {
	t := resp.NewTracer(os.Stdout, resp.TraceOptions{})
	t.Sent(resp.AppendCommand(nil, "AUTH", "sesame"))
	t.Sent(resp.AppendCommand(nil, "LRANGE", "queue", "0", "-1"))
	t.Received([]byte("+OK\r\n*2\r\n$3\r\none\r\n"))
	t.Received([]byte("$3\r\ntwo\r\n"))
	// Output:
	// > 0 command "AUTH" (6 bytes)
	// > 26 command "LRANGE" "queue" "0" "-1"
	// < 0 simple string "OK"
	// < 5 array 2
	// <   bulk string "one"
	// <   bulk string "two"
}
