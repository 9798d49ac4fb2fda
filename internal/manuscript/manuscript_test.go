package manuscript

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/internal/audit"
	"persepsi/survey"
)

// memoryStore keeps one report's versions.
type memoryStore struct {
	list []Manuscript
	said []audit.Entry

	readFail, writeFail error
}

func (s *memoryStore) RecordManuscript(_ context.Context, m Manuscript, said ...audit.Entry) error {
	if s.writeFail != nil {
		return s.writeFail
	}
	s.list, s.said = append(s.list, m), append(s.said, said...)
	return nil
}

func (s *memoryStore) Manuscript(_ context.Context, _ Place, version int) (Manuscript, error) {
	if s.readFail != nil {
		return Manuscript{}, s.readFail
	}
	if version == 0 {
		version = len(s.list)
	}
	if version == 0 || version > len(s.list) {
		return Manuscript{}, nil
	}
	return s.list[version-1], nil
}

func newEntries() (*Entries, *memoryStore) {
	s := &memoryStore{}
	return &Entries{Store: s, Now: func() time.Time { return time.Unix(9, 0) }}, s
}

func sample() Manuscript {
	return Manuscript{
		Place: Place{Period: "2026-s1", Unit: "loket", Kind: "skm"}, Texts: map[string]Text{"closing": {Body: "  Terima kasih.\r\n\r\nSelesai. "}, "intro": {Body: " ", Instead: true}}, Town: " Contoh ",
		Signers:   []Signer{{Office: "Kepala", Name: "Siti "}, {}},
		FollowUps: []FollowUp{{Found: "Kursi kurang", Action: "Tambah kursi"}, {Aspect: "sarana"}}, Comments: []string{"", "1-2-9f0a11c2"}, By: "siti@kota.example",
	}
}

