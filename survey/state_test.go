package survey

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// pruned applies a file that closes what it does not name.
func pruned(t *testing.T, now *Catalogue, text string) (*ApplyResult, error) {
	t.Helper()
	lib, methods := testLibrary(t)
	return Apply(now, []byte(text), lib, methods, codes(), nil, 0, Prune)
}

func unnamed(a *ApplyResult) (out []string) {
	for _, u := range a.Omitted {
		out = append(out, u.Path)
	}
	return out
}

const twoAgencies = `
city: {name: Kota Contoh}
agencies:
  - code: dukcapil
    name: Dukcapil
    units:
      - code: loket
        name: Loket
        services: [{code: ktp, name: KTP-el}, {code: akta, name: Akta}]
        points: [{code: AAAA11, name: Loket 1}, {code: BBBB22, name: Loket 2}]
      - {code: mpp, name: Gerai, services: [{code: ktp, name: KTP-el}], points: [{code: CCCC33, name: Gerai}]}
  - code: dinkes
    name: Dinkes
    units: [{code: pkm, name: Puskesmas, services: [{code: kia, name: KIA}], points: [{code: DDDD44, name: Pendaftaran}]}]
periods:
  - {code: lalu, from: 2025-01-01, to: 2025-06-30, instrument: skm-9}
  - {code: 2026-s1, from: 2026-01-01, to: 2026-06-30, instrument: skm-9, population: {loket: 703, pkm: 90}, units: [loket, mpp, pkm]}
`

// What a file doesn't name is told, the outermost alone, and closed when it prunes;
// naming it again opens it.
func TestWhatAFileNoLongerNamesIsToldAndPruned(t *testing.T) {
	t.Parallel()
	base := mustApply(t, new(Catalogue), twoAgencies)
	for _, tc := range []struct {
		name, from, to string
		told           []string
	}{
		{"everything is named", "", "", nil},
		{"a service", ", {code: akta, name: Akta}", "", []string{"agencies.dukcapil.units.loket.services.akta"}},
		{"a point", ", {code: BBBB22, name: Loket 2}", "", []string{"agencies.dukcapil.units.loket.points.BBBB22"}},
		{"a unit with all that it has", "      - {code: mpp, name: Gerai, services: [{code: ktp, name: KTP-el}], points: [{code: CCCC33, name: Gerai}]}\n", "", []string{"agencies.dukcapil.units.mpp"}},
		{"all units of an agency", "    units: [{code: pkm, name: Puskesmas, services: [{code: kia, name: KIA}], points: [{code: DDDD44, name: Pendaftaran}]}]\n", "", []string{"agencies.dinkes.units.pkm"}},
		{"an agency with all that it has", "  - code: dinkes\n    name: Dinkes\n    units: [{code: pkm, name: Puskesmas, services: [{code: kia, name: KIA}], points: [{code: DDDD44, name: Pendaftaran}]}]\n", "", []string{"agencies.dinkes"}},
		{"a period", "  - {code: lalu, from: 2025-01-01, to: 2025-06-30, instrument: skm-9}\n", "", []string{"periods.lalu"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(twoAgencies, tc.from, tc.to, 1)
			a := apply(t, base, text)
			if a.Changed || !slices.Equal(unnamed(a), tc.told) {
				t.Errorf("changed %v, told %q, want %q", a.Changed, unnamed(a), tc.told)
			}
			p, err := pruned(t, base, text)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(strings.Join(tc.told, ""), "periods") {
				if p.Changed || !slices.Equal(unnamed(p), tc.told) || len(p.Catalogue.Periods) != 2 {
					t.Errorf("a period was pruned: %q, told %q", lines(p.Changes), unnamed(p))
				}
				return
			}
			if len(p.Omitted) > 0 || len(p.Changes) != len(tc.told) || p.Updated != len(tc.told) {
				t.Fatalf("pruned: %q", lines(p.Changes))
			}
			for i, c := range p.Changes {
				if c.Kind != ChangeClosed || c.Path != tc.told[i] {
					t.Errorf("pruned: %s", c)
				}
			}
			if again, err := pruned(t, p.Catalogue, text); err != nil || again.Changed || len(again.Omitted) > 0 {
				t.Errorf("pruned again: %+v, %v", again, err)
			}
			same := apply(t, p.Catalogue, dumped(t, p.Catalogue))
			if same.Changed {
				t.Errorf("the dump changes %q", lines(same.Changes))
			}
			if opened := apply(t, p.Catalogue, twoAgencies); len(opened.Changes) != len(tc.told) || opened.Changed && opened.Changes[0].Kind != ChangeReopened {
				t.Errorf("named again: %q", lines(opened.Changes))
			}
		})
	}
	for _, text := range []string{"city: {name: Kota Lain}", "agencies: []"} {
		if _, err := pruned(t, base, text); err == nil || !strings.Contains(err.Error(), "whole city") {
			t.Errorf("%s: err = %v, want that it would close the whole city", text, err)
		}
	}
}

