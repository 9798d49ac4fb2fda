package analytics

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"persepsi/survey"
)

func testLKE(t testing.TB) *LKETable {
	t.Helper()
	table, err := LoadLKE()
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func score(t testing.TB, in LKEInput) LKE {
	t.Helper()
	out, err := testLKE(t).Score(in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// areas returns for every area the same share of its weight.
func areas(table *LKETable, share Ratio) map[string]Ratio {
	out := map[string]Ratio{}
	for _, a := range table.Areas {
		out[a.Code] = a.Max.Mul(share)
	}
	return out
}

// best is a sheet with every point there is.
func best(table *LKETable) LKEInput {
	return LKEInput{IPAK: NewRatio(4, 1), IPKP: NewRatio(4, 1), Achievement: "A", Areas: areas(table, NewRatio(1, 1))}
}

func failing(v Verdict) []string {
	var out []string
	for _, x := range v.Tests {
		if x.Passed != nil && !*x.Passed {
			out = append(out, x.Row)
		}
	}
	return out
}

func testOf(t testing.TB, v Verdict, row string) *Test {
	t.Helper()
	for _, x := range v.Tests {
		if x.Row == row {
			return x
		}
	}
	t.Fatalf("there is no test of row %s", row)
	return nil
}

func TestAMissingInputLeavesItsTestsOpen(t *testing.T) {
	t.Parallel()
	table := testLKE(t)
	six := []string{
		"pengungkit.manajemen_perubahan", "pengungkit.tatalaksana", "pengungkit.sdm",
		"pengungkit.akuntabilitas", "pengungkit.pengawasan", "pengungkit.pelayanan_publik",
	}
	for _, c := range []struct {
		name    string
		take    func(in *LKEInput)
		missing []string
	}{
		{"nothing", func(*LKEInput) {}, nil},
		{"IPAK", func(in *LKEInput) { in.IPAK = Ratio{} }, []string{"total", "I", "I.a"}},
		{"IPKP", func(in *LKEInput) { in.IPKP = Ratio{} }, []string{"total", "II"}},
		{"capaian kinerja", func(in *LKEInput) { in.Achievement = "" }, []string{"total", "I", "I.b"}},
		{"pengungkit", func(in *LKEInput) { in.Areas = nil }, append([]string{"total", "pengungkit"}, six...)},
		{"one area", func(in *LKEInput) { delete(in.Areas, "sdm") }, []string{"total", "pengungkit", "pengungkit.sdm"}},
		{"areas, with their total", func(in *LKEInput) { in.Areas, in.Pengungkit = nil, NewRatio(60, 1) }, six},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			in := best(table)
			c.take(&in)
			got := score(t, in).WBK
			var missing []string
			for _, x := range got.Tests {
				if !x.Missing {
					continue
				}
				missing = append(missing, x.Row)
				if x.Passed != nil || x.Points != nil || x.Distance != nil {
					t.Errorf("%s: a missing figure has neither points nor outcome: %+v", x.Row, x)
				}
			}
			if !slices.Equal(missing, c.missing) {
				t.Errorf("got %v, want %v", missing, c.missing)
			}
			if open := got.Passed == nil; open != (len(c.missing) > 0) {
				t.Errorf("passed is %v", got.Passed)
			}
		})
	}
}

func TestAFailedTestDecidesWhateverIsMissing(t *testing.T) {
	t.Parallel()
	got := score(t, LKEInput{IPAK: NewRatio(3, 1)}).WBK
	if got.Passed == nil || *got.Passed {
		t.Errorf("IPAK 3.00 alone: got %v, want false", got.Passed)
	}
	if rows := failing(got); !slices.Equal(rows, []string{"I.a"}) {
		t.Errorf("failed %v, want I.a alone: the others are missing", rows)
	}
}

func TestWhatIsOpenIsNeitherPassedNorFailed(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	for _, c := range []struct {
		passed      *bool
		ok, missing bool
	}{{nil, false, true}, {&yes, true, false}, {&no, false, false}} {
		v, x := Verdict{Passed: c.passed}, Test{Passed: c.passed}
		if v.OK() != c.ok || x.OK() != c.ok || v.Missing() != c.missing {
			t.Errorf("%v: verdict %v, test %v, missing %v", c.passed, v.OK(), x.OK(), v.Missing())
		}
	}
}

func TestTheDistanceIsToldInPointsAndInIndex(t *testing.T) {
	t.Parallel()
	got := score(t, LKEInput{IPAK: exactly(t, "3.2"), IPKP: exactly(t, "3.6"), Achievement: "C"})
	for _, c := range []struct {
		verdict         Verdict
		row             string
		distance, index float64
		lacks           [3]string
	}{
		{got.WBK, "I.a", -1.75, -0.4, [3]string{"1.75", "0.40", "IPAK"}},
		{got.WBK, "II", 1.75, 0.4, [3]string{}},
		{got.WBBM, "II", 0, 0, [3]string{}},
		{score(t, LKEInput{IPKP: exactly(t, "3.2")}).WBBM, "II", -1.75, -0.4, [3]string{"1.75", "0.40", "IPKP"}},
	} {
		x := testOf(t, c.verdict, c.row)
		if x.Distance == nil || *x.Distance != c.distance || x.IndexDistance == nil || *x.IndexDistance != c.index {
			t.Errorf("%s: got %v and %v, want %v and %v", c.row, x.Distance, x.IndexDistance, c.distance, c.index)
		}
		if got := [3]string{x.Short, x.IndexShort, x.IndexName}; got != c.lacks || x.OK() != (c.distance >= 0) || c.verdict.Missing() != (c.verdict.Passed == nil) {
			t.Errorf("%s lacks %q, passed %v, want %q", c.row, got, x.OK(), c.lacks)
		}
	}
	if x := testOf(t, got.WBK, "I.b"); x.IndexDistance != nil {
		t.Error("I.b is filled with a level: it has no distance in index")
	}
}

func TestInputsOutOfTheirRangeAreNamedAllAtOnce(t *testing.T) {
	t.Parallel()
	table := testLKE(t)
	for _, c := range []struct {
		name   string
		in     LKEInput
		fields []string
	}{
		{"everything", LKEInput{
			IPAK: exactly(t, "4.01"), IPKP: exactly(t, "-0.01"), Achievement: "F", Pengungkit: exactly(t, "60.01"),
			Areas: map[string]Ratio{"sdm": exactly(t, "10.01")},
		}, []string{"ipak", "ipkp", "capaian_kinerja", "pengungkit.sdm", "pengungkit"}},
		{"a level in small letters", LKEInput{Achievement: "a"}, []string{"capaian_kinerja"}},
		{"an unknown area", LKEInput{Areas: map[string]Ratio{"lainnya": NewRatio(1, 1)}}, []string{"pengungkit.lainnya"}},
		{"a total that is not the sum", LKEInput{Pengungkit: exactly(t, "35.99"), Areas: areas(table, NewRatio(3, 5))}, []string{"pengungkit"}},
		{"a total that is the sum", LKEInput{Pengungkit: exactly(t, "36"), Areas: areas(table, NewRatio(3, 5))}, nil},
		{"the bounds themselves", LKEInput{IPAK: whole(0), IPKP: NewRatio(4, 1), Achievement: "E", Pengungkit: whole(0)}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := table.Score(c.in)
			var fields []string
			var e *survey.Error
			if errors.As(err, &e) {
				for _, f := range e.Faults {
					fields = append(fields, f.Field)
				}
			}
			if !slices.Equal(fields, c.fields) {
				t.Errorf("got %v (%v), want %v", fields, err, c.fields)
			}
			if err != nil && survey.CodeOf(err) != survey.Invalid {
				t.Errorf("got code %s, want %s", survey.CodeOf(err), survey.Invalid)
			}
		})
	}
}

