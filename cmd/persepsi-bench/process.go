package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	readyWithin = 10 * time.Minute // a store may have much to settle
	stopWithin  = 30 * time.Second
)

// program is the executable that is measured, and what all its processes share.
type program struct {
	path string
	env  []string
}

// command prepares a process. Settings come from its arguments and env alone,
// not from what the environment of the measuring says about this program.
func (p program) command(ctx context.Context, env []string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, p.path, args...)
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "PERSEPSI_") {
			cmd.Env = append(cmd.Env, e)
		}
	}
	cmd.Env = append(cmd.Env, append(p.env, env...)...)
	cmd.Cancel = func() error { return terminate(cmd.Process) }
	cmd.WaitDelay = stopWithin
	return cmd
}

func terminate(p *os.Process) error {
	if err := p.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return p.Kill()
	}
	return nil
}

// server is a process that serves.
type server struct {
	cmd    *exec.Cmd
	addr   string        // HOST:PORT
	ready  time.Duration // from its start until it said that it is ready
	stderr *tail
	ended  chan struct{}
	err    error // of its end
}

// start starts a process and returns when it has said `ready http://…`.
func (p program) start(ctx context.Context, env []string, args ...string) (*server, error) {
	s := &server{cmd: p.command(ctx, env, args...), stderr: new(tail), ended: make(chan struct{})}
	s.cmd.Stderr = s.stderr
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", args[0], err)
	}
	begin := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", args[0], err)
	}
	ready := make(chan string, 1)
	go func() {
		defer close(s.ended)
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if addr, ok := strings.CutPrefix(lines.Text(), "ready http://"); ok {
				s.ready = time.Since(begin)
				ready <- addr
				break
			}
		}
		_, _ = io.Copy(io.Discard, out) // what else it says must not block it
		s.err = s.cmd.Wait()
	}()
	select {
	case s.addr = <-ready:
		return s, nil
	case <-s.ended:
		return nil, fmt.Errorf("%s ended before it was ready: %w: %s", args[0], s.err, s.stderr)
	case <-time.After(readyWithin):
		return nil, errors.Join(fmt.Errorf("%s was not ready within %s", args[0], readyWithin), s.stop())
	}
}

// stop ends the process in good order. A server that ended before, or not with
// exit code 0, is an error.
func (s *server) stop() error {
	early := false
	select {
	case <-s.ended:
		early = true
	default:
		if err := terminate(s.cmd.Process); err != nil {
			return fmt.Errorf("stop process %d: %w", s.cmd.Process.Pid, err)
		}
	}
	select {
	case <-s.ended:
	case <-time.After(2 * stopWithin):
		_ = s.cmd.Process.Kill()
		<-s.ended
	}
	if s.err != nil || early {
		return fmt.Errorf("process %d ended badly (%w): %s", s.cmd.Process.Pid, s.err, s.stderr)
	}
	return nil
}

// runResult is a process that ran to its end.
type runResult struct {
	stdout, stderr string
	took           time.Duration
	spoke          time.Duration // until it first wrote to its output; 0: it never did
	peak           int64         // bytes of memory at most; 0 where the system doesn't tell
}

// run runs a process to its end. Its output is kept where keep says so, else
// thrown away by the system.
func (p program) run(ctx context.Context, env []string, keep bool, args ...string) (*runResult, error) {
	cmd := p.command(ctx, env, args...)
	said := new(tail)
	cmd.Stderr = said
	begin := time.Now()
	out := output{begun: begin}
	if keep {
		cmd.Stdout = &out
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", args[0], err)
	}
	ended := make(chan struct{})
	peak := make(chan int64)
	go func() { peak <- watch(cmd.Process.Pid, ended) }()
	err := cmd.Wait()
	took := time.Since(begin)
	close(ended)
	done := &runResult{stdout: out.text.String(), stderr: said.String(), took: took, spoke: out.spoke, peak: <-peak}
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, said)
	}
	return done, nil
}

// output keeps what a process writes, and when it began to.
type output struct {
	text  bytes.Buffer // not embedded: its ReadFrom would take all at once, past Write
	begun time.Time
	spoke time.Duration
}

// Write keeps p.
func (o *output) Write(p []byte) (int, error) {
	if o.spoke == 0 {
		o.spoke = time.Since(o.begun)
	}
	return o.text.Write(p)
}

// watch reads the most memory that a process had, again and again until it
// has ended. What the system tells at its end is no use: that counts from the
// moment when the process was still a copy of this one.
func watch(pid int, ended <-chan struct{}) (peak int64) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, most, err := memory(pid); err == nil {
			peak = max(peak, most)
		}
		select {
		case <-ended:
			return peak
		case <-tick.C:
		}
	}
}

// tail keeps the end of what a process writes.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

const tailBytes = 4 << 10

// Write keeps the end of p and of what came before.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, p...)
	if over := len(t.buf) - tailBytes; over > 0 {
		t.buf = append(t.buf[:0], t.buf[over:]...)
	}
	return len(p), nil
}

// String returns the end.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.buf))
}
