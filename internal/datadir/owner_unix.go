//go:build unix

package datadir

import (
	"io/fs"
	"os"
	"syscall"
)

// owned reports whether this process's user owns a file.
func owned(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}
