package sqlitefile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/survey"
)

func TestWhatSQLiteSaysIsSaidInOurWords(t *testing.T) {
	t.Parallel()
	ours := survey.Errorf(survey.Conflict, "it is there already")
	if err := Trouble("write", nil); err != nil {
		t.Errorf("nothing is wrong: %v", err)
	}
	if err := Trouble("write", fmt.Errorf("row 3: %w", ours)); survey.CodeOf(err) != survey.Conflict || err.Error() != "row 3: "+ours.Error() {
		t.Errorf("an error of ours: %v", err)
	}
	for code, want := range map[sqlite.ResultCode]string{
		sqlite.ResultFull: "the disk is full",
		sqlite.ResultBusy: "the store is busy", sqlite.ResultBusySnapshot: "the store is busy", sqlite.ResultLocked: "the store is busy",
		sqlite.ResultIOErrFsync: "the store cannot be used", sqlite.ResultReadOnly: "the store cannot be used", sqlite.ResultCantOpen: "the store cannot be used",
		sqlite.ResultCorrupt: "the store cannot be used", sqlite.ResultNotADB: "the store cannot be used",
	} {
		err := Trouble("write", code.ToError())
		var told *survey.Error
		if !errors.As(err, &told) || told.Code != survey.Unavailable || told.Message != want || told.RetryAfter == 0 || sqlite.ErrCode(err) != code {
			t.Errorf("%v: %v, want Unavailable, %q", code, err, want)
		}
	}
	// What no disk and no wait can mend is no outage.
	err := Trouble("write", sqlite.ResultConstraintUnique.ToError())
	if survey.CodeOf(err) == survey.Unavailable || sqlite.ErrCode(err) != sqlite.ResultConstraintUnique || !strings.HasPrefix(err.Error(), "write: ") {
		t.Errorf("a breach of the shape: %v", err)
	}
}

func TestWhyAFileCannotBeOpenedIsSaid(t *testing.T) {
	t.Parallel()
	ours := survey.Errorf(survey.Conflict, "it is of a later version")
	if err := Opening("/data/persepsi.db", ours); !errors.Is(err, ours) || err.Error() != ours.Error() {
		t.Errorf("an error of ours: %v", err)
	}
	for code, want := range map[sqlite.ResultCode]string{
		sqlite.ResultNotADB:  "persepsi.db in /data is not a database of this program",
		sqlite.ResultCorrupt: "persepsi.db in /data is not a database of this program",
		sqlite.ResultIOErr:   "the store in /data cannot be opened",
	} {
		err := Opening("/data/persepsi.db", code.ToError())
		var told *survey.Error
		if !errors.As(err, &told) || told.Code != survey.Unavailable || told.Message != want || sqlite.ErrCode(err) != code {
			t.Errorf("%v: %v, want Unavailable, %q", code, err, want)
		}
	}
}

func open(t *testing.T, path string) *sqlite.Conn {
	t.Helper()
	c, err := Open(path, "FULL", 1<<10)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestAnOpenFileIsSetAsEveryOther(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	c := open(t, path)
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "wal_autocheckpoint": "0", "cache_size": "-1024", "journal_size_limit": fmt.Sprint(64 << 20),
		"temp_store": "2", "busy_timeout": "5000", "page_size": "4096",
	} {
		got, err := sqlitex.ResultText(c.Prep("PRAGMA " + pragma))
		if err != nil || got != want {
			t.Errorf("%s = %q, %v, want %s", pragma, got, err, want)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info, err)
	}
}

func TestWhatIsNoDatabaseIsNotOpened(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	note := filepath.Join(dir, "note")
	if err := os.WriteFile(note, []byte("this is a note and no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		path, synchronous string
		is                func(error) bool
	}{
		"in no directory":       {filepath.Join(dir, "missing", "a.db"), "FULL", func(err error) bool { return errors.Is(err, fs.ErrNotExist) }},
		"a directory":           {dir, "FULL", func(err error) bool { return sqlite.ErrCode(err).ToPrimary() == sqlite.ResultCantOpen }},
		"a note":                {note, "FULL", func(err error) bool { return sqlite.ErrCode(err).ToPrimary() == sqlite.ResultNotADB }},
		"with no word for when": {filepath.Join(dir, "b.db"), "(", func(err error) bool { return sqlite.ErrCode(err).ToPrimary() == sqlite.ResultError }},
	} {
		if conn, err := Open(c.path, c.synchronous, 1<<10); conn != nil || !c.is(err) {
			t.Errorf("%s: %v, %v", name, conn, err)
		}
	}
	if g, err := Watch(filepath.Join(dir, "missing.db")); g != nil || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what is not there is watched: %v, %v", g, err)
	}
}

func TestAFileThatTakesNothingIsFoundOut(t *testing.T) {
	t.Parallel()
	c := open(t, filepath.Join(t.TempDir(), "a.db"))
	if err := Touch(c); err != nil {
		t.Errorf("touch: %v", err)
	}
	if err := sqlitex.ExecuteTransient(c, `PRAGMA query_only = ON`, nil); err != nil {
		t.Fatal(err)
	}
	if err := Touch(c); err == nil {
		t.Error("a file that cannot be written to takes a touch")
	}
}

func TestTimesAreKeptAsMilliseconds(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 11, 0, 0, 7_000_000, time.FixedZone("WIB", 7*3600))
	for _, c := range []struct {
		at time.Time
		ms int64
	}{{at, 1772424000007}, {time.Time{}, 0}} {
		if got := Millis(c.at); got != c.ms {
			t.Errorf("%v is kept as %d, want %d", c.at, got, c.ms)
		}
		if got := Time(c.ms); !got.Equal(c.at) || got.Location() != time.UTC {
			t.Errorf("%d is %v, want %v in UTC", c.ms, got, c.at)
		}
	}
}
