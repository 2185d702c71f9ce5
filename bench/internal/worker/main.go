package worker

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"syscall"

	"github.com/fairlead-go/fairlead/bench/internal/sample"
)

// Variable is the environment variable by which a process is told to be a worker: a Spec as JSON.
const Variable = "FAIRLEAD_BENCH_WORKER"

// Reply is the last line that a worker prints.
type Reply struct {
	Sample sample.Sample
	Err    string
}

// Wanted says whether this process is to be a worker. If so, it calls Main and nothing else.
func Wanted() bool { return os.Getenv(Variable) != "" }

// Main makes the measurement that the environment asks for, prints the Reply and returns the exit status.
func Main() int {
	log.SetOutput(io.Discard) // some clients write to it, and standard error is for what ends the process
	var spec Spec
	reply := Reply{}
	err := json.Unmarshal([]byte(os.Getenv(Variable)), &spec)
	if err == nil {
		err = syscall.SetNonblock(0, true) // so that a goroutine that reads it does not hold a thread
	}
	if err == nil {
		reply.Sample, err = Run(spec, os.NewFile(0, "arrivals"), os.Stdout)
	}
	if err != nil {
		reply = Reply{Err: err.Error()}
	}
	text, err := json.Marshal(reply)
	if err != nil { // a number that JSON has not
		text, _ = json.Marshal(Reply{Err: err.Error()})
	}
	fmt.Println(string(text))
	return 0
}
