package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/internal/audit"
	"persepsi/internal/comment"
	"persepsi/internal/retention"
	"persepsi/survey"
)

func (r *releasedCity) reader(t *testing.T) *comment.Reader {
	t.Helper()
	out, err := comment.NewReader(r.Store, r.Projector, func() *survey.Directory { return r.directory }, func() time.Time { return r.now })
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// written stores answers with a comment each, and returns the comments.
func (r *releasedCity) written(t *testing.T, m *Maker, n int, unit string, mode survey.Mode, text string) (out []string) {
	t.Helper()
	list := m.Batch(n)
	for i, a := range list {
		a.ID = uuid.Must(uuid.NewV7()) // as forms make them: their order is that of arrival
		a.Unit, a.Mode, a.Service = unit, mode, "ktp"
		a.Comment = fmt.Sprintf("%s, kata bu Zulqaidah nomor %d", text, i)
		a.ReceivedAt = r.now.Add(time.Duration(i-n) * time.Second).Truncate(time.Millisecond).UTC()
		a.Day = survey.DateOf(a.ReceivedAt, r.directory.Zone())
		out = append(out, a.Comment)
	}
	mustAppend(t, r, list)
	return out
}

// list reads a whole list, page by page.
func list(t *testing.T, r *comment.Reader, q comment.Query) (out []comment.Item) {
	t.Helper()
	for {
		p, err := r.List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p.Items...)
		if !p.More {
			return out
		}
		q.After, q.AfterUnit = p.LastKey, p.LastUnit
	}
}

// number returns that of a comment that written wrote: the later ones, of toilets, follow.
func number(t *testing.T, text string) int {
	t.Helper()
	n := 0
	if _, err := fmt.Sscanf(text[strings.LastIndex(text, " ")+1:], "%d", &n); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(text, "Toilet") {
		n += 1000
	}
	return n
}

func unread(t *testing.T, r *comment.Reader, unit string) int {
	t.Helper()
	list, err := r.Unread(t.Context(), "2026-s1")
	if err != nil {
		t.Fatal(err)
	}
	return list[unit]
}

