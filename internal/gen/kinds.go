package main

import (
	"path/filepath"
	"slices"
	"strings"
)

// kinds are the words that overrides use for parameters, options and replies, read from kinds.
type kinds struct {
	params  map[string]paramKind
	replies map[string]replyKind
	// behaviour holds commands whose connection needs more care than the server's flags tell.
	stateful, noReply, hangsUp, ownConn, aside []string
}

// A paramKind is how a parameter or an option's value is declared and sent.
type paramKind struct {
	Go     string   // its type
	One    string   // the Request method that sends it
	Many   string   // the one that sends a slice of it
	Tokens []string // words that these methods may send before it
}

// A replyKind is how a reply is declared and read.
type replyKind struct{ Go, Read string }

// readKinds reads the file overrides/kinds: lines of
//
//	param  kind  Go type  method  method for a slice or -  words it may send
//	reply  kind  Go type  decoder
//	stateful COMMAND
//	noreply COMMAND
//	hangsup COMMAND
//	ownconn COMMAND
//	aside COMMAND
func readKinds(root string) (*kinds, error) {
	k := &kinds{params: make(map[string]paramKind), replies: make(map[string]replyKind)}
	err := eachLine(filepath.Join(root, folder, "overrides", "kinds"), func(at place, _ int, text string) error {
		w := strings.Fields(text)
		switch {
		case w[0] == "param" && len(w) >= 5:
			k.params[w[1]] = paramKind{Go: w[2], One: w[3], Many: w[4], Tokens: w[5:]}
		case w[0] == "reply" && len(w) == 4:
			k.replies[w[1]] = replyKind{Go: w[2], Read: w[3]}
		case w[0] == "stateful":
			k.stateful = append(k.stateful, strings.Join(w[1:], " "))
		case w[0] == "noreply":
			k.noReply = append(k.noReply, strings.Join(w[1:], " "))
		case w[0] == "hangsup":
			k.hangsUp = append(k.hangsUp, strings.Join(w[1:], " "))
		case w[0] == "ownconn":
			k.ownConn = append(k.ownConn, strings.Join(w[1:], " "))
		case w[0] == "aside":
			k.aside = append(k.aside, strings.Join(w[1:], " "))
		default:
			return at.errorf("%q is no line of this file", w[0])
		}
		return nil
	})
	return k, err
}

// param finds a kind; one with "|" is a choice of words, one in capitals a struct of options.
func (k *kinds) param(name string) (paramKind, bool) {
	if strings.Contains(name, "|") {
		return paramKind{Go: "string", One: "word", Tokens: strings.Split(name, "|")}, true
	}
	p, ok := k.params[name]
	return p, ok
}

// flags returns the Go expression of a command's Flags.
func (k *kinds) flags(c *command) string {
	var set []string
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"ReadOnly", c.has("readonly")},
		{"Write", c.has("write")},
		{"Blocking", c.has("blocking")},
		{"Stateful", slices.Contains(k.stateful, c.Name)},
		{"PubSub", c.has("pubsub")},
		{"NoMulti", c.has("no_multi")},
		{"Admin", c.has("admin")},
		{"NoReply", slices.Contains(k.noReply, c.Name)},
		{"MovableKey", c.has("movablekeys")},
		{"HangsUp", slices.Contains(k.hangsUp, c.Name)},
		{"OwnConn", slices.Contains(k.ownConn, c.Name)},
		{"Aside", slices.Contains(k.aside, c.Name)},
	} {
		if f.set {
			set = append(set, f.name)
		}
	}
	return strings.Join(set, " | ")
}
