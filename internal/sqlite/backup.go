package sqlite

import (
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/datadir"
	"persepsi/internal/sqlitefile"
	"persepsi/migrations"
	"persepsi/survey"
)

// Backup tells of a backup that was written.
type Backup struct {
	Responses int64
	Bytes     int64  // of the file
	SHA256    string // of the file, lower-case hex
}

// WriteBackup writes the store of a directory, as it is at one moment, into a
// file that only its owner may read. A server may go on meanwhile: the store is
// only read, and writers wait for nothing. The file is complete or not there.
// Beside it the store's whole size is needed for as long as it is made.
func WriteBackup(ctx context.Context, dir, file string) (Backup, error) {
	var out Backup
	if err := mayReplace(file); err != nil {
		return out, err
	}
	raw, part := file+".part.db", file+".part"
	for _, name := range []string{raw, part} { // of a backup that was killed
		_ = os.Remove(name)
		defer os.Remove(name) // gone already when all went well
	}
	if err := vacuumInto(ctx, filepath.Join(dir, datadir.StoreFile), raw); err != nil {
		return out, backingUp(file, err)
	}
	var err error
	if out.Responses, err = inspect(ctx, raw); err != nil {
		return out, backingUp(file, err)
	}
	if err = pack(ctx, raw, part); err == nil {
		out.Bytes, out.SHA256, err = digest(part)
	}
	if err == nil {
		err = os.Rename(part, file)
	}
	if err == nil {
		err = syncDir(filepath.Dir(file))
	}
	return out, backingUp(file, err)
}

func backingUp(file string, err error) error {
	return told("no backup was made as "+file, err)
}

// told says what failed, and why in words for a person.
func told(what string, err error) error {
	if err == nil {
		return nil
	}
	out := &survey.Error{Code: survey.Unavailable, Cause: err}
	var known *survey.Error
	var path *os.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &known):
		out.Code, out.Message = known.Code, known.Message
	case errors.Is(err, context.Canceled) || sqlite.ErrCode(err).ToPrimary() == sqlite.ResultInterrupt:
		out.Message = "it was broken off"
	case errors.As(err, &path):
		out.Message = path.Err.Error()
	case errors.As(err, &link):
		out.Message = link.Err.Error()
	default:
		out.Code, out.Message = survey.Internal, "something unexpected went wrong"
	}
	out.Message = what + ": " + out.Message
	return out
}

// mayReplace refuses a name that something else than a backup has: a slip must
// not cost a file, least of all the store.
func mayReplace(file string) error {
	f, err := os.Open(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err == nil {
		defer f.Close() // only read
		start := make([]byte, len(backupHeader("")))
		if _, err := io.ReadFull(f, start); err == nil && isBackup(start) {
			return nil
		}
	}
	return survey.Errorf(survey.Conflict, "%s is there already and is no backup; name another file", file)
}

// vacuumInto copies a database, compact and without its log.
func vacuumInto(ctx context.Context, path, to string) error {
	if err := datadir.Create(to); err != nil {
		return err
	}
	c, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		return err
	}
	err = sqlitefile.Prepare(c, "NORMAL", 4<<10)
	if err == nil {
		c.SetInterrupt(ctx.Done())
		err = sqlitex.ExecuteTransient(c, `VACUUM INTO ?`, &sqlitex.ExecOptions{Args: []any{to}})
	}
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return errors.Join(sqlitefile.Trouble("copy the store", err), c.Close())
}

