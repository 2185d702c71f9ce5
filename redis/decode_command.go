package redis

import "github.com/fairlead-go/fairlead/resp"

// CommandDetails are what a server's table says about one of its commands.
type CommandDetails struct {
	Name                       string // in small letters, a subcommand after "|"
	Arity                      int64  // how many words it has, its name included; negative: at least so many
	Flags                      []string
	FirstKey, LastKey, KeyStep int64 // where keys are, counted in words; a negative LastKey from the end
	Categories, Tips           []string
	KeySpecs                   []KeySpec
	Subcommands                []CommandDetails
}

// A KeySpec tells how some of a command's keys are found among its words.
type KeySpec struct {
	Notes       string
	Flags       []string
	BeginSearch KeySearch // finds the first one
	FindKeys    KeySearch // finds the others from there
}

// A KeySearch is a way to find keys, with what belongs to it.
type KeySearch struct {
	Type string // such as "index", "keyword", "range" or "keynum"
	Spec map[string]string
}

func readCommandInfos(r resp.Reply) ([]Optional[CommandDetails], error) {
	return readSlice(r, func(e resp.Reply) (Optional[CommandDetails], error) {
		d, err := readCommandDetails(e)
		if err == Nil {
			return Optional[CommandDetails]{}, nil
		}
		return Optional[CommandDetails]{Value: d, Found: err == nil}, err
	})
}

func readCommands(r resp.Reply) (map[string]CommandDetails, error) {
	list, err := readSlice(r, readCommandDetails)
	if err != nil {
		return nil, err
	}
	m := make(map[string]CommandDetails, len(list))
	for _, c := range list {
		m[c.Name] = c
	}
	return m, nil
}

func readCommandDetails(r resp.Reply) (d CommandDetails, err error) {
	f, err := columns(r, 7)
	if err != nil {
		return d, err
	}
	if d.Name, err = f[0].Str(); err != nil {
		return d, err
	}
	for i, n := range []*int64{1: &d.Arity, 3: &d.FirstKey, 4: &d.LastKey, 5: &d.KeyStep} {
		if n == nil {
			continue
		}
		if *n, err = f[i].Int(); err != nil {
			return d, err
		}
	}
	if d.Flags, err = readStrings(f[2]); err != nil {
		return d, err
	}
	if d.Categories, err = readStrings(f[6]); err != nil || len(f) < 10 {
		return d, err
	}
	if d.Tips, err = readStrings(f[7]); err != nil {
		return d, err
	}
	if d.KeySpecs, err = readSlice(f[8], readKeySpec); err != nil {
		return d, err
	}
	d.Subcommands, err = readSlice(f[9], readCommandDetails)
	return d, err
}

func readKeySpec(r resp.Reply) (k KeySpec, err error) {
	err = eachField(r, func(name string, value resp.Reply) (err error) {
		switch name {
		case "notes":
			k.Notes, err = readText(value)
		case "flags":
			k.Flags, err = readStrings(value)
		case "begin_search":
			k.BeginSearch, err = readKeySearch(value)
		case "find_keys":
			k.FindKeys, err = readKeySearch(value)
		}
		return err
	})
	return k, err
}

func readKeySearch(r resp.Reply) (k KeySearch, err error) {
	err = eachField(r, func(name string, value resp.Reply) (err error) {
		switch name {
		case "type":
			k.Type, err = value.Str()
		case "spec":
			k.Spec, err = readStringMap(value)
		}
		return err
	})
	return k, err
}

// KeyFlags are a key among a command's arguments and how the command uses it.
type KeyFlags struct {
	Key   string
	Flags []string // such as "RO" or "RW", "access", "update"
}

func readKeyFlags(r resp.Reply) ([]KeyFlags, error) {
	return readSlice(r, func(e resp.Reply) (k KeyFlags, err error) {
		f, err := columns(e, 2)
		if err != nil {
			return k, err
		}
		if k.Key, err = f[0].Str(); err != nil {
			return k, err
		}
		k.Flags, err = readStrings(f[1])
		return k, err
	})
}
