package resp_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/fairlead-go/fairlead/resp"
)

// A passage is bytes of one direction.
type passage struct {
	direction byte
	wire      string
}

// traced is what a Tracer writes of these passages, each cut into parts of at most size bytes.
func traced(t *testing.T, o resp.TraceOptions, passages []passage, size int) string {
	t.Helper()
	var out strings.Builder
	tracer := resp.NewTracer(&out, o)
	for _, p := range passages {
		for rest := p.wire; rest != ""; {
			part := []byte(rest[:min(size, len(rest))])
			rest = rest[len(part):]
			if p.direction == '>' {
				tracer.Sent(part)
			} else {
				tracer.Received(part)
			}
			clear(part) // the Tracer keeps nothing of it
		}
	}
	if err := tracer.Err(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

var dialogue = []passage{
	{'>', "*3\r\n$3\r\nSET\r\n$4\r\nname\r\n$3\r\nAda\r\n"},
	{'<', "+OK\r\n"},
	{'>', "*2\r\n$4\r\nAUTH\r\n$6\r\nsesame\r\n"},
	{'<', "-WRONGPASS invalid username-password pair or user is disabled.\r\n"},
	{'>', "*5\r\n$5\r\nhello\r\n$1\r\n3\r\n$4\r\nAUTH\r\n$1\r\nu\r\n$6\r\nsesame\r\n"},
	{'<', "%2\r\n$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nmodules\r\n*0\r\n"},
	{'>', "*1\r\n$4\r\nPING\r\n*2\r\n$3\r\nGET\r\n$1\r\nk\r\n"},
	{'<', "+PONG\r\n|1\r\n+ttl\r\n:3600\r\n$80\r\n" + strings.Repeat("0123456789", 8) + "\r\n"},
	{'<', "*10\r\n_\r\n#t\r\n#f\r\n:-7\r\n,1.50\r\n(12\r\n=8\r\nmkd:a\"b\n\r\n-no code\r\n!4\r\nERR \r\n~1\r\n*1\r\n$?\r\n;1\r\n\xff\r\n;0\r\n"},
	{'<', ">2\r\n+invalidate\r\n$-1\r\n"},
	{'>', "*1\r\n:1\r\n"},
	{'>', "*1\r\n$9\r\na b\r\nc d\x00\r\n"},
	{'>', "*0\r\n*-1\r\n*1\r\n$0\r\n\r\n*2\r\n$1\r\na\r\n:1\r\n"},
	{'>', "GET k\r\n"},
	{'>', "*1\r\n$4\r\nPING\r\n"},
	{'<', "+OK\r\nHTTP/1.1 400 Bad Request\r\n"},
}

// The text of a whole conversation, byte by byte: programs may read this format, so it never changes.
func TestTrace(t *testing.T) {
	t.Parallel()
	want := `> 0 command "SET" "name" "Ada"
< 0 simple string "OK"
> 32 command "AUTH" (6 bytes)
< 5 simple error WRONGPASS "WRONGPASS invalid username-password pair or user is disabled."
> 58 command "hello" (1 byte) (4 bytes) (1 byte) (6 bytes)
< 69 map 2
<   bulk string "server"
<   bulk string "redis"
<   bulk string "modules"
<   array 0
> 109 command "PING"
> 123 command "GET" "k"
< 113 simple string "PONG"
< 120 attribute 1
<   simple string "ttl"
<   integer 3600
< 120 bulk string "0123456789012345678901234567890123456789012345678901234567890123"… 80 bytes
< 224 array 10
<   null
<   boolean true
<   boolean false
<   integer -7
<   double 1.50
<   big number 12
<   verbatim string mkd "a\"b\n"
<   simple error "no code"
<   bulk error ERR "ERR "
<   set 1
<     array 1
<       bulk string "\xff"
< 314 push 2
<   simple string "invalidate"
<   null
> 143 array 1
>   integer 1
> 151 array 1
>   bulk string "a b\r\nc d\x00"
> 170 array 0
> 174 null
> 179 array 1
>   bulk string ""
> 189 array 2
>   bulk string "a"
>   integer 1
> 204 broken "no RESP type begins with this byte" "GET k\r\n"
< 336 simple string "OK"
< 341 broken "no RESP type begins with this byte" "HTTP/1.1 400 Bad Request\r\n"
`
	if got := traced(t, resp.TraceOptions{}, dialogue, 1<<20); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	// In smaller parts only the excerpts of what is broken are shorter.
	short := strings.Replace(strings.Replace(want, `"GET k\r\n"`, `"G"`, 1), `"HTTP/1.1 400 Bad Request\r\n"`, `"H"`, 1)
	if got := traced(t, resp.TraceOptions{}, dialogue, 1); got != short {
		t.Errorf("byte by byte:\n%s\nwant\n%s", got, short)
	}
}

// Redacted, it has nothing in it that anyone chose.
func TestTraceRedacted(t *testing.T) {
	t.Parallel()
	want := `> 0 command "SET" (4 bytes) (3 bytes)
< 0 simple string (2 bytes)
> 32 command "AUTH" (6 bytes)
< 5 simple error WRONGPASS (61 bytes)
> 58 command "hello" (1 byte) (4 bytes) (1 byte) (6 bytes)
< 69 map 2
<   bulk string (6 bytes)
<   bulk string (5 bytes)
<   bulk string (7 bytes)
<   array 0
> 109 command "PING"
> 123 command "GET" (1 byte)
< 113 simple string (4 bytes)
< 120 attribute 1
<   simple string (3 bytes)
<   integer
< 120 bulk string (80 bytes)
< 224 array 10
<   null
<   boolean
<   boolean
<   integer
<   double
<   big number
<   verbatim string mkd (4 bytes)
<   simple error (7 bytes)
<   bulk error ERR (4 bytes)
<   set 1
<     array 1
<       bulk string (1 byte)
< 314 push 2
<   simple string (10 bytes)
<   null
> 143 array 1
>   integer
> 151 array 1
>   bulk string (9 bytes)
> 170 array 0
> 174 null
> 179 array 1
>   bulk string (0 bytes)
> 189 array 2
>   bulk string (1 byte)
>   integer
> 204 broken "no RESP type begins with this byte"
< 336 simple string (2 bytes)
< 341 broken "no RESP type begins with this byte"
`
	if got := traced(t, resp.TraceOptions{Redact: true}, dialogue, 7); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// Passwords are never shown, whatever the options and in whatever case the command is written.
func TestTraceNeverShowsPasswords(t *testing.T) {
	t.Parallel()
	for _, words := range [][]string{
		{"AUTH", "sesame"},
		{"auth", "user", "sesame"},
		{"Hello", "3", "AUTH", "user", "sesame"},
		{"ACL", "SETUSER", "user", ">sesame"},
		{"CONFIG", "SET", "requirepass", "sesame"},
		{"MIGRATE", "host", "6379", "k", "0", "100", "AUTH", "sesame"},
		{"SENTINEL", "SET", "mymaster", "auth-pass", "sesame"},
	} {
		wire := string(resp.AppendCommand(nil, words...))
		got := traced(t, resp.TraceOptions{Payload: 1000}, []passage{{'>', wire}}, 1<<20)
		want := fmt.Sprintf("> 0 command %q", words[0])
		for _, w := range words[1:] {
			want += fmt.Sprintf(" (%d %s)", len(w), map[bool]string{true: "byte", false: "bytes"}[len(w) == 1])
		}
		if got != want+"\n" {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// Of each string no more is shown than was asked for; limits hold for both directions.
func TestTraceOptions(t *testing.T) {
	t.Parallel()
	passages := []passage{
		{'>', "*2\r\n$4\r\nECHO\r\n$6\r\nabcdef\r\n"},
		{'<', "$6\r\nabcdef\r\n$5\r\nabcde\r\n$7\r\nabcdefg\r\n"},
	}
	want := `> 0 command "ECHO" "abcde"… 6 bytes
< 0 bulk string "abcde"… 6 bytes
< 12 bulk string "abcde"
< 23 broken "a string longer than Limits.Bulk allows" "$7\r\nabcdefg\r\n"
`
	o := resp.TraceOptions{Payload: 5, Limits: resp.Limits{Bulk: 6}}
	if got := traced(t, o, passages, 1<<20); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// A writer that fails is called no more; the connection goes on.
func TestTraceWriterFails(t *testing.T) {
	t.Parallel()
	w := &failing{after: 1}
	tracer := resp.NewTracer(w, resp.TraceOptions{})
	tracer.Received([]byte("+a\r\n+b\r\n+c\r\n"))
	if w.calls != 2 || tracer.Err() != errFull {
		t.Errorf("%d writes, error %v, want a second that fails and none after it", w.calls, tracer.Err())
	}
}

var errFull = errors.New("the disk is full")

type failing struct{ calls, after int }

func (f *failing) Write(p []byte) (int, error) {
	if f.calls++; f.calls > f.after {
		return 0, errFull
	}
	return len(p), nil
}

// Two goroutines may trace the two directions: lines stay whole.
func TestTraceConcurrently(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	tracer := resp.NewTracer(&out, resp.TraceOptions{})
	var both sync.WaitGroup
	both.Go(func() {
		for range 1000 {
			tracer.Sent([]byte("*1\r\n$4\r\nPING\r\n"))
		}
	})
	both.Go(func() {
		for range 1000 {
			tracer.Received([]byte("+PONG\r\n"))
		}
	})
	both.Wait()
	sent, received := 0, 0
	for line := range strings.Lines(out.String()) {
		switch line {
		case fmt.Sprintf("> %d command \"PING\"\n", 14*sent):
			sent++
		case fmt.Sprintf("< %d simple string \"PONG\"\n", 7*received):
			received++
		default:
			t.Fatalf("a line %q", line)
		}
	}
	if sent != 1000 || received != 1000 {
		t.Errorf("%d commands, %d replies, want 1000 of each", sent, received)
	}
}

// A line much longer than others leaves no large buffer behind, and lines after it are right.
func TestTraceOfLongLines(t *testing.T) {
	t.Parallel()
	words := strings.Split("MSET"+strings.Repeat(" k v", 10_000), " ")
	long := resp.AppendCommand(nil, words...)
	var out strings.Builder
	tracer := resp.NewTracer(&out, resp.TraceOptions{})
	tracer.Sent(long)
	if got := resp.TraceBuffer(tracer); got > resp.RoomSize {
		t.Errorf("a buffer of %d is kept for the next line, want at most %d", got, resp.RoomSize)
	}
	tracer.Sent([]byte("*1\r\n$4\r\nPING\r\n"))
	want := `> 0 command "MSET"` + strings.Repeat(` "k" "v"`, 10_000) + "\n" + fmt.Sprintf("> %d command \"PING\"\n", len(long))
	if got := out.String(); got != want {
		t.Errorf("a trace of %d bytes, want %d", len(got), len(want))
	}
	if err := tracer.Err(); err != nil {
		t.Error(err)
	}
}