func TestTheSumOfTheAreasIsTheTotal(t *testing.T) {
	t.Parallel()
	got := score(t, LKEInput{Areas: areas(testLKE(t), NewRatio(3, 5))})
	if got.Pengungkit == nil || got.Pengungkit.Shown != "36.00" || got.Pengungkit.Exact.Cmp(NewRatio(36, 1)) != 0 {
		t.Errorf("got %+v, want 36", got.Pengungkit)
	}
}

func TestABetterInputNeverLosesPointsOrATest(t *testing.T) {
	t.Parallel()
	table := testLKE(t)
	rapid.Check(t, func(t *rapid.T) {
		index := rapid.Int64Range(0, 4000)
		draw := func() LKEInput {
			in := LKEInput{
				IPAK: NewRatio(index.Draw(t, "ipak"), 1000), IPKP: NewRatio(index.Draw(t, "ipkp"), 1000),
				Achievement: rapid.SampledFrom([]string{"A", "B", "C", "D", "E"}).Draw(t, "level"), Areas: map[string]Ratio{},
			}
			for _, a := range table.Areas {
				in.Areas[a.Code] = a.Max.Mul(NewRatio(rapid.Int64Range(0, 100).Draw(t, a.Code), 100))
			}
			return in
		}
		low, high := draw(), draw()
		larger := func(a, b Ratio) Ratio {
			if a.Cmp(b) > 0 {
				return a
			}
			return b
		}
		high.IPAK, high.IPKP = larger(low.IPAK, high.IPAK), larger(low.IPKP, high.IPKP)
		high.Achievement = min(low.Achievement, high.Achievement) // A is the best
		for code := range high.Areas {
			high.Areas[code] = larger(low.Areas[code], high.Areas[code])
		}
		a, err := table.Score(low)
		if err != nil {
			t.Fatal(err)
		}
		b, err := table.Score(high)
		if err != nil {
			t.Fatal(err)
		}
		if a.Total.Exact.Cmp(b.Total.Exact) > 0 {
			t.Fatalf("%s points became %s", a.Total.Shown, b.Total.Shown)
		}
		for i, x := range append(slices.Clone(a.WBK.Tests), a.WBBM.Tests...) {
			if y := append(slices.Clone(b.WBK.Tests), b.WBBM.Tests...)[i]; *x.Passed && !*y.Passed {
				t.Fatalf("row %s was lost", x.Row)
			}
		}
		if *a.WBBM.Passed && !*a.WBK.Passed {
			t.Fatal("a unit that is fit for WBBM is fit for WBK")
		}
	})
}

