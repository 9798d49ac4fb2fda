package datadir

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// place is where a file lies.
type place struct{ device, inode uint64 }

// placeOf looks which file a path leads to, and at nothing else of it: since Linux 6.13 the next
// write after somebody asked for a file's times writes its inode as well, and the sync of each
// commit would wait for that too (docs/performance.md).
func placeOf(name string) (place, error) {
	var s unix.Statx_t
	err := unix.Statx(unix.AT_FDCWD, name, 0, unix.STATX_INO, &s)
	for errors.Is(err, unix.EINTR) {
		err = unix.Statx(unix.AT_FDCWD, name, 0, unix.STATX_INO, &s)
	}
	if errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EPERM) {
		return statPlace(name) // a kernel before 4.11, or a sandbox that doesn't let it through
	}
	if err != nil {
		return place{}, &fs.PathError{Op: "statx", Path: name, Err: err}
	}
	return place{unix.Mkdev(s.Dev_major, s.Dev_minor), s.Ino}, nil
}

// statPlace is placeOf by the call that every kernel has, times included.
func statPlace(name string) (place, error) {
	info, err := os.Stat(name)
	if err != nil {
		return place{}, err
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return place{}, &fs.PathError{Op: "stat", Path: name, Err: errors.ErrUnsupported}
	}
	return place{uint64(s.Dev), uint64(s.Ino)}, nil //nolint:unconvert // of other widths on other processors
}

func (p place) same(o place) bool { return p == o }
