package reporting_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/internal/cache"
	"persepsi/internal/jobs"
	"persepsi/internal/manuscript"
	"persepsi/internal/reporting"
	"persepsi/internal/testkit"
	"persepsi/survey"
)

// office is what the work asks beside figures and desks: who people are, what was removed and
// what the audit was told. Each fails with err.
type office struct {
	audit.Store
	people  []access.Person
	said    []audit.Entry
	erasure *survey.Erasure
	err     error
	now     time.Time
}

func (o *office) People(context.Context) ([]access.Person, error) { return o.people, o.err }

func (o *office) Erasure(context.Context, string) (*survey.Erasure, error) { return o.erasure, o.err }

func (o *office) Audit(_ context.Context, entries ...audit.Entry) error {
	o.said = append(o.said, entries...)
	return o.err
}

// everyReport is the work of the demonstration, for an evaluator of the city with the id "p".
func everyReport(t *testing.T) (*reporting.AllReports, *office, access.Actor) {
	t.Helper()
	c := demonstration(t)
	r, err := reporting.NewReports(c.figures, oneComment{}, &texts{}, cache.New(1<<20), "", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	grants := []access.Grant{{Role: access.Evaluator, Scope: access.City()}, {Role: access.Viewer, Scope: access.City(), Until: testkit.Noon().Add(time.Hour)}}
	o := &office{now: testkit.Noon(), people: []access.Person{{ID: "other", Name: "Budi"}, {ID: "p", Name: "Sari", Grants: grants}}}
	return &reporting.AllReports{Reports: r, Desks: c.desks, People: o, Audit: o, Erased: o, Now: func() time.Time { return o.now }}, o, o.people[1].Actor(o.now, nil)
}

// refused tells why something is refused: its code and the fields of its faults.
func refused(err error) string {
	var e *survey.Error
	if !errors.As(err, &e) {
		return fmt.Sprint(err)
	}
	out := string(e.Code)
	for _, f := range e.Faults {
		out += " " + f.Field
	}
	return out
}

func TestAllReportsAreAskedForOfWhatOneMayReadAndThereIs(t *testing.T) {
	t.Parallel()
	all, o, who := everyReport(t)
	right := reporting.AllRequest{Period: "2025-s2", Kind: reporting.SKM, Format: "docx", Lang: "id"}
	for name, tc := range map[string]struct {
		change func(of *reporting.AllRequest, who *access.Actor)
		want   string
	}{
		"an agency that there is not": {func(of *reporting.AllRequest, _ *access.Actor) { of.Agency = "tak-ada" }, "not_found"},
		"another agency": {func(of *reporting.AllRequest, who *access.Actor) {
			of.Agency, who.Grants = "dukcapil", []access.Grant{{Role: access.Manager, Scope: access.Agency("dpmptsp")}}
		}, "not_found"},
		"the city, by one of an agency": {func(_ *reporting.AllRequest, who *access.Actor) {
			who.Grants = []access.Grant{{Role: access.Evaluator, Scope: access.Agency("dpmptsp")}}
		}, "not_found"},
		"a period that there is not": {func(of *reporting.AllRequest, _ *access.Actor) { of.Period = "2020" }, "invalid period"},
		"another kind":               {func(of *reporting.AllRequest, _ *access.Actor) { of.Kind = "lain" }, "invalid jenis"},
		"another format":             {func(of *reporting.AllRequest, _ *access.Actor) { of.Format = "exe" }, "invalid format"},
	} {
		of, asks := right, who
		tc.change(&of, &asks)
		if _, err := all.Job(t.Context(), asks, of); refused(err) != tc.want {
			t.Errorf("%s: %v, want %s", name, err, tc.want)
		}
	}
	// A period is there from its first day on, by the city's clock.
	d := all.Reports.Figures.Figures().Directory()
	period, _ := d.Period("2026-s1")
	begins, of := period.From.In(d.Zone()), right
	of.Period = period.Code
	o.now = begins.Add(-time.Minute)
	if _, err := all.Job(t.Context(), who, of); refused(err) != "invalid period" {
		t.Errorf("a period that has not begun: %v", err)
	}
	o.now = begins
	if _, err := all.Job(t.Context(), who, of); err != nil {
		t.Errorf("a period that begins: %v", err)
	}
	o.now = testkit.Noon()
	right.Agency = "dukcapil"
	j, err := all.Job(t.Context(), who, right)
	if err != nil || !j.Until.Equal(time.Date(2027, time.December, 30, 0, 0, 0, 0, time.UTC)) || j.Kind != reporting.AllKind || j.Person != "p" || j.Total != 3 || j.Title != "Semua laporan SKM, Dinas Kependudukan dan Pencatatan Sipil, Semester II 2025 (DOCX)" {
		t.Errorf("the job is %+v (%v)", j, err)
	}
	right.As = []access.Grant{{Role: access.Evaluator, Scope: access.City()}, {Role: access.Viewer, Scope: access.City()}}
	if of, err := all.Read(j); err != nil || fmt.Sprint(of) != fmt.Sprint(right) {
		t.Errorf("it is asked for %+v, want %+v (%v)", of, right, err)
	}
	units := 0
	for _, a := range d.Catalogue().Agencies {
		units += len(a.Units)
	}
	right.Agency = ""
	right.Kind = reporting.ZI
	if j, err := all.Job(t.Context(), who, right); err != nil || j.Total != units || !strings.Contains(j.Title, "Kota Cendana") {
		t.Errorf("of the city it is %+v, want %d units (%v)", j, units, err)
	}
	o.now = time.Date(2028, time.February, 1, 0, 0, 0, 0, time.UTC)
	if _, err := all.Job(t.Context(), who, right); refused(err) != "conflict period" {
		t.Errorf("while comments are being removed: %v", err)
	}
	viewer := reporting.AllRequest{As: []access.Grant{{Role: access.Viewer, Scope: access.City()}}}
	if !viewer.Still(actor(access.Viewer)) || viewer.Still(access.Actor{Name: "x", Grants: []access.Grant{{Role: access.Viewer, Scope: access.Agency("dukcapil")}}}) {
		t.Error("what a viewer asked for is read by others than viewers of it all")
	}
}

// What is made may quote comments: it goes the day before they do, and while they are being
// removed nothing is made.
func TestWhatQuotesCommentsGoesTheDayBeforeThem(t *testing.T) {
	t.Parallel()
	all, o, _ := everyReport(t)
	d := all.Reports.Figures.Figures().Directory()
	period, _ := d.Period("2025-s2")
	day := time.Date(2027, time.December, 30, 0, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		now     time.Time
		erasure *survey.Erasure
		err     error
		want    time.Time
		refused string
	}{
		{day.Add(-time.Second), nil, errAway, day, "<nil>"},
		{day, nil, nil, time.Time{}, "conflict period"},
		{day, &survey.Erasure{}, nil, time.Time{}, "conflict period"},
		{day, &survey.Erasure{Done: true}, nil, time.Time{}, "<nil>"},
		{day, nil, errAway, time.Time{}, errAway.Error()},
		{day, &survey.Erasure{Done: true}, errAway, time.Time{}, errAway.Error()},
	} {
		o.now, o.erasure, o.err = tc.now, tc.erasure, tc.err
		if got, err := all.Until(t.Context(), d, period); !got.Equal(tc.want) || refused(err) != tc.refused {
			t.Errorf("at %s, erased %+v: until %s (%v), want %s and %s", tc.now, tc.erasure, got, err, tc.want, tc.refused)
		}
	}
}

// noTexts is a store of texts that cannot be read.
type noTexts struct{ *texts }

func (noTexts) Manuscript(context.Context, manuscript.Place, int) (manuscript.Manuscript, error) {
	return manuscript.Manuscript{}, errAway
}

var errAway = errors.New("the store is away")

func TestWhoAskedIsWhoTheyAreNow(t *testing.T) {
	t.Parallel()
	all, o, _ := everyReport(t)
	// A unit that went to another agency takes those along who were granted it.
	o.people[1].Grants = []access.Grant{{Role: access.Manager, Scope: access.Unit("dpmptsp", "dukcapil-loket")}, {Role: access.Manager, Scope: access.Unit("dpmptsp", "tak-ada")}}
	who, err := all.Actor(t.Context(), "p")
	if err != nil || who.Person != "p" || !access.Allow(who, access.ReadDesk, access.Unit("dukcapil", "dukcapil-loket")) {
		t.Errorf("they are %+v (%v)", who, err)
	}
	if _, err := all.Actor(t.Context(), "q"); refused(err) != "forbidden" {
		t.Errorf("nobody: %v", err)
	}
	o.people[1].Disabled = testkit.Noon()
	if _, err := all.Actor(t.Context(), "p"); refused(err) != "forbidden" {
		t.Errorf("whose account was closed: %v", err)
	}
	o.people[1].Disabled, o.err = time.Time{}, errAway
	if _, err := all.Actor(t.Context(), "p"); !errors.Is(err, errAway) {
		t.Errorf("without a store: %v", err)
	}
	viewer := access.Grant{Role: access.Viewer, Scope: access.Agency("dukcapil")}
	ends := access.Grant{Role: access.Evaluator, Scope: access.City(), Until: testkit.Noon()}
	if got := reporting.Lasting(access.Actor{Grants: []access.Grant{viewer, ends}}, access.Agency("dpmptsp")); len(got) != 1 || got[0].Role != access.Evaluator || !got[0].Until.IsZero() {
		t.Errorf("on another agency they have %+v", got)
	}
}

func TestAllReportsAreMadeUnitByUnitAndListed(t *testing.T) {
	t.Parallel()
	all, o, who := everyReport(t)
	asked := func(change func(of *reporting.AllRequest)) jobs.Job {
		t.Helper()
		of := reporting.AllRequest{Agency: "dukcapil", Period: "2025-s2", Kind: reporting.SKM, Format: "docx", Lang: "id", As: who.Grants}
		change(&of)
		what, err := json.Marshal(of)
		if err != nil {
			t.Fatal(err)
		}
		return jobs.Job{ID: "7", Person: "p", Title: "Semua laporan", What: what, Asked: testkit.Noon()}
	}
	right := asked(func(*reporting.AllRequest) {})
	kind := all.Kind()
	steps, err := kind.Steps(t.Context(), right)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, s := range steps {
		keys = append(keys, s.Key+" "+s.Name)
	}
	want := []string{"dukcapil-loket Unit Pelayanan Administrasi Kependudukan", "dukcapil-keliling Layanan Keliling Dukcapil", "dukcapil-mpp Gerai Dukcapil Mal Pelayanan Publik"}
	if !slices.Equal(keys, want) {
		t.Errorf("it is done by %q, want %q", keys, want)
	}
	if e := o.said[0]; len(o.said) != 1 || e.ID != "job 7" || e.Actor != who.By() || e.Subject != "2025-s2/dukcapil" || len(e.Units) != 3 || !strings.Contains(e.Detail, "skm reports as docx, of all answers, 3 units, asked for at 2026-03-02T04:00:00Z") {
		t.Errorf("the audit tells %+v", o.said)
	}
	rests := 0
	part, err := steps[0].Make(t.Context(), func() { rests++ })
	if err != nil || part.File != "laporan-skm-dukcapil-loket-2025-s2.docx" || part.Note != "" || !strings.HasPrefix(string(part.Data), "PK") {
		t.Errorf("the first is %s, %s, %d bytes (%v)", part.File, part.Note, len(part.Data), err)
	}
	if part, err := steps[0].Instead(); err != nil || part.File != "" || !strings.HasPrefix(part.Note, "Tidak ada laporan: ada kesalahan pada program") {
		t.Errorf("where it fails: %+v (%v)", part, err)
	}
	away := *all.Reports
	away.Written = &manuscript.Entries{Store: noTexts{}}
	all.Reports = &away
	if _, err := steps[0].Make(t.Context(), nil); !errors.Is(err, errAway) {
		t.Errorf("without what was written: %v", err)
	}
	away.Written = &manuscript.Entries{Store: &texts{}}
	// Of the city each agency has a folder; who may not read live figures is told so.
	ofCity := asked(func(of *reporting.AllRequest) {
		of.Agency, of.Period, of.As = "", "2026-s1", []access.Grant{{Role: access.Viewer, Scope: access.City()}}
	})
	steps, err = kind.Steps(t.Context(), ofCity)
	if err != nil || !strings.Contains(o.said[1].Detail, "of released figures") {
		t.Fatalf("%v: %+v", err, o.said)
	}
	at := slices.IndexFunc(steps, func(s jobs.Step) bool { return s.Key == "pdam-cabang" })
	if part, err := steps[at].Make(t.Context(), nil); err != nil || !strings.HasSuffix(part.File, "/laporan-skm-pdam-cabang-2026-s1.docx") || !strings.HasPrefix(part.Note, "Laporan tanpa angka") {
		t.Errorf("that of a unit without figures is %s, %s (%v)", part.File, part.Note, err)
	}
	last, err := kind.Last(t.Context(), right, []jobs.Part{{Key: "dukcapil-loket", File: "a.docx"}, {Key: "dukcapil-mpp", Note: "Tidak ada."}, {Key: "gone", File: "b.docx", Note: "Tanpa angka."}})
	list := "\ufeffSemua laporan\n2 laporan dari 3 unit\n\nDinas Kependudukan dan Pencatatan Sipil · Unit Pelayanan Administrasi Kependudukan\n    a.docx\n" +
		"Dinas Kependudukan dan Pencatatan Sipil · Gerai Dukcapil Mal Pelayanan Publik\n    Tidak ada.\ngone\n    b.docx\n    Tanpa angka.\n"
	if err != nil || last.File != "daftar.txt" || string(last.Data) != list {
		t.Errorf("%s says %q, want %q (%v)", last.File, last.Data, list, err)
	}
	garbled := jobs.Job{What: []byte("{")}
	if _, err := kind.Last(t.Context(), garbled, nil); err == nil {
		t.Error("a job that cannot be read is listed")
	}
	o.people[1].Grants = nil
	if _, err := kind.Steps(t.Context(), right); refused(err) != "forbidden" {
		t.Errorf("for who may not read them any more: %v", err)
	}
	o.people[1].Grants = who.Grants
	for name, tc := range map[string]struct {
		job  jobs.Job
		want string
	}{
		"a period that is gone":       {asked(func(of *reporting.AllRequest) { of.Period = "2020" }), "not_found"},
		"somebody who is gone":        {jobs.Job{What: right.What, Person: "q"}, "forbidden"},
		"a job that can't be read":    {garbled, "read what a job was asked for: unexpected end of JSON input"},
		"one that nobody could read ": {asked(func(of *reporting.AllRequest) { of.As = nil }), "forbidden"},
	} {
		if _, err := kind.Steps(t.Context(), tc.job); refused(err) != tc.want {
			t.Errorf("%s: %v, want %s", name, err, tc.want)
		}
	}
	all.Audit = &office{err: errAway}
	if _, err := kind.Steps(t.Context(), right); !errors.Is(err, errAway) {
		t.Errorf("without the audit: %v", err)
	}
}
