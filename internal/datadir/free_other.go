//go:build !(linux || darwin)

package datadir

// Free is negative: nobody knows how much of the disk is free.
func Free(string) int64 { return -1 }
