package analytics

import (
	"reflect"
	"slices"
	"testing"

	"persepsi/survey"
)

func TestTheLKETableIsWhole(t *testing.T) {
	t.Parallel()
	table := testLKE(t)
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		if r, ok := v.Interface().(Ratio); ok {
			if !r.Known() {
				t.Errorf("%s is missing", path)
			}
			return
		}
		if v.Kind() == reflect.Struct {
			for i := range v.NumField() {
				if f := v.Type().Field(i); f.IsExported() { // others are made of these
					walk(path+"."+f.Name, v.Field(i))
				}
			}
		}
	}
	walk("lke", reflect.ValueOf(*table))
	weights := map[string]string{}
	for _, a := range table.Areas {
		weights[a.Code] = a.Max.String()
	}
	want := map[string]string{
		"manajemen_perubahan": "8", "tatalaksana": "7", "sdm": "10", "akuntabilitas": "10", "pengawasan": "15", "pelayanan_publik": "10",
	}
	if !reflect.DeepEqual(weights, want) {
		t.Errorf("areas: got %v, want %v", weights, want)
	}
	if _, err := survey.ParseDate(table.ValidFrom); err != nil || table.Source == "" || table.Version < 1 {
		t.Error("the table lacks its date, source or version")
	}
}

func TestEveryMinimumPassesWhenReachedAndFailsJustBelow(t *testing.T) {
	t.Parallel()
	table := testLKE(t)
	little := NewRatio(1, 1_000_000_000_000)
	full := values{
		ia: NewRatio(35, 2), ib: NewRatio(5, 1), i: NewRatio(45, 2), ii: NewRatio(35, 2),
		pengungkit: NewRatio(60, 1), total: NewRatio(100, 1),
	}
	for _, c := range []struct {
		row       string
		wbk, wbbm string
		set       func(v *values, x Ratio)
	}{
		{"total", "75", "85", func(v *values, x Ratio) { v.total = x }},
		{"pengungkit", "40", "48", func(v *values, x Ratio) { v.pengungkit = x }},
		{"pengungkit.manajemen_perubahan", "4.8", "6", func(v *values, x Ratio) { v.areas["manajemen_perubahan"] = x }},
		{"pengungkit.tatalaksana", "4.2", "5.25", func(v *values, x Ratio) { v.areas["tatalaksana"] = x }},
		{"pengungkit.sdm", "6", "7.5", func(v *values, x Ratio) { v.areas["sdm"] = x }},
		{"pengungkit.akuntabilitas", "6", "7.5", func(v *values, x Ratio) { v.areas["akuntabilitas"] = x }},
		{"pengungkit.pengawasan", "9", "11.25", func(v *values, x Ratio) { v.areas["pengawasan"] = x }},
		{"pengungkit.pelayanan_publik", "6", "7.5", func(v *values, x Ratio) { v.areas["pelayanan_publik"] = x }},
		{"I", "18.25", "19.5", func(v *values, x Ratio) { v.i = x }},
		{"I.a", "15.75", "15.75", func(v *values, x Ratio) { v.ia = x }},
		{"I.b", "2.5", "3.75", func(v *values, x Ratio) { v.ib = x }},
		{"II", "14", "15.75", func(v *values, x Ratio) { v.ii = x }},
	} {
		for _, level := range []struct {
			name    string
			minima  *minima
			minimum Ratio
		}{{"WBK", &table.WBK, exactly(t, c.wbk)}, {"WBBM", &table.WBBM, exactly(t, c.wbbm)}} {
			t.Run(level.name+"/"+c.row, func(t *testing.T) {
				t.Parallel()
				v := full
				v.areas = areas(table, NewRatio(1, 1))
				c.set(&v, level.minimum)
				if got := table.judge(level.minima, v); got.Passed == nil || !*got.Passed {
					t.Errorf("at the minimum: failed %v", failing(got))
				}
				c.set(&v, level.minimum.Sub(little))
				got := table.judge(level.minima, v)
				if got.Passed == nil || *got.Passed || !slices.Equal(failing(got), []string{c.row}) {
					t.Errorf("just below: failed %v, want this row alone", failing(got))
				}
				if x := testOf(t, got, c.row); exactly(t, x.Shown).Cmp(level.minimum) >= 0 || *x.Distance >= 0 {
					t.Errorf("shown %s at distance %v hides why it failed", x.Shown, *x.Distance)
				}
			})
		}
	}
}

func TestFiguresWhoseSourceWasNotSeenAreMarked(t *testing.T) {
	t.Parallel()
	table := testLKE(t)
	got := score(t, best(table))
	unverified := func(v Verdict) (out []string) {
		for _, x := range v.Tests {
			if x.Unverified {
				out = append(out, x.Row)
			}
		}
		return out
	}
	if rows := unverified(got.WBK); len(rows) > 0 {
		t.Errorf("WBK: got %v, want none", rows)
	}
	want := []string{
		"total", "pengungkit", "pengungkit.manajemen_perubahan", "pengungkit.tatalaksana", "pengungkit.sdm",
		"pengungkit.akuntabilitas", "pengungkit.pengawasan", "pengungkit.pelayanan_publik", "I",
	}
	if rows := unverified(got.WBBM); !slices.Equal(rows, want) {
		t.Errorf("WBBM: got %v, want %v", rows, want)
	}
}

func TestEveryLevelHasItsShareOfTheAchievementRow(t *testing.T) {
	t.Parallel()
	for level, want := range map[string]float64{"A": 5, "B": 3.75, "C": 2.5, "D": 1.25, "E": 0} {
		got := score(t, LKEInput{Achievement: level})
		if got.IB == nil || got.IB.Points != want || got.IB.Level != level || got.IB.Max != 5 {
			t.Errorf("%s: got %+v, want %v points", level, got.IB, want)
		}
	}
}

// A city's units lack most rows: kept once for each unit, audience and period these took
// more memory than all figures.
func TestUnitsShareTheRowsThatTheyLack(t *testing.T) {
	t.Parallel()
	table := testLKE(t)
	known := values{ia: NewRatio(1, 1)}
	for _, m := range []*minima{&table.WBK, &table.WBBM} {
		one, another := table.judge(m, values{}), table.judge(m, known)
		for i, x := range one.Tests {
			y := another.Tests[i]
			if x.Row != y.Row || !x.Missing || x.Passed != nil {
				t.Fatalf("%+v and %+v", x, y)
			}
			if lacks := x.Row != "I.a"; lacks != y.Missing || lacks != (x == y) {
				t.Errorf("%s: %p and %p", x.Row, x, y)
			}
		}
	}
	if a, b := testOf(t, table.judge(&table.WBK, values{}), "I"), testOf(t, table.judge(&table.WBBM, values{}), "I"); a.Minimum == b.Minimum {
		t.Errorf("both levels ask for %g points", a.Minimum)
	}
}
