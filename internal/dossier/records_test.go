package dossier_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/dossier"
	"persepsi/internal/manuscript"
	"persepsi/internal/report"
	"persepsi/survey"
)

// brought has imports of its own beside the facts of a city.
type brought struct{ dossier.Facts }

func (brought) Imports(_ context.Context, fn func(*survey.Import) error) error {
	for i, one := range []survey.Import{
		{Period: "2026-s1", Units: []survey.ImportedUnit{{Unit: "dukcapil-loket", Rows: 7}, {Unit: "pkm", Rows: 90}}, Done: true},
		{Period: "2026-s1", Units: []survey.ImportedUnit{{Unit: "dukcapil-loket", Rows: 5}}},
		{Period: "2026-s1", Units: []survey.ImportedUnit{{Unit: "dukcapil-loket", Rows: 3}}, Done: true, Undone: &survey.Undo{By: "Siti", Reason: "salah"}},
		{Period: "2026-s1", Units: []survey.ImportedUnit{{Unit: "pkm", Rows: 80}}, Done: true},
		{Period: "2025-s2", Units: []survey.ImportedUnit{{Unit: "dukcapil-loket", Rows: 70}}, Done: true},
	} {
		one.Serial, one.By = i+1, "Siti"
		if err := fn(&one); err != nil {
			return err
		}
	}
	return nil
}

// columns returns some columns of a table, a line a row, without its head.
func columns(text []byte, from, to int) string {
	var out []string
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
		out = append(out, strings.Join(strings.Split(strings.TrimSpace(line), ",")[from:to], ","))
	}
	return strings.Join(out, "; ")
}

// The imports among the records are those that brought rows of the unit in the period, each
// with what became of it.
func TestARecordOfImportsIsOfTheUnitAndThePeriodAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.made(w.maker(func(o *dossier.Maker) { o.Facts = brought{o.Facts} }), ask(access.Manager))
	text := p.files["12-catatan-impor.csv"]
	if got := columns(text, 3, 5); got != "7,counts; 5,broken_off; 3,undone" {
		t.Errorf("the imports are %q: %s", got, text)
	}
}

// Follow-ups are those that a report tells and those that are declared to citizens.
func TestFollowUpsAreThoseOfTheReportsAndTheDeclaredOnes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Apply(`periods: [{code: 2026-s1, improved: {dukcapil-loket: [{aspect: waktu, text: Loket sore, done: 2026-02-16}]}}]`)
	o := w.maker()
	_, err := o.Reports.Written.Write(t.Context(), manuscript.Manuscript{
		Place: manuscript.Place{Period: "2026-s1", Unit: "dukcapil-loket", Kind: "skm"}, By: "Siti",
		FollowUps: []manuscript.FollowUp{{Found: "Kursi kurang", Action: "Tambah kursi"}},
	}, 0)
	w.check(err)
	text := string(w.made(o, ask(access.Manager)).files["05-tindak-lanjut.csv"])
	for _, want := range []string{"report_skm,", "Kursi kurang,Tambah kursi", "declared,waktu,", "Loket sore,,,,2026-02-16"} {
		if !strings.Contains(text, want) {
			t.Errorf("the follow-ups don't hold %q: %s", want, text)
		}
	}
}

// How many people are of a group that is too small stands in no package.
func TestGroupsThatAreTooSmallAreHiddenInAPackage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 30 {
		body := w.Response(func(b map[string]any) {
			sex := "P"
			if i%5 == 0 && i < 15 { // among the first twenty, which are released
				sex = "L"
			}
			b["respondent"] = map[string]string{"sex": sex, "age": "26-35"}
		})
		if r := w.PostJSON("/api/v1/points/KUPARI47/responses", body); r.StatusCode != http.StatusCreated {
			t.Fatal(r.Text)
		}
		w.wait(time.Minute)
	}
	w.wait(31 * 24 * time.Hour)
	w.Refresh()
	text := string(w.made(w.maker(), ask(access.Evaluator)).files["07-profil-responden.csv"])
	shown := 0
	for _, line := range strings.Split(text, "\n") {
		switch {
		case strings.HasPrefix(line, "sex,") && !strings.HasSuffix(strings.TrimSpace(line), ",,true"):
			t.Errorf("a group of three, or who is left beside it, is told: %s", line)
		case strings.HasSuffix(strings.TrimSpace(line), ",20,false"):
			shown++
		}
	}
	if shown == 0 || !strings.Contains(text, "sex,") {
		t.Errorf("the test proves nothing: %s", text)
	}
}

