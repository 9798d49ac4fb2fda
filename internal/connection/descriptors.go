package connection

import (
	"errors"
	"syscall"
)

// ServerLimit is how many connections the server itself serves at once: see Most.
const ServerLimit = 16 << 10

const (
	// freeWorkers is how far the connections stay below the server's own
	// limit: one that was closed for another holds its worker a moment longer.
	freeWorkers = 1 << 10
	// freeDescriptors are left for the store, for connections that linger, and
	// for what else the process opens.
	freeDescriptors = mostLingering + 256
)

// Most returns how many connections the service can hold: fewer than the server's limit,
// and than the process has file descriptors for.
func Most() int { return mostOf(descriptorLimit()) }

func mostOf(descriptors uint64) int {
	most := ServerLimit - freeWorkers
	if descriptors > 0 && descriptors < ServerLimit {
		most = min(most, max(int(descriptors)-freeDescriptors, int(descriptors)/2)) // a tiny limit is shared evenly
	}
	return most
}

// outOfDescriptors reports whether a connection could not be accepted only
// because too many files are open.
func outOfDescriptors(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}
