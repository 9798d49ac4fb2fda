package report

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"persepsi/analytics"
	"persepsi/survey"
)

// city is a world of 600 units with answers, whose builder has figures.
func city(b *testing.B) (*world, *fixed) {
	b.Helper()
	w := newWorld(b, "terpadu-16", "{}")
	var text strings.Builder
	text.WriteString("city: {name: Kota Contoh}\nagencies:\n")
	for a := range 30 {
		fmt.Fprintf(&text, "  - code: a%d\n    name: Dinas %d\n    units:\n", a, a)
		for u := range 20 {
			fmt.Fprintf(&text, "      - {code: a%d-u%d, name: Unit Pelayanan %d}\n", a, u, u)
		}
	}
	text.WriteString("periods:\n  - {code: p, from: 2026-01-01, to: 2026-06-30, instrument: terpadu-16}\n")
	w.text = text.String()
	w.declare(b, w.directory.Library())
	source := &fixed{rng: rand.New(rand.NewPCG(1, 2)), form: w.directory.Form("p"), totals: &Totals{Units: map[analytics.UnitForm]*analytics.Tally{}}}
	w.builder.source = source
	source.answer(b, w, len(w.units()))
	w.refresh(b)
	return w, source
}

func (w *world) units() (out []string) {
	for _, a := range w.directory.Catalogue().Agencies {
		for _, u := range a.Units {
			out = append(out, u.Code)
		}
	}
	return out
}

// fixed is a source that reads nothing.
type fixed struct {
	Source
	rng    *rand.Rand
	form   *survey.Form
	totals *Totals
}

func (f *fixed) Refresh(context.Context) error { return nil }

func (f *fixed) Period(string) *Totals { return f.totals }

// answer gives the first n units other totals.
func (f *fixed) answer(b *testing.B, w *world, n int) {
	b.Helper()
	next := &Totals{Units: map[analytics.UnitForm]*analytics.Tally{}}
	for i, unit := range w.units() {
		of := analytics.UnitForm{Unit: unit, Form: f.form.ID}
		if i >= n {
			next.Units[of] = f.totals.Units[of]
			continue
		}
		rows := make([]string, 20)
		for r := range rows {
			row := make([]byte, 16)
			for q := range row {
				row[q] = byte('1' + f.rng.IntN(4))
			}
			rows[r] = string(row)
		}
		next.Units[of] = w.tally(b, rows...)
	}
	f.totals = next
}

// benchmarkBuild makes snapshots of 600 units of which so many changed; read
// tells whether the city's text is asked for.
func benchmarkBuild(b *testing.B, changed int, read bool) {
	w, source := city(b)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		source.answer(b, w, changed)
		if read {
			v, err := w.builder.Figures().View(Scope{Period: "p", Audience: Live})
			if err != nil {
				b.Fatal(err)
			}
			v.CityJSON()
		}
		b.StartTimer()
		w.refresh(b)
	}
}

func BenchmarkBuildOfAllUnits(b *testing.B)         { benchmarkBuild(b, 600, false) }
func BenchmarkBuildOfOneUnit(b *testing.B)          { benchmarkBuild(b, 1, false) }
func BenchmarkBuildOfAllUnitsWithText(b *testing.B) { benchmarkBuild(b, 600, true) }
func BenchmarkBuildOfOneUnitWithText(b *testing.B)  { benchmarkBuild(b, 1, true) }

// BenchmarkRequestForTheCity is what a request for the results of a whole city
// takes before they are sent.
func BenchmarkRequestForTheCity(b *testing.B) {
	w, source := city(b)
	ask := func() []byte {
		v, err := w.builder.Figures().View(Scope{Period: "p", Audience: Live})
		if err != nil {
			b.Fatal(err)
		}
		zipped, _ := v.CityJSON()
		return zipped
	}
	ask()
	source.answer(b, w, 1)
	w.refresh(b)
	b.ReportAllocs()
	for b.Loop() {
		if len(ask()) == 0 {
			b.Fatal("no text")
		}
	}
	v, _ := w.builder.Figures().View(Scope{Period: "p", Audience: Live})
	b.ReportMetric(float64(len(v.zipped)), "gzip-B")
}

// BenchmarkRequestForAUnit is a unit's results with their explanation, written
// anew: what a cache spares.
func BenchmarkRequestForAUnit(b *testing.B) {
	w, _ := city(b)
	b.ReportAllocs()
	for b.Loop() {
		r, err := w.builder.Figures().Results(Scope{Period: "p", Unit: "a0-u0", Audience: Live, Explain: true})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := r.AppendJSON(nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTextOfTheExplainedCity is what the first who asks for the whole city with
// explanations makes of a snapshot, for all others.
func BenchmarkTextOfTheExplainedCity(b *testing.B) {
	w, _ := city(b)
	b.ReportAllocs()
	v, err := w.builder.Figures().View(Scope{Period: "p", Audience: Live})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		v.explained.held.Store(nil) // as of a new snapshot
		text, err := v.CityText(true)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(text)), "bytes/text")
	}
}
