package redistest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

const (
	startTimeout = 30 * time.Second     // until a server answers, on a busy machine
	stopTimeout  = 10 * time.Second     // until a server asked to end has ended
	startPoll    = 2 * time.Millisecond // between two questions whether a server is up
	tailBytes    = 4 << 10              // of a log, in an error
	answerWithin = 2 * time.Second      // one question at the start
)

// errAnotherProcess is about a program that is not the server itself: its server could not be killed or paused.
var errAnotherProcess = errors.New("another process answers than the one that was started: " +
	"a script that starts a server must exec it")

// errNotRunning is about a server that was stopped or killed.
var errNotRunning = errors.New("the server is not running: Restart starts it again")

// Kill ends the process at once (SIGKILL), as a crash or a lack of memory would, and returns when it is gone. The kernel
// closes its connections.
func (s *Server) Kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.proc.kill()
	s.admin.hangUp()
}

// Stop asks the server to end (SIGTERM) and returns when it is gone. A paused server is let go on for that. A server that
// is down already is no error; one that does not end in ten seconds is killed, and that is one.
func (s *Server) Stop() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stop()
}

// stop is Stop with s.mu held.
func (s *Server) stop() error {
	defer s.admin.hangUp()
	if s.proc.gone() {
		return nil
	}
	_ = terminate(s.proc.cmd.Process) // fails only if it is gone
	_ = resume(s.proc.cmd.Process)    // a paused process cannot act on a signal
	select {
	case <-s.proc.exited:
		return nil
	case <-time.After(stopTimeout):
		s.proc.kill()
		return fmt.Errorf("the server did not end within %v and was killed; the end of its log:\n%s", stopTimeout, s.Log())
	}
}

// Restart starts the server again on the same ports and in the same folder, after Stop if it still runs, and returns when
// it answers PING.
func (s *Server) Restart() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.stop(); err != nil {
		return err
	}
	return s.launch(context.Background())
}

// Pause freezes the process (SIGSTOP) and returns when it is frozen: connections stay open, and the kernel goes on accepting
// connections and bytes, but nothing is answered until Continue.
func (s *Server) Pause() error { return s.signal(suspend) }

// Continue lets a paused server go on (SIGCONT); it then serves what has arrived in the meantime.
func (s *Server) Continue() error { return s.signal(resume) }

func (s *Server) signal(send func(*os.Process) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.proc.gone() {
		return errNotRunning
	}
	return send(s.proc.cmd.Process)
}

// launch starts the process and waits until it answers; s.mu is held.
func (s *Server) launch(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	logged := fileSize(s.logPath())
	proc, err := startProcess(s.logPath(), s.binary, append([]string{s.configPath()}, s.settings.arguments()...)...)
	if err != nil {
		return fmt.Errorf("cannot run the server: %w", err)
	}
	s.proc = proc
	if err := s.awaitAnswer(ctx); err != nil {
		proc.kill()
		s.admin.hangUp()
		tail := logTail(s.logPath(), logged)
		if strings.Contains(tail, "Address already in use") {
			err = errPortTaken
		}
		return fmt.Errorf("%s did not start: %w; the end of its log:\n%s", s.binary, err, tail)
	}
	return nil
}

// awaitAnswer returns when the process answers PING, which it refuses while it loads its data.
func (s *Server) awaitAnswer(ctx context.Context) error {
	retry := time.NewTicker(startPoll)
	defer retry.Stop()
	for {
		problem := s.answers()
		if problem == nil || errors.Is(problem, errAnotherProcess) {
			return problem
		}
		select {
		case <-s.proc.exited:
			return errors.New("it ended at once")
		case <-ctx.Done():
			return fmt.Errorf("it does not answer: %w (%w)", problem, ctx.Err())
		case <-retry.C:
		}
	}
}

// answers asks for PONG, and whether it is this process that answers.
func (s *Server) answers() error {
	if _, err := s.do(answerWithin, "PING"); err != nil {
		return err
	}
	info, err := s.do(answerWithin, "INFO", "server")
	if err != nil {
		return err
	}
	if !strings.Contains(info, fmt.Sprintf("process_id:%d\r\n", s.proc.pid())) {
		if hasUnixSockets { // then it is ours all the same, in our folder, and would outlive what we can kill
			_, _ = s.do(answerWithin, "SHUTDOWN", "NOSAVE")
		}
		return errAnotherProcess
	}
	return nil
}

func fileSize(path string) int64 {
	stat, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return stat.Size()
}

// logTail returns the end of a log, as far as it was written after the first skip bytes.
func logTail(path string, skip int64) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return "(no log: " + err.Error() + ")"
	}
	text = text[min(skip, int64(len(text))):]
	return strings.TrimSpace(string(text[max(0, len(text)-tailBytes):]))
}
