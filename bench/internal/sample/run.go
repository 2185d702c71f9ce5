package sample

import (
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// About says under which circumstances a run was made. It names no hosts and no paths.
type About struct {
	Date       time.Time
	CPU        string
	CPUs       int
	Kernel     string
	Go         string
	Server     string // product and version
	Versions   map[string]string
	Rounds     int
	Scale      float64 // of the windows
	Whole      int     `json:",omitempty"` // goroutines from which on windows were not scaled; 0: all were
	Warm       time.Duration
	Pool       int // connections of clients with a pool
	Took       time.Duration
	Incomplete string `json:",omitempty"` // why the run ended early
}

// A Run is everything that was measured in one go.
type Run struct {
	About   About
	Results []Result
}

// Save writes the run to a file.
func (r *Run) Save(name string) error {
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(text, '\n'), 0o644)
}

// Load reads a run that Save has written.
func Load(name string) (*Run, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var r Run
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("%s does not hold the samples of a run, as -json writes them: %w", name, err)
	}
	return &r, nil
}
