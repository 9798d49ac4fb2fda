//go:build unix

package connection

import "syscall"

// descriptorLimit returns how many file descriptors the process may have open,
// 0 where nobody knows. Go raises it to the most that is allowed.
func descriptorLimit() uint64 {
	var l syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l) != nil {
		return 0
	}
	return uint64(l.Cur) //nolint:unconvert // it is signed on some systems
}
