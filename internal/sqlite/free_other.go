//go:build !(linux || darwin)

package sqlite

// freeBytes is negative: nobody knows how much of the disk is free.
func freeBytes(string) int64 { return -1 }
