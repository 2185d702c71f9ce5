package redistest

import (
	"os"
	"os/exec"
	"runtime"
)

// process is one run of a server program.
type process struct {
	cmd    *exec.Cmd
	exited chan struct{} // closed when the process is gone and its port is free
}

// startProcess runs binary with its output appended to the file log. The process dies with this one where the system can do
// that.
func startProcess(log, binary string, args ...string) (*process, error) {
	output, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	p := &process{cmd: exec.Command(binary, args...), exited: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = output, output
	p.cmd.Env = append(os.Environ(), "LC_ALL=C") // a server refuses to start in a locale that is not installed
	p.cmd.SysProcAttr = dieWithParent()
	started := make(chan error)
	go p.run(started, output)
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// run starts the process and waits for its end; it ends with the process. It keeps its thread all that time, because
// Linux kills the child when the thread that forked it ends.
func (p *process) run(started chan<- error, output *os.File) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	output.Close()
	started <- err
	if err != nil {
		return
	}
	_ = p.cmd.Wait() // how it ended is in its log
	close(p.exited)
}

func (p *process) pid() int { return p.cmd.Process.Pid }

func (p *process) gone() bool {
	select {
	case <-p.exited:
		return true
	default:
		return false
	}
}

// kill ends the process at once, paused or not.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // fails only if it is gone already
	<-p.exited
}
