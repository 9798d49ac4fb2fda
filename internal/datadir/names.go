package datadir

// What a directory of this program has in it. Others with such names in it are taken for
// ours when it is shut.
const (
	StoreFile = "persepsi.db" // and the names that begin with it: its log
	SpoolFile = "spool.db"    // likewise
	// RestorePrefix begins the name of the directory that a store is restored in before it
	// is whole.
	RestorePrefix = ".restore-"

	lockSuffix = ".lock"
	// ServeLock is held by the server of a directory, ImportLock by whoever imports into its
	// store, or takes an import out.
	ServeLock  = "serve" + lockSuffix
	ImportLock = "import" + lockSuffix

	// tempName is the directory of files that a server makes to send them.
	tempName = "tmp"
)
