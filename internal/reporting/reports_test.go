package reporting_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/internal/cache"
	"persepsi/internal/comment"
	"persepsi/internal/document"
	"persepsi/internal/manuscript"
	"persepsi/internal/report"
	"persepsi/internal/reporting"
	"persepsi/internal/sheet"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// texts keeps manuscripts in memory.
type texts struct{ list []manuscript.Manuscript }

func (s *texts) RecordManuscript(_ context.Context, m manuscript.Manuscript, _ ...audit.Entry) error {
	s.list = append(s.list, m)
	return nil
}

func (s *texts) Manuscript(_ context.Context, of manuscript.Place, version int) (manuscript.Manuscript, error) {
	var out manuscript.Manuscript
	for _, m := range s.list {
		if m.Place == of && (version == 0 || m.Version == version) {
			out = m
		}
	}
	return out, nil
}

// oneComment is all that citizens wrote.
type oneComment struct{}

func (oneComment) One(_ context.Context, _ comment.Place, k comment.Key) (*comment.Item, error) {
	return &comment.Item{Key: k, Text: []comment.Segment{{Text: "Kursinya kurang."}}}, nil
}

func actor(role access.Role) access.Actor {
	return access.Actor{Name: "x", Grants: []access.Grant{{Role: role, Scope: access.City()}}}
}