func TestOnlyWhatSaysSomethingIsKept(t *testing.T) {
	t.Parallel()
	d, s := newEntries()
	got, err := d.Write(t.Context(), sample(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if got.Version != 1 || len(s.list) != 1 || got.At != time.Unix(9, 0).UTC() {
		t.Errorf("version %d at %v, %d stored; want the first", got.Version, got.At, len(s.list))
	}
	if !maps.Equal(got.Texts, map[string]Text{"closing": {Body: "Terima kasih.\n\nSelesai."}}) || got.Town != "Contoh" {
		t.Errorf("texts = %v, town %q", got.Texts, got.Town)
	}
	if len(got.Signers) != 1 || got.Signers[0].Name != "Siti" || len(got.FollowUps) != 1 || !slices.Equal(got.Comments, []string{"1-2-9f0a11c2"}) {
		t.Errorf("signers %v, follow-ups %v, comments %v", got.Signers, got.FollowUps, got.Comments)
	}
}

func TestNobodysTextIsLostToSomebodyElses(t *testing.T) {
	t.Parallel()
	d, s := newEntries()
	if _, err := d.Write(t.Context(), sample(), 0); err != nil {
		t.Fatal(err)
	}
	other := sample()
	other.Town = "Lain"
	now, err := d.Write(t.Context(), other, 0)
	if survey.CodeOf(err) != survey.Conflict || now.Version != 1 || now.Town != "Contoh" || len(s.list) != 1 {
		t.Errorf("err = %v, the newest is version %d of %q, %d stored; want a conflict that tells what is there", err, now.Version, now.Town, len(s.list))
	}
	if got, err := d.Write(t.Context(), other, 1); err != nil || got.Version != 2 {
		t.Errorf("version %d, err = %v, want 2", got.Version, err)
	}
}

func TestAFormThatIsSentTwiceIsOneVersion(t *testing.T) {
	t.Parallel()
	d, s := newEntries()
	for range 2 {
		if got, err := d.Write(t.Context(), sample(), 0); err != nil || got.Version != 1 {
			t.Errorf("version %d, err = %v, want 1", got.Version, err)
		}
	}
	if len(s.list) != 1 || len(s.said) != 1 {
		t.Errorf("%d versions and %d entries of the audit, want one each", len(s.list), len(s.said))
	}
}

func TestTheAuditTellsWhatChangedAndNotWhatItSays(t *testing.T) {
	t.Parallel()
	d, s := newEntries()
	if _, err := d.Write(t.Context(), sample(), 0); err != nil {
		t.Fatal(err)
	}
	next := sample()
	next.Texts["closing"], next.Signers = Text{Body: "Selesai.", Instead: true}, nil
	if _, err := d.Write(t.Context(), next, 1); err != nil {
		t.Fatal(err)
	}
	said := s.said[1]
	want := []audit.Change{{What: "signers.1", Before: "13 characters"}, {What: "texts.closing", Before: "23 characters", After: "8 characters"}, {What: "texts.closing.instead", After: "7 characters"}}
	if said.Action != audit.EditReport || said.Actor != "siti@kota.example" || said.Subject != "2026-s1/loket" || !slices.Equal(said.Changes, want) || !slices.Equal(said.Units, []string{"loket"}) {
		t.Errorf("the audit tells %+v, want changes %v", said, want)
	}
}

func TestFaultsNameTheirFieldAndNothingIsStored(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(*Manuscript)
		field  string
	}{
		"a text that is too long":   {func(m *Manuscript) { m.Texts["intro"] = Text{Body: strings.Repeat("a", MostText+1)} }, "texts.intro"},
		"signs that are no text":    {func(m *Manuscript) { m.Texts["intro"] = Text{Body: "a\x00b"} }, "texts.intro"},
		"bytes that are no text":    {func(m *Manuscript) { m.Town = "a\xff" }, "town"},
		"a line with a break":       {func(m *Manuscript) { m.Signers[0].Name = "a\nb" }, "signers.1.name"},
		"a line that is too long":   {func(m *Manuscript) { m.Day = strings.Repeat("a", MostLine+1) }, "day"},
		"too many signers":          {func(m *Manuscript) { m.Signers = slices.Repeat(m.Signers[:1], MostSigners+1) }, "signers"},
		"a row without an action":   {func(m *Manuscript) { m.FollowUps[0].Action = " " }, "follow_ups.1.action"},
		"a cell that is too long":   {func(m *Manuscript) { m.FollowUps[0].Found = strings.Repeat("a", MostCell+1) }, "follow_ups.1.found"},
		"too many rows":             {func(m *Manuscript) { m.FollowUps = slices.Repeat(m.FollowUps[:1], MostFollowUps+1) }, "follow_ups"},
		"too many comments":         {func(m *Manuscript) { m.Comments = slices.Repeat([]string{"1-2-9f0a11c2"}, MostComments+1) }, "comments"},
		"more texts than sections":  {func(m *Manuscript) { m.Texts = many(MostTexts + 1) }, "texts"},
		"a comment that is no line": {func(m *Manuscript) { m.Comments = []string{"1\n2"} }, "comments"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, s := newEntries()
			m := sample()
			tc.change(&m)
			_, err := d.Write(t.Context(), m, 0)
			var bad *survey.Error
			if !errors.As(err, &bad) || len(bad.Faults) != 1 || bad.Faults[0].Field != tc.field || len(s.list) != 0 {
				t.Errorf("err = %v (%+v), %d stored; want a fault of %s", err, bad, len(s.list), tc.field)
			}
		})
	}
}

func TestFaultsAreToldInTheOrderOfTheirFields(t *testing.T) {
	t.Parallel()
	m := sample()
	m.Town, m.Day, m.Signers[0].Name, m.FollowUps[0].Action = "a\x00", "a\x00", "a\x00", ""
	var bad *survey.Error
	var got []string
	if errors.As(m.Check(), &bad) {
		for _, f := range bad.Faults {
			got = append(got, f.Field)
		}
	}
	if want := []string{"day", "follow_ups.1.action", "signers.1.name", "town"}; !slices.Equal(got, want) {
		t.Errorf("faults of %q, want %q", got, want)
	}
}

