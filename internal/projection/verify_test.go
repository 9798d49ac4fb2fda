package projection

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"persepsi/analytics"
	"persepsi/survey"
)

// stored returns what a unit released, each release changed by forge, and with
// checksums that fit.
func (u *unitOfOne) stored(t *testing.T, forge func(*Release)) (out []StoredRelease) {
	t.Helper()
	previous := ""
	for _, r := range u.releases {
		c := *r
		c.Period, c.Unit, c.Previous = "p", "u", previous
		c.Added = slices.Clone(r.Added)
		forge(&c)
		stored, err := c.encode()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, stored)
		previous = stored.Checksum
	}
	return out
}

// Whoever forges a release can make its checksums fit; what its answers say
// remains.
func TestAForgedReleaseContradictsItsAnswers(t *testing.T) {
	t.Parallel()
	u := newUnit(t, "skm-9@1")
	for step := range 4 {
		for i := range 25 {
			values := u.all(1 + (i+step)%4)
			if i < 3 {
				values[3] = 0
			}
			if step != 1 || i != 5 {
				values[4] = 0 // a single answer to it waits
			}
			u.answer(survey.ModeQR, values...)
		}
		if u.release(t, 10, step >= 2) == nil {
			t.Fatal("no release")
		}
	}
	second := func(forge func(*Release)) func(*Release) {
		return func(r *Release) {
			if r.Serial == 2 {
				forge(r)
			}
		}
	}
	third := func(forge func(*Release)) func(*Release) {
		return func(r *Release) {
			if r.Serial == 3 {
				tables := *r.Tables
				tables.Shown = slices.Clone(tables.Shown)
				r.Tables = &tables
				forge(r)
			}
		}
	}
	other := func(data []byte) []byte {
		tally, err := analytics.DecodeTotals(u.forms, data)
		if err != nil {
			t.Fatal(err)
		}
		if err := tally.Add(&survey.Response{Form: u.form.ID, Answers: survey.MakeMarks(u.all(4)), Mode: survey.ModeQR}); err != nil {
			t.Fatal(err)
		}
		return tally.Encode()
	}
	for name, tc := range map[string]struct {
		forge func(*Release)
		says  string // empty: it is right
	}{
		"nothing is forged":                 {func(*Release) {}, ""},
		"other totals":                      {second(func(r *Release) { r.Totals = other(r.Totals) }), "other figures"},
		"other totals of whole answers":     {second(func(r *Release) { r.Whole = other(r.Whole) }), "other figures"},
		"another number of answers":         {second(func(r *Release) { r.Held[survey.KindCitizen]++ }), "other figures"},
		"other respondents":                 {second(func(r *Release) { r.People = clonePeople(r.People); r.People[0][1]++ }), "other figures"},
		"other respondents, wholly counted": {second(func(r *Release) { r.WholePeople = clonePeople(r.WholePeople); r.WholePeople[0][1]++ }), "other figures"},
		"an answer too early":               {second(func(r *Release) { r.Through[0] = slices.Clone(r.Through[0]); r.Through[0][4] = 2 }), "counts answers of fewer"},
		"an answer that nobody gave": {second(func(r *Release) {
			r.Added[0].IDs = append(idsOf([]uuid.UUID{uuid.New()}), r.Added[0].IDs...)
		}), "not stored"},
		"an answer of another day": {second(func(r *Release) { r.Added[0].Day++ }), "not stored"},
		"an answer twice": {second(func(r *Release) {
			r.Added[0].IDs = append(slices.Clone(r.Added[0].IDs[:16]), r.Added[0].IDs...)
		}), "twice"},
		"a rule of fewer people":        {func(r *Release) { r.Least = 40 }, "fewer than 40"},
		"one that is no longer final":   {func(r *Release) { r.Final = r.Serial == 3 }, "from before"},
		"another serial":                {second(func(r *Release) { r.Serial = 3 }), "follow"},
		"tables that show another cell": {third(func(r *Release) { r.Tables.Shown[0].Codes = append(r.Tables.Shown[0].Codes, "ktp") }), "other tables"},
		"tables of other answers":       {third(func(r *Release) { r.Tables.Tally = u.releases[1].Totals }), "other tables"},
		"tables before the close":       {second(func(r *Release) { r.Tables = u.releases[2].Tables }), "other tables"},
		"tables that are gone":          {third(func(r *Release) { r.Tables = nil }), "other tables"},
		"final too early":               {second(func(r *Release) { r.Final = true }), "other tables"},
		"a rule of one person":          {second(func(r *Release) { r.Least = 1 }), "among 1"},
		"another form":                  {second(func(r *Release) { r.Form = "terpadu-16@1" }), "another form"},
		"a moment before the last one":  {second(func(r *Release) { r.AsOf = u.releases[0].AsOf.Add(-1) }), "from before"},
		"made before the last one":      {second(func(r *Release) { r.At = u.releases[0].At.Add(-1) }), "from before"},
		"a moment before its answers":   {second(func(r *Release) { r.AsOf = u.releases[0].AsOf }), "came after"},
		"nothing waits any more":        {second(func(r *Release) { r.Partial = nil }), "other figures"},
		"an answer of the first one once more": {second(func(r *Release) {
			r.Added = append(slices.Clone(u.releases[0].Added), r.Added...)
		}), "twice"},
		"another chain": {second(func(r *Release) { r.Previous = "" }), "follow"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := new(VerifyResult)
			v := &verification{forms: u.forms, form: u.form, out: out, unit: "u", list: u.stored(t, tc.forge), rows: map[uuid.UUID]*survey.Response{}}
			for _, a := range u.answers {
				v.rows[a.ID] = a.Response
			}
			v.run()
			said := strings.Join(out.Wrong, "\n")
			if (said == "") != (tc.says == "") || !strings.Contains(said, tc.says) {
				t.Errorf("wrong: %q, want %q", said, tc.says)
			}
		})
	}
}

func TestAStoredReleaseIsTheOneThatWasWritten(t *testing.T) {
	t.Parallel()
	u := newUnit(t, "skm-9@1")
	for range 25 {
		u.answer(survey.ModeQR, u.all(3)...)
	}
	u.release(t, 10, true)
	stored := u.stored(t, func(*Release) {})[0]
	if _, err := stored.decode(); err != nil {
		t.Fatal(err)
	}
	for name, forge := range map[string]func(*StoredRelease){
		"its bytes":    func(s *StoredRelease) { s.Body = append(slices.Clone(s.Body), ' ') },
		"its checksum": func(s *StoredRelease) { s.Checksum = "00" + s.Checksum[2:] },
		"its unit":     func(s *StoredRelease) { s.Unit = "v" },
		"its period":   func(s *StoredRelease) { s.Period = "q" },
		"its serial":   func(s *StoredRelease) { s.Serial = 2 },
		"what it has": func(s *StoredRelease) {
			s.Body = append(slices.Clone(s.Body[:len(s.Body)-1]), []byte(`,"note":""}`)...)
			s.Checksum = checksum(s.Body)
		},
	} {
		c := stored
		forge(&c)
		if _, err := c.decode(); err == nil {
			t.Errorf("%s is another one, and nobody notices", name)
		}
	}
}
