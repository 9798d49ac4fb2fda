//go:build !linux

package datadir

import "os"

// place is where a file lies.
type place struct{ os.FileInfo }

// placeOf looks which file a path leads to.
func placeOf(name string) (place, error) {
	info, err := os.Stat(name)
	return place{info}, err
}

func (p place) same(o place) bool { return os.SameFile(p.FileInfo, o.FileInfo) }