// A closed unit, or one of a closed agency, takes no answer of a citizen.
func TestAClosedUnitIsOpenNowhere(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	base := mustApply(t, new(Catalogue), twoAgencies)
	for name, text := range map[string]string{
		"the unit":   "agencies: [{code: dukcapil, units: [{code: loket, closed: true}]}]",
		"the agency": "agencies: [{code: dukcapil, closed: true}]",
		"the point":  "agencies: [{code: dukcapil, units: [{code: loket, points: [{code: AAAA11, closed: true}]}]}]",
	} {
		d, err := NewDirectory(mustApply(t, base, text), lib, methods)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Resolve(point(t, d, "AAAA11"), "", noon()); CodeOf(err) != Closed {
			t.Errorf("%s: err = %v, want Closed", name, err)
		}
		if _, err := d.ResolveDraft(&Draft{StartedAt: noon()}, point(t, d, "AAAA11"), noon()); CodeOf(err) != Closed {
			t.Errorf("%s: a draft: err = %v, want Closed", name, err)
		}
		if open := len(d.Running("loket", d.Today(noon()))) > 0; open != (name == "the point") {
			t.Errorf("%s: a period runs: %v", name, open)
		}
		if _, err := d.Resolve(point(t, d, "DDDD44"), "", noon()); err != nil {
			t.Errorf("%s: another unit: %v", name, err)
		}
	}
}

