package redis

import (
	"strings"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// ServerInfo are facts and counters of a server.
type ServerInfo struct {
	Text     string                       // as it came
	Sections map[string]map[string]string // by section, as it is headed ("Server", "Memory"), and by field
}

// Field returns the value of a field, in whatever section it is, and whether there is one.
func (i ServerInfo) Field(name string) (value string, found bool) {
	for _, fields := range i.Sections {
		if value, found = fields[name]; found {
			return value, true
		}
	}
	return "", false
}

func readInfo(r resp.Reply) (ServerInfo, error) {
	text, err := readString(r)
	if err != nil {
		return ServerInfo{}, err
	}
	info := ServerInfo{Text: text, Sections: make(map[string]map[string]string)}
	section := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if header, ok := strings.CutPrefix(line, "#"); ok {
			section = strings.TrimSpace(header)
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		if info.Sections[section] == nil {
			info.Sections[section] = make(map[string]string)
		}
		info.Sections[section][name] = value
	}
	return info, nil
}

// readNumbers reads a map of numbers; a map inside it gives its name to the names in it.
func readNumbers(r resp.Reply) (map[string]float64, error) {
	m := make(map[string]float64, r.Len()/2)
	if err := readNumbersInto(m, "", r); err != nil {
		return nil, err
	}
	return m, nil
}

func readNumbersInto(m map[string]float64, prefix string, r resp.Reply) error {
	return eachField(r, func(name string, value resp.Reply) (err error) {
		if value.Kind().Aggregate() {
			return readNumbersInto(m, prefix+name+".", value)
		}
		m[prefix+name], err = value.Float()
		return err
	})
}

// ModuleDetails are what a server knows about a module.
type ModuleDetails struct {
	Name    string
	Version int64
	Path    string
	Args    []string
}

func readModules(r resp.Reply) ([]ModuleDetails, error) {
	return readSlice(r, func(e resp.Reply) (m ModuleDetails, err error) {
		err = eachField(e, func(name string, value resp.Reply) (err error) {
			switch name {
			case "name":
				m.Name, err = value.Str()
			case "ver":
				m.Version, err = value.Int()
			case "path":
				m.Path, err = readText(value)
			case "args":
				m.Args, err = readStrings(value)
			}
			return err
		})
		return m, err
	})
}

// readTime reads seconds and microseconds.
func readTime(r resp.Reply) (time.Time, error) {
	n, err := readInts(r)
	if err == nil && len(n) != 2 {
		err = &resp.TypeError{Want: "a list of two integers", Got: r.Kind()}
	}
	if err != nil {
		return time.Time{}, err
	}
	return time.Unix(n[0], n[1]*1000), nil
}
