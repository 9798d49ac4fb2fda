package web

import (
	"errors"
	"syscall"
)

const (
	// freeWorkers is how far the connections stay below the server's own
	// limit: one that was closed for another holds its worker a moment longer.
	freeWorkers = 1 << 10
	// freeDescriptors are left for the store, for connections that linger, and
	// for what else the process opens.
	freeDescriptors = mostLingering + 256
)

// MostConnections returns how many connections the service can hold: fewer than
// the server's limit, and than the process has file descriptors for.
func MostConnections() int {
	most := MaxConnections - freeWorkers
	if l := descriptorLimit(); l > 0 && l < MaxConnections {
		most = min(most, max(int(l)-freeDescriptors, int(l)/2)) // a tiny limit is shared evenly
	}
	return most
}

// outOfDescriptors reports whether a connection could not be accepted only
// because too many files are open.
func outOfDescriptors(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}
