package sqlite

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"

	"persepsi/analytics"
	"persepsi/internal/audit"
	"persepsi/internal/datadir"
	"persepsi/internal/projection"
	"persepsi/survey"
)

// RestoreResult tells of a store that was restored.
type RestoreResult struct {
	Responses int64
	Recounted analytics.RecountResult
	// Unsound are the faults of its audit, which keep no answer from being restored.
	Unsound []audit.Fault
}

// Restore makes a store in a directory that has none, out of a file that
// WriteBackup wrote, or of a plain SQLite file. It is unpacked, checked,
// migrated and recounted beside, and only then put in its place: where an error
// is returned nothing was changed. Conflict: there is a store, or a server uses
// the directory. Invalid: the file is damaged, or not a store.
func Restore(ctx context.Context, dir, file string, lib *survey.Library) (RestoreResult, error) {
	var out RestoreResult
	in, err := os.Open(file)
	if err != nil {
		return out, survey.Errorf(survey.NotFound, "the backup %s cannot be read: %s", file, datadir.Reason(err))
	}
	defer in.Close() // only read
	if err := vacant(dir); err != nil {
		return out, err
	}
	made := missing(dir)
	_, err = os.Lstat(filepath.Join(dir, datadir.ServeLock))
	fresh := errors.Is(err, os.ErrNotExist)
	unlock, err := datadir.Lock(dir)
	if err == nil {
		out, err = restore(ctx, dir, file, in, lib)
		if err != nil && fresh {
			_ = os.Remove(filepath.Join(dir, datadir.ServeLock))
		}
		unlock()
	}
	if err != nil {
		for _, name := range made {
			_ = os.Remove(name) // only if it is empty
		}
	}
	return out, err
}

// vacant refuses a directory with a store in it. A log without its database
// counts: it would be taken for that of the restored one.
func vacant(dir string) error {
	for _, name := range []string{datadir.StoreFile, datadir.StoreFile + "-wal", datadir.StoreFile + "-shm", datadir.StoreFile + "-journal"} {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			return survey.Errorf(survey.Conflict, "the data directory %s holds a store already (%s); restore into another one, or move that away first", dir, name)
		}
	}
	return nil
}

// missing lists the directories that making one would make, the innermost
// first.
func missing(dir string) []string {
	var out []string
	for {
		if _, err := os.Lstat(dir); err == nil || filepath.Dir(dir) == dir {
			return out
		}
		out = append(out, dir)
		dir = filepath.Dir(dir)
	}
}

// restore restores into a directory that this process has locked.
func restore(ctx context.Context, dir, file string, in *os.File, lib *survey.Library) (out RestoreResult, err error) {
	left, err := filepath.Glob(filepath.Join(dir, datadir.RestorePrefix+"*"))
	if err != nil {
		return out, err
	}
	for _, name := range left { // of a restore that was killed
		if err := os.RemoveAll(name); err != nil {
			return out, restoring(file, err)
		}
	}
	beside, err := os.MkdirTemp(dir, datadir.RestorePrefix+"*")
	if err != nil {
		return out, restoring(file, err)
	}
	defer os.RemoveAll(beside) // what is left is removed by the next one
	path := filepath.Join(beside, datadir.StoreFile)
	if err := unpack(ctx, in, path); err != nil {
		return out, restoring(file, err)
	}
	if out.Responses, err = inspect(ctx, path); err != nil {
		return out, restoring(file, err)
	}
	if out.Recounted, out.Unsound, err = recountFile(ctx, beside, lib); err != nil {
		return out, restoring(file, err)
	}
	if err := vacant(dir); err != nil { // another command may have made one
		return out, err
	}
	if err = os.Rename(path, filepath.Join(dir, datadir.StoreFile)); err == nil {
		err = syncDir(dir)
	}
	return out, restoring(file, err)
}

// recountFile brings a store to this program's shape, counts it and checks its audit.
func recountFile(ctx context.Context, dir string, lib *survey.Library) (out analytics.RecountResult, unsound []audit.Fault, err error) {
	db, err := Open(ctx, dir)
	if err != nil {
		return out, nil, err
	}
	out, err = projection.New(db, lib).Recount(ctx, "")
	if err == nil {
		_, unsound, err = audit.Verify(ctx, db)
	}
	if err := errors.Join(err, db.Close()); err != nil {
		return out, nil, err
	}
	path := filepath.Join(dir, datadir.StoreFile)
	if _, err := os.Lstat(path + "-wal"); err == nil {
		return out, nil, errors.New("the log could not be carried over")
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return out, nil, err
	}
	return out, unsound, errors.Join(f.Sync(), f.Close())
}

func restoring(file string, err error) error { return told(file+" cannot be restored", err) }

var sqliteMagic = []byte("SQLite format 3\x00")

// unpack writes the database that is in a file.
func unpack(ctx context.Context, in io.Reader, path string) (err error) {
	to, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, datadir.FileMode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	in = contextReader{ctx, in}
	start := make([]byte, len(backupHeader("")))
	n, err := io.ReadFull(in, start)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return err
	}
	start = start[:n]
	switch {
	case bytes.HasPrefix(start, sqliteMagic):
		_, err = io.Copy(to, io.MultiReader(bytes.NewReader(start), in))
	case n == cap(start) && isBackup(start):
		err = unzip(to, start, in)
	case bytes.HasPrefix(start, []byte{0x1f, 0x8b}):
		err = survey.Errorf(survey.Invalid, "it is damaged, or was packed by another program; in that case unpack it with gunzip first")
	default:
		err = survey.Errorf(survey.Invalid, "it is neither a backup of this program nor a database")
	}
	return err
}

// unzip writes what is packed, and compares the sum of the packed bytes with
// the one that the header tells.
func unzip(to io.Writer, header []byte, in io.Reader) error {
	sum := sha256.New()
	body := io.TeeReader(in, sum)
	zip, err := gzip.NewReader(io.MultiReader(bytes.NewReader(header), body))
	if err == nil {
		_, err = io.Copy(to, zip) //nolint:gosec // as long as what its owner packed
	}
	if err == nil {
		_, err = io.Copy(io.Discard, body)
	}
	var path *os.PathError
	if errors.As(err, &path) || errors.Is(err, context.Canceled) {
		return err // of the disk, not of what is packed
	}
	if err != nil || hex.EncodeToString(sum.Sum(nil)) != headerSum(header) {
		return &survey.Error{Code: survey.Invalid, Message: "it is damaged: its checksum is another one", Cause: err}
	}
	return nil
}

// contextReader reads until ctx ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (u contextReader) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}
