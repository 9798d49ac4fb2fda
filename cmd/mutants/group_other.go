//go:build !unix

package main

import (
	"context"
	"os/exec"
	"time"
)

// group is a command that is ended; what it started is not, on this system.
func group(ctx context.Context, name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, name, args...)
	c.WaitDelay = time.Second
	return c
}