func refreshed(t *testing.T, list ...*comment.Reader) {
	t.Helper()
	for _, r := range list {
		if err := r.Keep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// commentsShown plays a unit's comments: before a release, from the one that holds them,
// undone, marked by two servers, and erased.
func commentsShown(t *testing.T, e Engine) {
	open := e.New(t)
	x := newReleasedCity(t, open, 0)
	other := newReleasedCity(t, open, 0)
	x.now = x.directory.Catalogue().Periods[0].From.In(x.directory.Zone()).Add(9 * time.Hour)
	m := NewMaker(t, 15)
	reader, theirs := x.reader(t), other.reader(t)
	all := comment.Query{Period: "2026-s1", Units: []string{"unit-0", "unit-1"}}
	x.written(t, m, 19, "unit-0", survey.ModeQR, "Antre lama")
	want(t, "released", x.release(t), "- - - ")
	refreshed(t, reader)
	if got := list(t, reader, all); len(got) > 0 || unread(t, reader, "unit-0") != 0 {
		t.Errorf("%d comments are shown before a release", len(got))
	}
	// Ten of 35 wait for the next release: their comments too.
	x.now = x.now.Add(time.Hour)
	x.written(t, m, 16, "unit-0", survey.ModeQR, "Toilet bau")
	want(t, "released", x.release(t), "25 - - ")
	refreshed(t, reader, theirs)
	got := list(t, reader, all)
	if n := unread(t, reader, "unit-0"); len(got) != 25 || n != 25 {
		t.Fatalf("%d comments are shown and %d unread, want the 25 of the release", len(got), n)
	}
	text := func(i comment.Item) string { return comment.Plain(i.Text) }
	for _, i := range got {
		if strings.Contains(text(i), "Zulqaidah") || !i.Masked() || i.Label.Service != "ktp" || i.Label.From != i.Label.To {
			t.Errorf("%q is shown beside %+v", text(i), i.Label)
		}
	}
	came := func(a, b comment.Item) int { return number(t, text(a)) - number(t, text(b)) }
	back := slices.Clone(got)
	slices.Reverse(back)
	if slices.IsSortedFunc(got[:10], came) || slices.IsSortedFunc(back[:10], came) {
		t.Error("comments are shown in the order in which they came, or against it")
	}
	same := list(t, theirs, all)
	if !slices.EqualFunc(got, same, func(a, b comment.Item) bool { return a.Key == b.Key && text(a) == text(b) }) {
		t.Error("another server shows another order: together they tell more than one")
	}
	// What one marks, the other sees; of two at once, one is told.
	mark := comment.Change{Place: comment.Place{Period: "2026-s1", Unit: "unit-0"}, Key: got[3].Key, State: comment.FollowedUp, Correct: true, Topics: []comment.Topic{"biaya"}, By: "ratna"}
	if err := reader.Change(t.Context(), mark); err != nil {
		t.Fatal(err)
	}
	if err := theirs.Change(t.Context(), mark); survey.CodeOf(err) != survey.Conflict {
		t.Errorf("the same version twice: err = %v, want Conflict", err)
	}
	refreshed(t, reader, theirs)
	for _, r := range []*comment.Reader{reader, theirs} {
		of := list(t, r, comment.Query{Period: "2026-s1", Units: all.Units, State: comment.FollowedUp, Topic: "biaya"})
		if len(of) != 1 || of[0].Key != got[3].Key || of[0].Version != 1 || !of[0].Checked || unread(t, r, "unit-0") != 24 {
			t.Fatalf("marked are %+v", of)
		}
		if err := r.Who(t.Context(), of); err != nil || of[0].By != "ratna" || !of[0].At.Equal(x.now.Truncate(time.Millisecond)) {
			t.Errorf("marked by %s at %s, err = %v", of[0].By, of[0].At, err)
		}
	}
	// Another word form finds them, in what may be read alone.
	for search, n := range map[string]int{"ANTRIAN": 0, "antrenya lamanya": 19, "toilet bau": 6, "toil": 6, "zulqaidah": 0, "bau antre": 0} {
		if found := list(t, reader, comment.Query{Period: "2026-s1", Units: all.Units, Search: search}); len(found) != n {
			t.Errorf("%q finds %d comments, want %d", search, len(found), n)
		}
	}
	// Who reveals one has to say why, and the audit keeps it before.
	at := comment.Place{Period: "2026-s1", Unit: "unit-0"}
	if _, _, err := reader.Reveal(t.Context(), at, got[0].Key, "tpi", "  "); survey.CodeOf(err) != survey.Invalid {
		t.Errorf("without a reason: err = %v, want Invalid", err)
	}
	_, whole, err := reader.Reveal(t.Context(), at, got[0].Key, "tpi", "diminta inspektur")
	if err != nil || !strings.Contains(whole, "Zulqaidah") {
		t.Errorf("revealed is %q, err = %v", whole, err)
	}
	var entries []audit.Entry
	if err := x.AuditLog(t.Context(), func(e audit.Entry) error {
		if e.Action == audit.RevealComment {
			entries = append(entries, e)
		}
		return nil
	}); err != nil || len(entries) != 1 || entries[0].Actor != "tpi" || entries[0].Reason != "diminta inspektur" || strings.Contains(fmt.Sprint(entries), "Zulqaidah") {
		t.Errorf("the audit has %+v, err = %v", entries, err)
	}
	// A key of another step, or of none, finds nothing.
	for _, k := range []comment.Key{{Serial: 1, Place: 25, Salt: got[0].Key.Salt}, {Serial: 2, Place: 0, Salt: got[0].Key.Salt}, {Serial: 1, Place: 0, Salt: "00000000"}} {
		mark.Key = k
		if err := reader.Change(t.Context(), mark); survey.CodeOf(err) != survey.NotFound {
			t.Errorf("key %s: err = %v, want NotFound", k, err)
		}
	}
	commentsUndone(t, x, other, m, reader, theirs)
}

// commentsUndone goes on with an import that is undone, and with the end of the period.
func commentsUndone(t *testing.T, x, other *releasedCity, m *Maker, reader, theirs *comment.Reader) {
	t.Helper()
	of := comment.Query{Period: "2026-s1", Units: []string{"unit-1"}}
	out := imported(t, x, m, "unit-1", 40)
	mustSettle(t, x.OpenStore)
	want(t, "released", x.release(t), "25 30 - ")
	refreshed(t, reader, theirs)
	shown := list(t, reader, of)
	if len(shown) != 30 {
		t.Fatalf("%d comments of the import are shown, want 30", len(shown))
	}
	mustUndo(t, x.OpenStore, out)
	if got := list(t, theirs, of); len(got) > 0 { // at once, whatever a server has in memory
		t.Errorf("%d comments of an undone import are shown", len(got))
	}
	if err := other.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	refreshed(t, reader, theirs)
	at := comment.Place{Period: "2026-s1", Unit: "unit-1"}
	for _, r := range []*comment.Reader{reader, theirs} {
		if n := unread(t, r, "unit-1"); n != 0 {
			t.Errorf("%d comments of an undone import are counted", n)
		}
		if _, _, err := r.Reveal(t.Context(), at, shown[0].Key, "tpi", "diminta inspektur"); survey.CodeOf(err) != survey.NotFound {
			t.Errorf("an undone comment is revealed: err = %v, want NotFound", err)
		}
	}
	commentsLeft(t, x, m, reader)
	fresh := x.reader(t) // after a restart
	refreshed(t, fresh)
	if n, left, few := unread(t, fresh, "unit-0"), unread(t, fresh, "unit-1"), unread(t, fresh, "unit-2"); n != 24 || left != 0 || few != 0 {
		t.Errorf("after a restart %d, %d and %d are unread, want 24 and none", n, left, few)
	}
	for try := 0; ; try++ { // markers of the undo are left to who counts: a server keeps its own time
		mustSettle(t, x.OpenStore)
		mustSettle(t, other.OpenStore)
		err := x.BeginErasure(t.Context(), survey.Erasure{Period: "2026-s1", At: x.now, Months: 1})
		if err == nil {
			break
		}
		if !errors.Is(err, retention.ErrNotNow) || try == 100 {
			t.Fatal(err)
		}
		time.Sleep(50 * time.Millisecond)
	}
	refreshed(t, reader, theirs)
	all := comment.Query{Period: "2026-s1", Units: []string{"unit-0", "unit-1"}}
	if got := list(t, reader, all); len(got) > 0 || unread(t, reader, "unit-0") != 0 || unread(t, theirs, "unit-0") != 0 {
		t.Errorf("%d comments of a period that is being erased are shown", len(got))
	}
}

// imported imports rows from paper, each with a comment, and returns the import's serial.
func imported(t *testing.T, x *releasedCity, m *Maker, unit string, n int) int {
	t.Helper()
	rows := m.Batch(n)
	for i, a := range rows {
		a.ID, a.Unit, a.Mode, a.Point, a.Service, a.Comment = uuid.New(), unit, survey.ModePaper, "", "ktp", "Loket tutup"
		a.ReceivedAt = x.now.Add(time.Duration(i-n-20) * time.Second).Truncate(time.Millisecond).UTC()
		a.Day = survey.DateOf(a.ReceivedAt, x.directory.Zone())
	}
	out, err := x.Import(t.Context(), &survey.Import{Period: "2026-s1", Units: []survey.ImportedUnit{{Unit: unit, Rows: n, Digest: "d"}}}, rows)
	if err != nil {
		t.Fatal(err)
	}
	return out.Serial
}

// commentsLeft undoes twelve of the fifteen answers that a label stands for: whoever saw
// their comments go would be left with three.
func commentsLeft(t *testing.T, x *releasedCity, m *Maker, reader *comment.Reader) {
	t.Helper()
	serial := imported(t, x, m, "unit-2", 12)
	x.written(t, m, 13, "unit-2", survey.ModeAssisted, "Ramah")
	mustSettle(t, x.OpenStore)
	x.release(t)
	refreshed(t, reader)
	of := comment.Query{Period: "2026-s1", Units: []string{"unit-2"}}
	if got := list(t, reader, of); len(got) != 15 {
		t.Fatalf("%d comments of a step are shown, want 15", len(got))
	}
	mustUndo(t, x.OpenStore, serial)
	refreshed(t, reader)
	if got := list(t, reader, of); len(got) > 0 || unread(t, reader, "unit-2") > 0 {
		t.Errorf("%d comments are shown whose label stands for fewer than ten people, of %d unread", len(got), unread(t, reader, "unit-2"))
	}
}
