package sqlite

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/internal/datadir"
	"persepsi/internal/sqlitefile"
	"persepsi/internal/storetest"
	"persepsi/survey"
)

// backedUp makes a store and a backup of it.
func backedUp(t *testing.T) (dir, file string, lib *survey.Library) {
	t.Helper()
	dir, lib = flippable(t)
	file = filepath.Join(t.TempDir(), "cadangan")
	b, err := WriteBackup(t.Context(), dir, file)
	if err != nil {
		t.Fatal(err)
	}
	size, sum, err := digest(file)
	if err != nil || b.Responses != 60 || b.Bytes != size || b.SHA256 != sum {
		t.Errorf("backup = %+v, want 60 responses, %d bytes, %s", b, size, sum)
	}
	return dir, file, lib
}

// refusedRestore restores a file's content, which must fail and leave nothing.
func refusedRestore(t *testing.T, data []byte, lib *survey.Library) error {
	t.Helper()
	top := t.TempDir()
	file, dir := filepath.Join(top, "cadangan"), filepath.Join(top, "baru", "data")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Restore(t.Context(), dir, file, lib)
	if _, there := os.Stat(filepath.Dir(dir)); err != nil && !errors.Is(there, fs.ErrNotExist) {
		t.Errorf("the refused restore left %s behind", filepath.Dir(dir))
	}
	if err != nil && strings.Contains(err.Error(), "\n") {
		t.Errorf("err = %q, want one line", err)
	}
	return err
}

func TestEveryFlippedBitOfABackupIsRefused(t *testing.T) {
	t.Parallel()
	_, file, lib := backedUp(t)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(90, 1))
	var bits []int
	for range 60 {
		bits = append(bits, rng.IntN(8*len(data)))
	}
	for range 60 { // the header, which gzip doesn't check
		bits = append(bits, rng.IntN(8*len(backupHeader(""))))
	}
	for bit := range 8 * 16 { // the end, with the bits that fill the last byte
		bits = append(bits, 8*len(data)-1-bit)
	}
	for _, bit := range bits {
		data[bit/8] ^= 1 << (bit % 8)
		if err := refusedRestore(t, data, lib); survey.CodeOf(err) != survey.Invalid {
			t.Errorf("bit %d of %d: err = %v, want Invalid", bit, 8*len(data), err)
		}
		data[bit/8] ^= 1 << (bit % 8)
	}
	for _, damaged := range [][]byte{nil, data[:5], data[:len(data)/2], data[:len(data)-1], append(bytes.Clone(data), 0), append(bytes.Clone(data), data...)} {
		if err := refusedRestore(t, damaged, lib); survey.CodeOf(err) != survey.Invalid {
			t.Errorf("%d of %d bytes: err = %v, want Invalid", len(damaged), len(data), err)
		}
	}
	if err := refusedRestore(t, data, lib); err != nil {
		t.Errorf("the whole backup: %v", err)
	}
}

// TestADatabaseThatContradictsItselfIsNotRestored: a plain file has no
// checksum, but must be a store whose counts agree with its rows.
func TestADatabaseThatContradictsItselfIsNotRestored(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]string{
		"a row is lost":                 `DELETE FROM responses WHERE rowid = (SELECT max(rowid) FROM responses)`,
		"a row is there too much":       `INSERT INTO responses SELECT 1, unit_form, x'00', service, point, mode, hour, answers, respondent, lang, 0, 0, '' FROM responses LIMIT 1`,
		"a segment is lost":             `DELETE FROM segments WHERE id = 1`,
		"the tallies hold what is not":  `UPDATE segments SET tallied = n + 1 WHERE id = 1`,
		"it is no store":                `DROP TABLE migrations`,
		"a newer program wrote it":      `INSERT INTO migrations VALUES (99, 'future', 0)`,
		"it is whole":                   ``,
		"its index is another one":      `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE UNIQUE INDEX responses_id ON responses (answers)' WHERE name = 'responses_id'`,
		"a form is named that is not":   `UPDATE unit_forms SET form = 'tiada@1'`,
		"it was staged and not counted": `INSERT INTO staged SELECT 1, id, '2026-s1', 'unit-0', 'terpadu-16@1', 20473, service, point, mode, hour, answers, respondent, lang, 0, 0, '' FROM responses LIMIT 1`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, lib := flippable(t)
			c, err := sqlite.OpenConn(filepath.Join(dir, datadir.StoreFile), sqlite.OpenReadWrite)
			if err != nil {
				t.Fatal(err)
			}
			if err := sqlitex.ExecuteScript(c, change, nil); err != nil {
				t.Fatal(err)
			}
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(filepath.Join(dir, datadir.StoreFile))
			if err != nil {
				t.Fatal(err)
			}
			err = refusedRestore(t, data, lib)
			if good := name == "it is whole" || name == "it was staged and not counted"; good != (err == nil) {
				t.Errorf("err = %v", err)
			}
		})
	}
}