// inspect checks a database file that nobody else uses, and returns how many
// responses it holds.
func inspect(ctx context.Context, path string) (responses int64, err error) {
	c, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		return 0, damaged(err)
	}
	defer func() {
		if ctx.Err() != nil {
			err = ctx.Err() // broken off, and not damaged
		}
		err = errors.Join(err, c.Close())
	}()
	c.SetInterrupt(ctx.Done())
	one := func(query string) (text string, n int64, err error) {
		err = sqlitex.ExecuteTransient(c, query, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
			text, n = s.ColumnText(0), s.ColumnInt64(0)
			return nil
		}})
		return text, n, err
	}
	text, _, err := one(`SELECT integrity_check FROM pragma_integrity_check LIMIT 1`)
	if err == nil && text != "ok" {
		err = errors.New(text)
	}
	if err != nil {
		return 0, damaged(err)
	}
	if err := migrations.CheckSQLite(c); err != nil {
		return 0, err
	}
	// Within a segment responses are numbered from 1 to n, and the tallies hold
	// the first of them.
	_, wrong, err := one(`SELECT count(*) FROM segments s WHERE s.tallied > s.n OR s.n <> (
		SELECT count(*) FROM responses r WHERE r.rowid BETWEEN (s.id << 32) + 1 AND (s.id << 32) + s.n)`)
	if err != nil {
		return 0, damaged(err)
	}
	_, responses, err = one(`SELECT count(*) FROM responses`)
	if err != nil {
		return 0, damaged(err)
	}
	_, told, err := one(`SELECT coalesce(sum(n), 0) FROM segments`)
	if err == nil && (wrong != 0 || told != responses) {
		err = fmt.Errorf("%d responses, %d expected", responses, told)
	}
	if err != nil {
		return 0, damaged(err)
	}
	return responses, nil
}

func damaged(err error) error {
	return &survey.Error{Code: survey.Invalid, Message: "the database is damaged or is none of this program", Cause: err}
}

// The backup is a gzip file whose comment tells the SHA-256 of all that follows
// its header, so that every flipped bit is found: gzip itself checks neither its
// header nor the bits that fill its last byte.
const (
	backupMark  = "persepsi backup sha256="
	backupLevel = gzip.BestSpeed
)

// backupHeader is the header with a sum in hex.
func backupHeader(sum string) []byte {
	if sum == "" {
		sum = hex.EncodeToString(make([]byte, sha256.Size))
	}
	const comment, fastest, unknownSystem = 1 << 4, 4, 255
	out := []byte{0x1f, 0x8b, 8, comment, 0, 0, 0, 0, fastest, unknownSystem}
	return append(append(out, backupMark+sum...), 0)
}

// headerSum returns the sum that a header tells.
func headerSum(header []byte) string {
	return string(header[len(header)-1-2*sha256.Size : len(header)-1])
}

// isBackup tells whether the first bytes of a file are the header of a backup.
func isBackup(header []byte) bool {
	sum := headerSum(header)
	raw, err := hex.DecodeString(sum)
	return err == nil && hex.EncodeToString(raw) == sum && string(header) == string(backupHeader(sum))
}

// pack packs a file durably.
func pack(ctx context.Context, from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close() // only read
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, datadir.FileMode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	return packInto(ctx, in, out)
}

// packed is what is used of an *os.File.
type packed interface {
	io.Writer
	io.WriterAt
	Sync() error
}

// packInto packs what is read into an empty file.
func packInto(ctx context.Context, in io.Reader, out packed) error {
	sum := sha256.New()
	body := &skipWriter{skip: len(backupHeader("")), to: sum}
	zip, err := gzip.NewWriterLevel(io.MultiWriter(out, body), backupLevel)
	if err != nil {
		return err
	}
	zip.Comment = backupMark + headerSum(backupHeader("")) // what it is, is not known yet
	if _, err := io.Copy(zip, contextReader{ctx, in}); err != nil {
		return err
	}
	if err := zip.Close(); err != nil {
		return err
	}
	if _, err := out.WriteAt(backupHeader(hex.EncodeToString(sum.Sum(nil))), 0); err != nil {
		return err
	}
	return out.Sync()
}

// skipWriter passes on what comes after the first bytes.
type skipWriter struct {
	skip int
	to   io.Writer
}

func (b *skipWriter) Write(p []byte) (int, error) {
	n := min(b.skip, len(p))
	b.skip -= n
	_, err := b.to.Write(p[n:])
	return len(p), err
}

// digest returns the size and SHA-256 of a file.
func digest(name string) (size int64, sum string, err error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, "", err
	}
	defer f.Close() // only read
	hash := sha256.New()
	size, err = io.Copy(hash, f)
	return size, hex.EncodeToString(hash.Sum(nil)), err
}

// syncDir makes what was renamed in a directory durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
