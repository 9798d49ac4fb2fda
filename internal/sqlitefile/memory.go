package sqlitefile

import (
	"sync"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	lib "modernc.org/sqlite/lib"
)

const (
	pageSlot  = 4096 + 512 // a page and what SQLite keeps beside it
	pageSlots = 2560       // pages in the caches of all connections together
	largest   = 16 << 10   // bytes of the largest block that shares a mapping
)

// tuneMemory gives SQLite one pool for the pages of all connections, and keeps
// one block of every size allocated as long as the process runs. It must come
// before the first connection; later it changes nothing.
//
// The allocator under SQLite here maps 64 KiB for blocks of one size and gives
// them back with the last block. A page with its header fills a block of 8 KiB,
// so a cache takes twice its size; a connection that sees that another one
// wrote drops its whole cache, and a split of a b-tree page needs a block of a
// few KiB for a moment: all of that would map and unmap memory again and again,
// half of the time of a bulk insert.
var tuneMemory = sync.OnceFunc(func() {
	tls := libc.NewTLS()
	pool := libc.Xmalloc(tls, pageSlot*pageSlots)
	if pool != 0 {
		// An error tells that SQLite is in use already; then it goes on as
		// it was.
		_ = lib.Xsqlite3_config(tls, lib.SQLITE_CONFIG_PAGECACHE, libc.NewVaList(pool, int32(pageSlot), int32(pageSlots)))
	}
	for size := types.Size_t(16); size <= largest; size *= 2 {
		libc.Xmalloc(tls, size)
	}
})