func TestUnitsAndPointsMove(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	base := mustApply(t, new(Catalogue), twoAgencies)
	stored := &held{answers: map[heldAt]int64{{NewDate(2026, 2, 1), "mpp"}: 30}}
	const toDinkes = "agencies: [{code: dinkes, units: [{code: mpp}]}]"
	a, err := Apply(base, []byte(toDinkes), lib, methods, codes(), stored, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := lines(a.Changes); !slices.Equal(got, []string{"moved agencies.dinkes.units.mpp: from agencies.dukcapil"}) || a.Added != 0 || a.Updated != 1 || !a.Changed || a.Catalogue.Version != base.Version+1 {
		t.Errorf("version %d, changed %v, %d added, %d changed: %q", a.Catalogue.Version, a.Changed, a.Added, a.Updated, got)
	}
	point := apply(t, base, "agencies: [{code: dinkes, units: [{code: pkm, points: [{code: BBBB22}]}]}]")
	if !point.Changed || point.Catalogue.Version != base.Version+1 {
		t.Errorf("a point that moves and nothing else: changed %v, version %d", point.Changed, point.Catalogue.Version)
	}
	// It has answers, so that figures of both agencies are others: in each such period.
	if len(a.Amended) != 2 || a.Amended[0].Period != "lalu" || a.Amended[1].Period != "2026-s1" {
		t.Errorf("amended: %+v", a.Amended)
	}
	a.Amend(noon(), "command line", "dipindah")
	if got := a.Catalogue.Periods[1].Amendments; len(got) != 1 || !slices.Equal(got[0].Changes, lines(a.Changes)) {
		t.Errorf("amendments: %+v", got)
	}
	if empty, err := Apply(base, []byte(toDinkes), lib, methods, codes(), &held{}, 0); err != nil || len(empty.Amended) > 0 {
		t.Errorf("without answers: %+v, %v", empty, err)
	}
	if again := apply(t, a.Catalogue, toDinkes); again.Changed {
		t.Errorf("again: %q", lines(again.Changes))
	}

	const toNew = "agencies: [{code: dinkes, units: [{code: baru, name: Baru, services: [{code: ktp, name: KTP}], points: [{code: BBBB22, name: Gerai 2}]}]}]"
	b := apply(t, base, toNew)
	if got := lines(b.Changes); !slices.Equal(got, []string{
		"moved agencies.dinkes.units.baru.points.BBBB22: from agencies.dukcapil.units.loket",
		"added agencies.dinkes.units.baru: Baru", "changed agencies.dinkes.units.baru.points.BBBB22: Loket 2 → Gerai 2",
	}) {
		t.Errorf("a point: %q", got)
	}
	if again := apply(t, b.Catalogue, toNew); again.Changed {
		t.Errorf("again: %q", lines(again.Changes))
	}
	for i := range base.Agencies {
		for _, u := range base.Agencies[i].Units {
			if u.Code == "loket" && (len(u.Points) != 2 || u.Points[1].Name != "Loket 2" || u.Points[1].Moved != nil) {
				t.Errorf("the catalogue before is another: %+v", u.Points)
			}
		}
	}
}

// An answer belongs to the unit that its form was about: sent again after the point
// moved it is a retry, and one that was begun before counts for the unit before.
func TestAnAnswerStaysWithTheUnitThatItWasGivenFor(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	base := mustApply(t, new(Catalogue), twoAgencies)
	before, err := NewDirectory(base, lib, methods)
	if err != nil {
		t.Fatal(err)
	}
	moved := apply(t, base, "agencies: [{code: dukcapil, units: [{code: loket, closed: true}]}, {code: dinkes, units: [{code: pkm, points: [{code: BBBB22}]}]}]")
	at := noon()
	moved.Amend(at, "command line", "")
	after, err := NewDirectory(moved.Catalogue, lib, methods)
	if err != nil {
		t.Fatal(err)
	}
	draft := func(service string, opened time.Time) *Draft {
		d := &Draft{ID: uuid.NewString(), Service: service, Consent: true, StartedAt: opened}
		for _, q := range before.Form("2026-s1").Questions {
			d.Answers = append(d.Answers, Answer{Question: q.Code, Value: 1})
		}
		return d
	}
	take := func(d *Directory, draft *Draft, now time.Time) (*Response, error) {
		a, err := d.ResolveDraft(draft, point(t, d, "BBBB22"), now)
		if err != nil {
			return nil, err
		}
		r, faults := a.Check(draft, d.Zone(), now)
		return r, Faulty("faults", faults)
	}
	first := draft("ktp", at.Add(-time.Second))
	stored, err := take(before, first, at)
	if err != nil || stored.Unit != "loket" {
		t.Fatalf("before: %+v, %v", stored, err)
	}
	if !after.IsRetry(first, point(t, after, "BBBB22"), stored) {
		t.Error("sent again after the move it is another answer")
	}
	other := *first
	other.Answers = slices.Clone(first.Answers)
	other.Answers[0].Value = 2
	if after.IsRetry(&other, point(t, after, "BBBB22"), stored) {
		t.Error("another answer is taken for a retry")
	}
	for _, tc := range []struct {
		name, service string
		opened, sent  time.Time
		unit          string
	}{
		{"begun before the move", "akta", at.Add(-time.Second), at.Add(Grace), "loket"},
		{"begun before, sent too late", "kia", at.Add(-time.Second), at.Add(Grace + 1), "pkm"},
		{"begun after", "kia", at, at.Add(time.Second), "pkm"},
		{"who knows when", "kia", time.Time{}, at.Add(time.Second), "pkm"},
	} {
		if r, err := take(after, draft(tc.service, tc.opened), tc.sent); err != nil || r.Unit != tc.unit || r.Point != "BBBB22" {
			t.Errorf("%s: %+v, %v", tc.name, r, err)
		}
	}
}