func TestARestoreThatIsBrokenOffLeavesNothing(t *testing.T) {
	t.Parallel()
	_, file, lib := backedUp(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := filepath.Join(t.TempDir(), "data")
	if _, err := Restore(ctx, dir, file, lib); err == nil {
		t.Error("a restore that was broken off succeeds")
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the directory is there: %v", err)
	}
	// What a killed one left is removed by the next.
	left := filepath.Join(dir, datadir.RestorePrefix+"1")
	if err := os.MkdirAll(left, datadir.DirMode); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(left, datadir.StoreFile), []byte("half"), datadir.FileMode); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(t.Context(), dir, file, lib); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there: %v", left, err)
	}
	recountedClean(t, dir, lib)
}

func TestADirectoryThatIsServedIsNotRestoredInto(t *testing.T) {
	t.Parallel()
	_, file, lib := backedUp(t)
	dir := filepath.Join(t.TempDir(), "data")
	unlock, err := datadir.Lock(dir) // a server before a database of another machine
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	if _, err := Restore(t.Context(), dir, file, lib); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("err = %v, want Conflict", err)
	}
	if _, err := os.Stat(filepath.Join(dir, datadir.ServeLock)); err != nil {
		t.Errorf("the server's lock is gone: %v", err)
	}
}

func TestABackupThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	dir, _ := flippable(t)
	target := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := WriteBackup(ctx, dir, filepath.Join(target, "cadangan")); err == nil {
		t.Error("a backup that was broken off succeeds")
	}
	if left, err := os.ReadDir(target); err != nil || len(left) != 0 {
		t.Errorf("%v is left, err = %v", left, err)
	}
	for _, name := range []string{"cadangan.part", "cadangan.part.db"} { // of one that was killed
		if err := os.WriteFile(filepath.Join(target, name), []byte("half"), datadir.FileMode); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := WriteBackup(t.Context(), dir, filepath.Join(target, "cadangan")); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(target); err != nil || len(left) != 1 {
		t.Errorf("%v is there, err = %v", left, err)
	}
}

// TestTheLogBeginsAnewAfterABackup: a reader of one moment keeps the log from
// that, and only for as long as it reads.
func TestTheLogBeginsAnewAfterABackup(t *testing.T) {
	t.Parallel()
	dir, lib := t.TempDir(), storetest.Library(t)
	db := opened(t, dir, lib)
	defer db.Close()
	maker := storetest.NewMaker(t, 91)
	grow := func() {
		t.Helper()
		before := number(t, db, `SELECT count(*) FROM responses`)
		for range 10 {
			if _, err := db.Append(t.Context(), maker.Batch(3000)); err != nil {
				t.Fatal(err)
			}
		}
		if after := number(t, db, `SELECT count(*) FROM responses`); after != before+30_000 {
			t.Fatalf("%d responses, want %d", after, before+30_000)
		}
	}
	grow()
	done := make(chan error, 1)
	go func() {
		_, err := WriteBackup(context.Background(), dir, filepath.Join(t.TempDir(), "cadangan"))
		done <- err
	}()
	grow()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	grow()
	db.checkpointOnce()
	if _, err := db.Append(t.Context(), maker.Batch(1)); err != nil {
		t.Fatal(err)
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	if size := checkpoint(db.writer); size >= sqlitefile.LogLimit {
		t.Errorf("the log has %d bytes after it was carried over, want it to begin anew", size)
	}
}

// full is a file that takes so many bytes and no more, or fails where it is told to.
type full struct {
	room          int
	badAt, badEnd error
}

var errFull = errors.New("no space left on device")

func (f *full) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func (f *full) WriteAt(p []byte, _ int64) (int, error) { return len(p), f.badAt }

func (f *full) Sync() error { return f.badEnd }

// However near to its end a backup finds no room, it is none.
func TestABackupThatIsNotWholeIsNone(t *testing.T) {
	t.Parallel()
	const enough = 1 << 20
	whole := &full{room: enough}
	if err := packInto(t.Context(), strings.NewReader("isi"), whole); err != nil {
		t.Fatal(err)
	}
	size := enough - whole.room
	for room := range size {
		if err := packInto(t.Context(), strings.NewReader("isi"), &full{room: room}); !errors.Is(err, errFull) {
			t.Errorf("of %d bytes %d are there: err = %v", size, room, err)
		}
	}
	for _, f := range []*full{{room: size, badAt: errFull}, {room: size, badEnd: errFull}} {
		if err := packInto(t.Context(), strings.NewReader("isi"), f); !errors.Is(err, errFull) {
			t.Errorf("its header, or its last bytes, are not durable: err = %v", err)
		}
	}
}
