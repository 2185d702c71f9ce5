package redis

import "github.com/fairlead-go/fairlead/resp"

// A CommandDoc is a server's documentation of one of its commands.
type CommandDoc struct {
	Summary, Since, Group, Complexity string
	Flags                             []string // "deprecated" or "syscmd"
	DeprecatedSince, ReplacedBy       string
	Module                            string
	History                           []KV // what changed: a version, and a sentence
	Arguments                         []CommandArg
	Subcommands                       map[string]CommandDoc // names as in "client|list"
}

// A CommandArg is an argument of a command; one of type "oneof" or "block" has arguments itself.
type CommandArg struct {
	Name, Display  string
	Type           string // such as "string", "integer", "key" or "pure-token"
	Token          string // the word before it, or it itself if it is a pure token
	Summary, Since string
	Flags          []string // "optional", "multiple", "multiple_token"
	Arguments      []CommandArg
}

func readCommandDocs(r resp.Reply) (map[string]CommandDoc, error) {
	m := make(map[string]CommandDoc, r.Len()/2)
	err := eachField(r, func(name string, value resp.Reply) (err error) {
		m[name], err = readCommandDoc(value)
		return err
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

func readCommandDoc(r resp.Reply) (d CommandDoc, err error) {
	texts := map[string]*string{
		"summary": &d.Summary, "since": &d.Since, "group": &d.Group, "complexity": &d.Complexity,
		"deprecated_since": &d.DeprecatedSince, "replaced_by": &d.ReplacedBy, "module": &d.Module,
	}
	err = eachField(r, func(name string, value resp.Reply) (err error) {
		switch name {
		case "doc_flags":
			d.Flags, err = readStrings(value)
		case "history":
			d.History, err = readKVs(value)
		case "arguments":
			d.Arguments, err = readSlice(value, readCommandArg)
		case "subcommands":
			d.Subcommands, err = readCommandDocs(value)
		default:
			err = readNamed(texts, name, value)
		}
		return err
	})
	return d, err
}

func readCommandArg(r resp.Reply) (a CommandArg, err error) {
	texts := map[string]*string{
		"name": &a.Name, "display_text": &a.Display, "type": &a.Type, "token": &a.Token,
		"summary": &a.Summary, "since": &a.Since,
	}
	err = eachField(r, func(name string, value resp.Reply) (err error) {
		switch name {
		case "flags":
			a.Flags, err = readStrings(value)
		case "arguments":
			a.Arguments, err = readSlice(value, readCommandArg)
		default:
			err = readNamed(texts, name, value)
		}
		return err
	})
	return a, err
}

// readNamed reads a string into the place of its name; other names are those of later servers.
func readNamed(places map[string]*string, name string, value resp.Reply) (err error) {
	if place := places[name]; place != nil {
		*place, err = readText(value)
	}
	return err
}