func TestAReportIsWrittenOnceForAllWhoGetTheSame(t *testing.T) {
	t.Parallel()
	c := demonstration(t)
	store, kept := &texts{}, cache.New(8<<20)
	r, err := reporting.NewReports(c.figures, oneComment{}, store, kept, "https://persepsi.example", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	pdf, _ := reporting.FormatOf("pdf")
	word, _ := reporting.FormatOf("docx")
	of := reporting.Subject{Kind: reporting.SKM, Period: "2025-s2", Unit: "dukcapil-loket"}
	if got := of.File(pdf); got != "laporan-skm-dukcapil-loket-2025-s2.pdf" {
		t.Errorf("it is called %s", got)
	}
	file := func(who access.Actor, lang string, f reporting.Format) []byte {
		in, err := r.Open(t.Context(), who, c.desk, of)
		if err != nil {
			t.Error(err)
			return nil
		}
		data, err := r.File(in, lang, f, func(write func() error) error { return write() })
		if err != nil {
			t.Error(err)
		}
		return data
	}
	viewer, evaluator := actor(access.Viewer), actor(access.Evaluator)
	var first [4][]byte
	var asked sync.WaitGroup
	before := kept.Stats().Entries
	for i := range first {
		asked.Go(func() { first[i] = file(viewer, "id", pdf) })
	}
	asked.Wait()
	one := kept.Stats()
	for _, other := range append(first[:], file(viewer, "id", pdf)) {
		if len(other) == 0 || &other[0] != &first[0][0] {
			t.Error("the same report is written twice")
		}
	}
	if one.Entries != before+2 { // with the figures of the unit
		t.Errorf("%d things are kept, want the file and the figures", one.Entries-before)
	}
	seen := map[string]string{string(first[0]): "the first"}
	differs := func(name string, data []byte) {
		t.Helper()
		if other, ok := seen[string(data)]; ok {
			t.Errorf("%s is %s", name, other)
		}
		seen[string(data)] = name
	}
	differs("in English", file(viewer, "en", pdf))
	differs("for Word", file(viewer, "id", word))
	differs("with sums", file(evaluator, "id", pdf))
	store.list = append(store.list, manuscript.Manuscript{Place: manuscript.Place{Period: "2025-s2", Unit: "dukcapil-loket", Kind: "skm"}, Version: 1, Comments: []string{"1-2-9f0a11c2"}})
	differs("with a comment", file(viewer, "id", pdf))
	if quiet, _ := r.Open(t.Context(), access.Actor{}, c.desk, of); quiet == nil || len(quiet.Quoted) != 0 || quiet.Sums != nil {
		t.Error("who may not read comments and sums gets them")
	}
	store.list[0].Town = "Cendana"
	differs("with a town", file(viewer, "id", pdf))
	r.Address = "https://survei.example"
	differs("from elsewhere", file(viewer, "id", pdf))

	// Who makes hundreds keeps none.
	entries := kept.Stats().Entries
	in, err := r.Open(t.Context(), viewer, c.desk, reporting.Subject{Kind: reporting.ZI, Period: of.Period, Unit: of.Unit})
	if err != nil {
		t.Fatal(err)
	}
	rests := 0
	once, err := r.FileOnce(in, "id", pdf, func() { rests++ })
	if err != nil || kept.Stats().Entries != entries {
		t.Errorf("%d are kept, err = %v", kept.Stats().Entries-entries, err)
	}
	if rests < 60 {
		t.Errorf("it is made in %d pieces", rests)
	}
	taken := errors.New("others are being written")
	if got, err := r.File(in, "id", pdf, func(func() error) error { return taken }); !errors.Is(err, taken) || len(got) > 0 || kept.Stats().Entries != entries {
		t.Errorf("written out of its turn: %d bytes, %v", len(got), err)
	}
	turns := 0
	for range 2 {
		again, err := r.File(in, "id", pdf, func(write func() error) error { turns++; return write() })
		if err != nil || !bytes.Equal(once, again) || turns != 1 {
			t.Errorf("made twice it is another one, err = %v; %d turns for what is kept", err, turns)
		}
	}
	if _, err := r.Open(t.Context(), viewer, c.desk, reporting.Subject{Kind: reporting.SKM, Period: of.Period, Unit: "nobody"}); survey.CodeOf(err) != survey.NotFound {
		t.Errorf("of a unit that there is not: %v", err)
	}
}

// The symbol on a report leads to the figure and says which release was printed, so that the
// page tells whether it is still the newest; without a figure it leads to the period.
func TestTheSymbolOfAReportNamesTheReleaseThatItIsOf(t *testing.T) {
	t.Parallel()
	c := demonstration(t)
	r, err := reporting.NewReports(c.figures, oneComment{}, &texts{}, cache.New(1<<20), "https://persepsi.example", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[bool]int{}
	for _, period := range []string{"2025-s2", "2026-s1"} {
		results, err := c.figures.Figures().Results(report.Scope{Period: period, Audience: report.Managed})
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range results.Units {
			if seen[u.Released != nil] > 2 {
				continue
			}
			in, err := r.Open(t.Context(), actor(access.Viewer), c.desk, reporting.Subject{Kind: reporting.SKM, Period: period, Unit: u.Unit})
			if err != nil {
				t.Fatal(err)
			}
			want := "https://persepsi.example/hasil/" + u.Unit + "?period=" + period
			if u.Released != nil {
				want = "https://persepsi.example/hasil/" + u.Unit + "?terbit=" + sheet.Mark(period, u.Released)
			}
			if in.Address != want || made(t, "id", in).Cover.Age.Address != want {
				t.Errorf("the symbol leads to %s, want %s", in.Address, want)
			}
			seen[u.Released != nil]++
		}
	}
	if seen[true] == 0 || seen[false] == 0 {
		t.Errorf("%d units had a release, %d none: the test proves half of it", seen[true], seen[false])
	}
}

// What was planned a period ago stands beside what is planned now.
func TestTheReportHasThePlanOfThePeriodBefore(t *testing.T) {
	t.Parallel()
	c := demonstration(t)
	in := c.input(t, reporting.SKM, "2026-s1", "dukcapil-loket")
	if in.Before == nil {
		t.Fatal("there is no period before: the test proves nothing")
	}
	at := manuscript.Place{Period: in.Before.Code, Unit: in.Place.Unit.Key(), Kind: string(reporting.SKM)}
	other := at
	other.Kind = string(reporting.ZI)
	written := &texts{[]manuscript.Manuscript{
		{Place: at, Version: 1, FollowUps: []manuscript.FollowUp{{Found: "Kursi kurang", Action: "Tambah kursi", Status: "selesai"}}},
		{Place: other, Version: 1, FollowUps: []manuscript.FollowUp{{Action: "Rencana laporan lain"}}},
	}}
	r, err := reporting.NewReports(c.figures, oneComment{}, written, cache.New(1<<20), "", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct {
		period string
		want   bool
	}{{"2026-s1", true}, {in.Before.Code, false}} {
		of, err := r.Open(t.Context(), actor(access.Viewer), c.desk, reporting.Subject{Kind: reporting.SKM, Period: one.period, Unit: "dukcapil-loket"})
		if err != nil {
			t.Fatal(err)
		}
		got := outline(made(t, "id", of))
		if strings.Contains(got, "Rencana tindak lanjut "+in.Before.Name) != one.want || !strings.Contains(got, "Tambah kursi") || strings.Contains(got, "Rencana laporan lain") {
			t.Errorf("the report of %s tells of the plan before: want %v\n%s", one.period, one.want, got)
		}
	}
}

// Reports and what goes with them say when they are of a demonstration, and only then.
func TestReportsOfADemonstrationSayThatTheyAre(t *testing.T) {
	t.Parallel()
	c := demonstration(t)
	for _, demo := range []bool{true, false} {
		in := c.input(t, reporting.SKM, "2025-s2", "dukcapil-loket")
		city := *in.City
		city.Demo, in.City = demo, &city
		for name, make := range map[string]func(*wording.Speaker, *reporting.Input) (*document.Document, error){"report": reporting.Make, "form": reporting.MakeForm, "methods": reporting.MakeMethods} {
			doc, err := make(speaker(t, "id"), in)
			if err != nil {
				t.Fatal(err)
			}
			if want := map[bool]string{true: "Kota peragaan: semua angka dibuat-buat"}[demo]; doc.Demo != want {
				t.Errorf("%s is marked %q, want %q", name, doc.Demo, want)
			}
		}
	}
}
