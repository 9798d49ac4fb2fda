package sqlite

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/analytics"
	"persepsi/internal/evidence"
	"persepsi/internal/projection"
	"persepsi/internal/storetest"
	"persepsi/survey"
)

// Short texts are read by a buffer of 64 bytes and kept in blocks: longer ones, and those at the
// end of a block, come back as they were.
func TestTextsOfAnyLengthComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	db := opened(t, t.TempDir(), storetest.Library(t))
	defer db.Close()
	list := storetest.NewMaker(t, 25).Batch(900)
	want := map[uuid.UUID]*survey.Response{}
	for i, r := range list {
		text := fmt.Sprintf("%0*d", []int{1, 62, 63, 64, 65, 300}[i%6], i)
		r.Service, r.Point, r.Lang, r.Comment = "s"+text, "p"+text, "l"+text, text
		r.Answers, r.Respondent = survey.Marks("1"+text), survey.Marks("2"+text)
		if i%7 == 0 {
			r.Service, r.Respondent = "", ""
		}
		want[r.ID] = r
	}
	if _, err := db.Append(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	var got []*survey.Response // kept, while others are read
	if err := db.Responses(t.Context(), survey.Filter{}, func(r *survey.Response) error {
		one := *r
		got = append(got, &one)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	found, err := db.Find(t.Context(), storetest.IDs(list))
	if err != nil || len(got) != len(list) || len(found) != len(list) {
		t.Fatalf("%d are read and %d found, err = %v", len(got), len(found), err)
	}
	for _, r := range slices.Concat(got, found) {
		if diff := cmp.Diff(want[r.ID], r); diff != "" {
			t.Fatalf("response (-want +got):\n%s", diff)
		}
	}
}

// What is counted at once is bounded, and whether there is more is told exactly: a store that
// says so for ever is counted for ever, one that never does is counted late.
func TestWhatIsTakenAtOnceIsBounded(t *testing.T) {
	t.Parallel()
	lib := storetest.Library(t)
	db := opened(t, t.TempDir(), lib)
	defer db.Close()
	maker := storetest.NewMaker(t, 26)
	form, err := lib.FormByID(maker.Response().Form)
	if err != nil {
		t.Fatal(err)
	}
	grow := func(day survey.Date, n int) {
		t.Helper()
		list := maker.Batch(n)
		for _, r := range list {
			r.Day, r.Unit = day, "unit-0"
		}
		if _, err := db.Append(t.Context(), list); err != nil {
			t.Fatal(err)
		}
	}
	first := storetest.First()
	take := func(buckets int, left bool, want ...int64) {
		t.Helper()
		b := &projection.Batch{Fresh: map[analytics.Key]projection.Delta{}, Anew: map[analytics.Key]bool{}}
		for i := range buckets {
			b.Fresh[analytics.Key{Period: "2026-s1", Unit: "unit-0", Form: form.ID, Level: analytics.LevelDay, Start: first + survey.Date(i)}] = projection.Delta{Tally: analytics.NewTally(form)}
		}
		for i, rows := range want {
			more, err := db.Take(t.Context(), b)
			if err != nil || more != (left || i+1 < len(want)) || b.Rows != rows {
				t.Errorf("take %d: %d rows, more: %v, err = %v, want %d rows of %v", i+1, b.Rows, more, err, rows, want)
			}
		}
	}
	grow(first+1, 1)
	grow(first, 2)
	take(takeBuckets-1, false, 3)
	take(takeBuckets, true, 2)
	grow(first, takeRows-2)
	take(2, false, takeRows, takeRows+1)
	grow(first, 1)
	take(2, false, takeRows, takeRows+2)
	take(2, false, takeRows, takeRows+2) // what was not saved is taken again
	mustSettle(t, db)
	take(2, false, 0)
	grow(first, takeRows) // and now there is no other day
	take(2, false, takeRows)
	grow(first, 1)
	take(2, false, takeRows, takeRows+1)
}

// However a selection is asked for, its documents are those that it names.
func TestTalliesAreFoundByWhateverIsKnownOfThem(t *testing.T) {
	t.Parallel()
	db := opened(t, t.TempDir(), storetest.Library(t))
	defer db.Close()
	stored := map[analytics.Key]projection.Doc{}
	if err := db.commitFacts(func(c *sqlite.Conn) error {
		for rev, period := range []string{"p", "q"} {
			for range rev + 1 {
				if err := revise(c, period); err != nil {
					return err
				}
			}
			for level := analytics.Level(1); level <= 2; level++ {
				for start := survey.Date(1); start <= 4; start++ {
					for _, unit := range []string{"u", "v"} {
						k := analytics.Key{Period: period, Unit: unit, Form: "f", Level: level, Start: start}
						text := strings.Repeat(fmt.Sprint(k), int(start)) // of one length and another
						stored[k] = projection.Doc{Tally: []byte(text), Rev: int64(rev + 1)}
						if err := put(c, &projection.Put{Key: k, Tally: []byte(text)}); err != nil {
							return err
						}
					}
				}
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, period := range []string{"", "p", "q", "r"} {
		for _, level := range []analytics.Level{0, 1, 2} {
			for _, unit := range []string{"", "u", "w"} {
				for _, days := range [][2]survey.Date{{0, 0}, {2, 4}, {0, 2}, {5, 9}} {
					s := projection.Selection{TallyFilter: analytics.TallyFilter{Period: period, Level: level, Unit: unit}, From: days[0], Before: days[1]}
					want := map[analytics.Key]projection.Doc{}
					for k, d := range stored {
						within := s.From == 0 && s.Before == 0 || k.Start >= s.From && k.Start < s.Before
						if within && (period == "" || k.Period == period) && (level == 0 || k.Level == level) && (unit == "" || k.Unit == unit) {
							want[k] = d
						}
					}
					got, n := map[analytics.Key]projection.Doc{}, 0
					err := db.Docs(t.Context(), s, func(k analytics.Key, d projection.Doc) error {
						d.Tally = slices.Clone(d.Tally)
						got[k] = d
						n++
						return nil
					})
					if diff := cmp.Diff(want, got); err != nil || n != len(want) || diff != "" {
						t.Errorf("%+v: %d documents, err = %v (-want +got):\n%s", s, n, err, diff)
					}
				}
			}
		}
	}
	enough, n := errors.New("enough"), 0
	for _, s := range []projection.Selection{{}, {TallyFilter: analytics.TallyFilter{Period: "p", Level: 1, Unit: "u"}}} {
		err := db.Docs(t.Context(), s, func(analytics.Key, projection.Doc) error { n++; return enough })
		if !errors.Is(err, enough) || strings.Contains(err.Error(), "read tallies") {
			t.Errorf("who stops reading is told %v", err)
		}
	}
	if n != 2 {
		t.Errorf("%d documents came to who stopped at the first, twice", n)
	}
}

// More than one transaction takes is removed all the same, and nothing of other periods.
func TestAllCommentsOfAnErasedPeriodAreRemoved(t *testing.T) {
	t.Parallel()
	db := opened(t, t.TempDir(), storetest.Library(t))
	defer db.Close()
	fill := func(period string, n int) {
		t.Helper()
		for _, into := range []string{
			`comment_steps (period, unit, serial, body) SELECT ?1, 'u', i, '{}' FROM n`,
			`comment_marks (period, unit, id, version, body) SELECT ?1, 'u', randomblob(16), 1, '{}' FROM n`,
			`comment_marked (period, unit, n) SELECT ?1, 'u' || i, 1 FROM n`,
		} {
			if err := db.commitFacts(func(c *sqlite.Conn) error {
				return sqlitex.Execute(c, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2) INSERT INTO `+into, &sqlitex.ExecOptions{Args: []any{period, n}})
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
	fill("p", 2*importBatch+10)
	fill("q", 3)
	if err := db.EraseComments(t.Context(), "p"); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"comment_steps", "comment_marks", "comment_marked"} {
		left, others := number(t, db, `SELECT count(*) FROM `+table+` WHERE period = 'p'`), number(t, db, `SELECT count(*) FROM `+table)
		if left != 0 || others != 3 {
			t.Errorf("%s holds %d rows of the period, and %d in all", table, left, others)
		}
	}
}

// A file goes piece by piece, each in a commit of its own, for what is removed is overwritten;
// once that began the file is nobody's any more.
func TestPiecesOfAFileAreRemovedInCommitsOfTheirOwn(t *testing.T) {
	t.Parallel()
	db := opened(t, t.TempDir(), storetest.Library(t))
	defer db.Close()
	e := evidence.Expiry{Place: evidence.Place{Period: "p", Unit: "u"}, File: "a", Due: time.UnixMilli(1000)}
	if err := db.PutExpiry(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	for n := range 4 {
		if err := db.PutPiece(t.Context(), "a", n, []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	holds := func(when string, expiries, pieces int64) {
		t.Helper()
		gotExpiries, gotPieces := number(t, db, `SELECT count(*) FROM evidence_expiries`), number(t, db, `SELECT count(*) FROM evidence_pieces`)
		if gotExpiries != expiries || gotPieces != pieces {
			t.Errorf("%s there are %d expiries and %d pieces, want %d and %d", when, gotExpiries, gotPieces, expiries, pieces)
		}
	}
	later := e
	later.Due = e.Due.Add(time.Second)
	for _, gone := range []bool{false, true} {
		if err := db.EndExpiry(t.Context(), later, gone); err != nil {
			t.Error(err)
		}
	}
	holds("before its time", 1, 4)
	if err := db.EndExpiry(&ending{t.Context(), 3}, e, true); err == nil {
		t.Error("what was broken off is told as done")
	}
	holds("after three commits", 1, 2)
	if err := db.EndExpiry(t.Context(), e, false); err != nil {
		t.Error(err)
	}
	holds("where somebody takes it for an entry's", 1, 2)
	if err := db.EndExpiry(t.Context(), e, true); err != nil {
		t.Error(err)
	}
	holds("at last", 0, 0)
}