func TestAReportThatNobodyWroteHasItsPlace(t *testing.T) {
	t.Parallel()
	d, _ := newEntries()
	if got, err := d.Newest(t.Context(), sample().Place); err != nil || got.Place != sample().Place || got.Version != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestWhatHasAsMuchAsItMayIsStoredAsItIs(t *testing.T) {
	t.Parallel()
	d, _ := newEntries()
	line, cell := strings.Repeat("é", MostLine), strings.Repeat("é", MostCell-4)+"\n\té."
	m := Manuscript{
		Town: line, Day: line, Texts: many(MostTexts), Signers: slices.Repeat([]Signer{{line, line, line, line}}, MostSigners),
		FollowUps: slices.Repeat([]FollowUp{{cell, cell, cell, cell, cell, cell}}, MostFollowUps), Comments: slices.Repeat([]string{line}, MostComments),
	}
	m.Texts["a"] = Text{Body: strings.Repeat("é", MostText-3) + "\n\té"}
	want := m
	want.Texts = maps.Clone(m.Texts)
	want.Signers, want.FollowUps, want.Comments = slices.Clone(m.Signers), slices.Clone(m.FollowUps), slices.Clone(m.Comments)
	got, err := d.Write(t.Context(), m, 0)
	want.Version, want.At = 1, got.At
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("err = %v (-want +got):\n%s", err, diff)
	}
}

func TestWhatSurroundsATextIsNoPartOfIt(t *testing.T) {
	t.Parallel()
	d, _ := newEntries()
	want := Manuscript{
		Town: "a", Day: "b", Signers: []Signer{{Rank: "c", Number: "d"}, {Office: "e", Name: "f"}}, Version: 1,
		FollowUps: []FollowUp{{"g", "h", "i", "j", "k", "l"}, {Action: "m"}},
	}
	around := want
	around.Town, around.Day = " a\n", "\tb "
	around.Signers = []Signer{{Rank: " c", Number: "d "}, {" ", " ", "\n", ""}, {Office: " e", Name: " f"}}
	around.FollowUps = []FollowUp{{" g", " h", " i", " j", " k", " l"}, {Aspect: "x", Found: " ", By: " "}, {Action: " m"}}
	got, err := d.Write(t.Context(), around, 0)
	want.At = got.At
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("err = %v (-want +got):\n%s", err, diff)
	}
}

func TestAStoreThatFailsIsTold(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, s := range map[string]*memoryStore{"it cannot read": {readFail: broken}, "it cannot write": {writeFail: broken}} {
		d := &Entries{Store: s, Now: time.Now}
		if _, err := d.Write(t.Context(), sample(), 0); !errors.Is(err, broken) || len(s.list) != 0 {
			t.Errorf("%s: %v, %d stored", name, err, len(s.list))
		}
	}
}

// Every part of a version is one that makes another version.
func TestWhateverChangesIsANewVersionThatTheAuditNames(t *testing.T) {
	t.Parallel()
	for field, change := range map[string]func(*Manuscript){
		"town":          func(m *Manuscript) { m.Town = "Lain" },
		"day":           func(m *Manuscript) { m.Day = "2 Juli 2026" },
		"comments":      func(m *Manuscript) { m.Comments = nil },
		"signers.1":     func(m *Manuscript) { m.Signers[0].Number = "1" },
		"signers.2":     func(m *Manuscript) { m.Signers[1].Rank = "Pembina" },
		"follow_ups.1":  func(m *Manuscript) { m.FollowUps[0].Status = "selesai" },
		"follow_ups.2":  func(m *Manuscript) { m.FollowUps[1].Action = "Cat dinding" },
		"texts.intro":   func(m *Manuscript) { m.Texts["intro"] = Text{Body: "Awal"} },
		"texts.closing": func(m *Manuscript) { m.Texts["closing"] = Text{Body: "\n"} },
	} {
		d, s := newEntries()
		if _, err := d.Write(t.Context(), sample(), 0); err != nil {
			t.Fatal(err)
		}
		m := sample()
		change(&m)
		got, err := d.Write(t.Context(), m, 1)
		if err != nil || got.Version != 2 || len(s.said) != 2 || len(s.said[1].Changes) != 1 || s.said[1].Changes[0].What != field {
			t.Errorf("%s: version %d, %v, the audit tells %+v", field, got.Version, err, s.said)
		}
	}
}

func many(n int) map[string]Text {
	out := map[string]Text{}
	for i := range n {
		out[strings.Repeat("a", i+1)] = Text{Body: "teks"}
	}
	return out
}

func TestAnEmptyLinePartsParagraphs(t *testing.T) {
	t.Parallel()
	got := Text{Body: "Satu,\nmasih satu.\n\n \n\nDua."}.Paragraphs()
	if !slices.Equal(got, []string{"Satu,\nmasih satu.", "Dua."}) {
		t.Errorf("paragraphs = %q", got)
	}
}
