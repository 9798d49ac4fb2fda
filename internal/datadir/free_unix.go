//go:build linux || darwin

package datadir

import (
	"math"
	"syscall"
)

// Free returns how many bytes of a directory's disk may be written by who has no
// privileges, negative where nobody knows.
func Free(dir string) int64 {
	var s syscall.Statfs_t
	if syscall.Statfs(dir, &s) != nil {
		return -1
	}
	return int64(min(s.Bavail*uint64(s.Bsize), math.MaxInt64)) //nolint:gosec // a block's size is no negative number
}
