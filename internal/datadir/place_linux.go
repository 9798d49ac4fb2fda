package datadir

import (
	"io/fs"

	"golang.org/x/sys/unix"
)

// place is where a file lies.
type place struct{ device, inode uint64 }

// placeOf looks which file a path leads to, and at nothing else of it: since Linux 6.13 the next
// write after somebody asked for a file's times writes its inode as well, and the sync of each
// commit would wait for that too (docs/performance.md).
func placeOf(name string) (place, error) {
	var s unix.Statx_t
	if err := unix.Statx(unix.AT_FDCWD, name, 0, unix.STATX_INO, &s); err != nil {
		return place{}, &fs.PathError{Op: "statx", Path: name, Err: err}
	}
	return place{unix.Mkdev(s.Dev_major, s.Dev_minor), s.Ino}, nil
}

func (p place) same(o place) bool { return p == o }
