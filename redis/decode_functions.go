package redis

import (
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// readRaw leaves a reply as it is, for commands that may be answered with anything.
func readRaw(r resp.Reply) (resp.Reply, error) { return r, nil }

// A FunctionLibrary is a library of functions that a server has.
type FunctionLibrary struct {
	Name      string
	Engine    string // what its language is called: "LUA"
	Functions []FunctionDetails
	Code      string // its source; "" unless FunctionListArgs.WithCode asked for it
}

// FunctionDetails are what a server knows about a function.
type FunctionDetails struct {
	Name        string
	Description string   // "" if it has none
	Flags       []string // such as "no-writes", in no order
}

func readFunctionLibraries(r resp.Reply) ([]FunctionLibrary, error) {
	return readSlice(r, func(e resp.Reply) (l FunctionLibrary, err error) {
		texts := map[string]*string{"library_name": &l.Name, "engine": &l.Engine, "library_code": &l.Code}
		err = eachField(e, func(name string, value resp.Reply) (err error) {
			if name == "functions" {
				l.Functions, err = readSlice(value, readFunction)
				return err
			}
			return readNamed(texts, name, value)
		})
		return l, err
	})
}

func readFunction(r resp.Reply) (f FunctionDetails, err error) {
	texts := map[string]*string{"name": &f.Name, "description": &f.Description}
	err = eachField(r, func(name string, value resp.Reply) (err error) {
		if name == "flags" {
			f.Flags, err = readStrings(value)
			return err
		}
		return readNamed(texts, name, value)
	})
	return f, err
}

// FunctionStatsInfo tells what FunctionStats returns: which function is running, and how many there are.
type FunctionStatsInfo struct {
	Running Optional[RunningFunction]
	Engines map[string]FunctionEngine // by what their language is called: "LUA"
}

// A RunningFunction is a function that a server is busy with.
type RunningFunction struct {
	Name     string
	Command  []string // what called it, with all arguments
	Duration time.Duration
}

// A FunctionEngine counts what is written in one language.
type FunctionEngine struct{ Libraries, Functions int64 }

func readFunctionStats(r resp.Reply) (s FunctionStatsInfo, err error) {
	err = eachField(r, func(name string, value resp.Reply) (err error) {
		switch name {
		case "running_script":
			if !value.IsNull() {
				s.Running.Found = true
				s.Running.Value, err = readRunningFunction(value)
			}
		case "engines":
			s.Engines, err = readFunctionEngines(value)
		}
		return err
	})
	if err != nil {
		return FunctionStatsInfo{}, err
	}
	return s, nil
}

func readRunningFunction(r resp.Reply) (f RunningFunction, err error) {
	err = eachField(r, func(name string, value resp.Reply) (err error) {
		switch name {
		case "name":
			f.Name, err = readText(value)
		case "command":
			f.Command, err = readStrings(value)
		case "duration_ms":
			f.Duration, err = readMillis(value)
		}
		return err
	})
	return f, err
}

func readFunctionEngines(r resp.Reply) (map[string]FunctionEngine, error) {
	engines := make(map[string]FunctionEngine, pairCount(r))
	err := eachField(r, func(engine string, counts resp.Reply) error {
		n, err := readCounts(counts)
		engines[engine] = FunctionEngine{Libraries: n["libraries_count"], Functions: n["functions_count"]}
		return err
	})
	return engines, err
}

// readCounts reads names and how many there are of each.
func readCounts(r resp.Reply) (map[string]int64, error) {
	counts := make(map[string]int64, pairCount(r))
	err := eachField(r, func(name string, value resp.Reply) (err error) {
		counts[name], err = value.Int()
		return err
	})
	if err != nil {
		return nil, err
	}
	return counts, nil
}