// A sheet whose symbol would lead nowhere is not in a package, and the package says why.
func TestWithoutAnAddressThereIsNoSheetInAPackage(t *testing.T) {
	t.Parallel()
	w := months(t, always(3))
	p := w.made(w.maker(func(o *dossier.Maker) { o.Reports.Address = "" }), ask(access.Manager))
	told := ""
	for _, l := range p.manifest(t).LeftOut {
		if l.Name == "03-lembar-publikasi.pdf" {
			told = l.Why
		}
	}
	if p.files["03-lembar-publikasi.pdf"] != nil || told != "no_address" {
		t.Errorf("the sheet is %d bytes, left out for %q", len(p.files["03-lembar-publikasi.pdf"]), told)
	}
}

// Where nobody noted how many people were served, the first page says that it cannot tell
// whether they are enough, and not that they are too few.
func TestTheFirstPageSaysThatASampleIsUnknown(t *testing.T) {
	t.Parallel()
	w := months(t, always(3))
	for _, want := range []string{"belum memadai", "belum dapat dihitung"} {
		if want == "belum dapat dihitung" {
			w.Apply(`periods: [{code: 2026-s1, population: {dukcapil-loket: 4}}]`) // fewer than answered
		}
		page := string(w.made(w.maker(), ask(access.Manager)).files["BACA-DAHULU.html"])
		for _, one := range []string{"belum memadai", "belum dapat dihitung"} {
			if strings.Contains(page, one) != (one == want) {
				t.Errorf("%q is on a page that is to say %q: %t", one, want, one != want)
			}
		}
	}
}

// stepless is a store whose releases of 2026-s1 cannot be read.
type stepless struct{ report.BoardStore }

func (s stepless) Steps(ctx context.Context, period, unit string, fn func(*analytics.ReleasedTally) error) error {
	if period == "2026-s1" {
		return errors.New("the store is away")
	}
	return s.BoardStore.Steps(ctx, period, unit, fn)
}

// What is told together is of one moment: where a release came in between, or the releases
// cannot be read, there is no package for now.
func TestAPackageThatWouldBeOfTwoMomentsIsNotMade(t *testing.T) {
	t.Parallel()
	w := months(t, always(3))
	old := w.maker()
	w.give(20, always(2))
	w.wait(31 * 24 * time.Hour)
	w.Refresh()
	w.check(old.Reports.Figures.Refresh(t.Context())) // and not the desk
	refused := func(what string, o *dossier.Maker, period string) {
		t.Helper()
		asked := ask(access.Manager)
		asked.Period = period
		p, err := o.Open(asked)
		if err == nil {
			_, err = p.Write(t.Context(), io.Discard)
		}
		if survey.CodeOf(err) != survey.Unavailable {
			t.Errorf("%s: %v", what, err)
		}
	}
	refused("a release in between", old, "2026-s1")
	away := w.makerOver(stepless{w.Store})
	refused("releases that cannot be read", away, "2026-s1")
	w.close()
	w.made(w.maker(), dossier.Request{Period: "2026-s2", Unit: "dukcapil-loket", Who: as(access.Manager, access.City())})
	refused("earlier releases that cannot be read", w.makerOver(stepless{w.Store}), "2026-s2")
}

// The figures of an agency's units together are dated by their releases, and by the clock
// where they hold answers of now.
func TestTheFiguresOfAnAgencyAreDatedByWhatTheyHold(t *testing.T) {
	t.Parallel()
	w := months(t, always(3))
	o := w.maker()
	released := o.Reports.Figures.Figures().Released("2026-s1", "dukcapil-loket").At
	for role, want := range map[access.Role]time.Time{access.Manager: released, access.Evaluator: w.now()} {
		p := w.made(o, dossier.Request{Period: "2026-s1", Agency: "dukcapil", Who: as(role, access.City())})
		var got struct {
			GeneratedAt time.Time `json:"generated_at"`
		}
		w.check(json.Unmarshal(p.files["00-rekap-opd.json"], &got))
		if !got.GeneratedAt.Equal(want.Truncate(time.Millisecond)) {
			t.Errorf("%s: they are of %s, want %s", role, got.GeneratedAt, want)
		}
	}
}
