//go:build unix

package main

import (
	"context"
	"os/exec"
	"syscall"
	"time"
)

// group is a command that is ended with all processes that it started. It may have
// 4 GiB of memory: a loop without end may append without end.
func group(ctx context.Context, name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, "/bin/sh", append([]string{"-c", `ulimit -d 4194304 2>/dev/null; exec "$0" "$@"`, name}, args...)...)
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
	c.WaitDelay = time.Second
	return c
}