// The shape is promised to users (names, nulls, unrounded numbers).
func TestTheSheetInJSON(t *testing.T) {
	t.Parallel()
	data, err := json.Marshal(score(t, LKEInput{IPAK: exactly(t, "3.5999"), IPKP: exactly(t, "3.6")}))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]json.RawMessage
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"I.a":        `{"index":3.5999,"points":15.7495625,"shown":"15.75","max":17.5}`,
		"I.b":        `null`,
		"I":          `null`,
		"II":         `{"index":3.6,"points":15.75,"shown":"15.75","max":17.5}`,
		"hasil":      `null`,
		"pengungkit": `null`,
		"total":      `null`,
	} {
		if string(got[key]) != want {
			t.Errorf("%s: got %s, want %s", key, got[key], want)
		}
	}
	var wbk struct {
		Passed *bool             `json:"passed"`
		Tests  []json.RawMessage `json:"tests"`
	}
	if err := json.Unmarshal(got["wbk"], &wbk); err != nil {
		t.Fatal(err)
	}
	if wbk.Passed == nil || *wbk.Passed || len(wbk.Tests) != 12 {
		t.Fatalf("wbk: got passed %v with %d tests, want false with 12", wbk.Passed, len(wbk.Tests))
	}
	for i, want := range map[int]string{
		0:  `{"row":"total","minimum":75,"points":null,"passed":null,"missing":true,"distance":null}`,
		9:  `{"row":"I.a","minimum":15.75,"points":15.7495625,"shown":"15.7496","passed":false,"distance":-0.0004375,"index_distance":-0.0001}`,
		11: `{"row":"II","minimum":14,"points":15.75,"shown":"15.75","passed":true,"distance":1.75,"index_distance":0.4}`,
	} {
		if string(wbk.Tests[i]) != want {
			t.Errorf("test %d: got %s, want %s", i, wbk.Tests[i], want)
		}
	}
}

func TestAVerdictIsProvisionalWhileAnIndexBehindItIsNotAdequate(t *testing.T) {
	t.Parallel()
	table := testLKE(t)
	in := LKEInput{IPAK: exactly(t, "3.8"), IPKP: exactly(t, "3.7"), Achievement: "A", Areas: areas(table, exactly(t, "0.9"))}
	for _, tc := range []struct {
		name                   string
		ipak, ipkp             bool // short
		set                    func(in *LKEInput)
		provisional, tentative bool
		rows                   string // that are provisional
	}{
		{"both adequate", false, false, nil, false, false, ""},
		{"IPAK short", true, false, nil, true, true, "total I I.a"},
		{"IPKP short", false, true, nil, true, true, "total II"},
		{"both short", true, true, nil, true, true, "total I I.a II"},
		{"failed by the short index", true, false, func(in *LKEInput) { in.IPAK = exactly(t, "3.5") }, true, true, "total I I.a"},
		{"failed by another row", true, false, func(in *LKEInput) { in.Achievement = "D" }, true, false, "total I I.a"},
		{"no index that is short", true, true, func(in *LKEInput) { in.IPAK, in.IPKP = Ratio{}, Ratio{} }, false, false, ""},
		{"nothing entered", true, false, func(in *LKEInput) { in.Achievement, in.Areas = "", nil }, true, false, "I.a"},
	} {
		in := in
		in.ShortIPAK, in.ShortIPKP = tc.ipak, tc.ipkp
		if tc.set != nil {
			tc.set(&in)
		}
		v := score(t, in).WBK
		var rows []string
		for _, x := range v.Tests {
			if x.Provisional {
				rows = append(rows, x.Row)
			}
		}
		if v.Provisional != tc.provisional || v.Tentative() != tc.tentative || strings.Join(rows, " ") != tc.rows {
			t.Errorf("%s: provisional %v, tentative %v, rows %v", tc.name, v.Provisional, v.Tentative(), rows)
		}
	}
}
