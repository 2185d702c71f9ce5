package wire

import (
	"strings"

	"github.com/fairlead-go/fairlead/redis"
	"github.com/fairlead-go/fairlead/resp"
)

// A command is one that was written, and what is to become of it.
type command struct {
	redis.Cmd[resp.Reply]
	words   []string
	weight  int     // about its bytes
	answer  *answer // who answers it here, and when; nil: nobody
	refusal string  // the error that it is answered with; "": none
	last    bool    // nothing can be read after it
}

// An input cuts what is written into commands.
type input struct {
	scanner *resp.Scanner
	broken  bool
}

// No limit is stricter than the server's own: it is for that to say what is too much.
func newInput() input {
	return input{scanner: resp.NewScanner(resp.Limits{Elements: 1<<30 - 1, Depth: 1})}
}

// take appends the commands that p completes. After bytes that are no command comes one that says so, and ends the connection.
func (in *input) take(queue []command, p []byte) []command {
	for len(p) > 0 && !in.broken {
		n := copy(in.scanner.Room(), p)
		in.scanner.Grew(n)
		p = p[n:]
		for !in.broken {
			request, ok, err := in.scanner.Next()
			if err == nil && !ok {
				break
			}
			words, isCommand := wordsOf(request)
			switch {
			case err != nil:
				queue = append(queue, in.ends(err.Error()))
			case !isCommand:
				queue = append(queue, in.ends("a command is an array of bulk strings"))
			case len(words) > 0: // a server passes over an empty one, too
				queue = append(queue, newCommand(words, request.Size()))
			}
		}
	}
	return queue
}

func (in *input) ends(why string) command {
	in.broken = true
	return command{refusal: "ERR Protocol error: " + why, last: true}
}

// wordsOf returns the words of a command.
func wordsOf(request resp.Reply) (words []string, ok bool) {
	if request.Kind() != resp.Array {
		return nil, false
	}
	words = make([]string, 0, request.Len())
	elements := request.Elements()
	for e, more := elements.Next(); more; e, more = elements.Next() {
		if e.Kind() != resp.BulkString {
			return nil, false
		}
		words = append(words, e.Text())
	}
	return words, true
}

func newCommand(words []string, size int) command {
	args := make([]any, len(words)-1)
	for i, word := range words[1:] {
		args[i] = word
	}
	c := command{Cmd: redis.New[resp.Reply](words[0], args...), words: words, weight: size}
	switch {
	case c.Err() != nil || strings.Contains(words[0], " "):
		c.refusal = "ERR unknown command: its name is one word of printable ASCII"
	case refusals[c.Name()] != "":
		c.refusal = refusals[c.Name()]
	case c.Has(redis.NoReply):
		c.refusal = "ERR " + c.Name() + noReplies
	case strings.EqualFold(words[0], "CLIENT") && len(words) > 1 && strings.EqualFold(words[1], "MAINT_NOTIFICATIONS"):
		c.refusal = "ERR unknown subcommand 'maint_notifications': connections of the fairlead pool take no notifications"
	}
	c.answer = answers[c.Name()]
	return c
}

const noReplies = " is not carried: its replies come unasked, and connections of the fairlead pool belong to many. Use a connection of its own"

// refusals are commands that would change connections which are not the client's.
var refusals = map[string]string{
	"CLIENT TRACKING": "ERR CLIENT TRACKING" + noReplies,
	"CLIENT CACHING":  "ERR CLIENT CACHING" + noReplies,
}

// isOrdinary reports whether nothing is special about the command: the server answers it, at once, and its connection stays as it was.
func (c *command) isOrdinary() bool {
	return c.refusal == "" && c.answer == nil && c.Plain()
}
