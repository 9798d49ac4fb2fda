package analytics

import (
	"slices"
	"strings"

	"persepsi/survey"
)

// LKEInput is what a unit's evaluation sheet is filled with.
type LKEInput struct {
	// IPAK and IPKP are unrounded, 0..4; no number where there are no answers.
	IPAK, IPKP Ratio
	// ShortIPAK and ShortIPKP tell that fewer people answered all of the index than
	// those served need, or that their number is not known or can't be right.
	ShortIPAK, ShortIPKP bool
	// Achievement is the level A..E of capaian kinerja, empty where missing.
	Achievement string
	// Pengungkit is the total, 0..60; no number where missing or told by area.
	Pengungkit Ratio
	// Areas are the points of the six areas, as far as they are known.
	Areas map[string]Ratio
}

// LKE is the result part of a unit's sheet with its points and tests, all
// computed and compared unrounded.
type LKE struct {
	IA         *LKERow    `json:"I.a"`
	IB         *LKERow    `json:"I.b"` // null where capaian kinerja was not entered
	I          *LKERow    `json:"I"`
	II         *LKERow    `json:"II"`
	Hasil      *LKEFigure `json:"hasil"`
	Pengungkit *LKEFigure `json:"pengungkit"`
	Total      *LKEFigure `json:"total"`
	WBK        Verdict    `json:"wbk"`
	WBBM       Verdict    `json:"wbbm"`
}

// LKERow is one row of the sheet.
type LKERow struct {
	Index *float64 `json:"index,omitempty"` // IPAK or IPKP
	Level string   `json:"level,omitempty"` // capaian kinerja
	LKEFigure
	Max float64 `json:"max"`
}

// LKEFigure is a number of points: unrounded, and as shown.
type LKEFigure struct {
	Points float64 `json:"points"`
	Shown  string  `json:"shown"`
	Exact  Ratio   `json:"-"`
}

// Verdict is the outcome of all tests of WBK or WBBM.
type Verdict struct {
	// Passed is false when any test fails, else null when any input is
	// missing, else true.
	Passed *bool `json:"passed"`
	// Provisional tells that an index behind a test is not adequate by its own n:
	// more answers may make another verdict.
	Provisional bool `json:"provisional"`
	// Tests are never changed: rows of many units are the same ones.
	Tests []*Test `json:"tests"`
}

// Test compares one row with its minimum.
type Test struct {
	Row     string   `json:"row"`
	Minimum float64  `json:"minimum"`
	Points  *float64 `json:"points"`
	Shown   string   `json:"shown,omitempty"` // with as many digits as tell it from the minimum
	Passed  *bool    `json:"passed"`
	Missing bool     `json:"missing,omitempty"`
	// Provisional tells that an index behind this row is not adequate.
	Provisional bool `json:"provisional,omitempty"`
	// Distance is points − minimum: negative points are still to be gained.
	Distance *float64 `json:"distance"`
	// IndexDistance is the same in units of IPAK or IPKP, for I.a and II.
	IndexDistance *float64 `json:"index_distance,omitempty"`
	// ShownMinimum is the minimum rounded half up to two decimals.
	ShownMinimum string `json:"-"`
	// Short is what lacks to the minimum, as shown; IndexShort the same in
	// units of IndexName.
	Short      string `json:"-"`
	IndexShort string `json:"-"`
	IndexName  string `json:"-"`
	// Unverified marks a minimum whose source was not seen.
	Unverified bool `json:"unverified,omitempty"`
	// Exact are the points; no number where they are missing.
	Exact Ratio `json:"-"`
}

// Missing reports whether no verdict is possible yet.
func (v Verdict) Missing() bool { return v.Passed == nil }

// OK reports whether every test is passed.
func (v Verdict) OK() bool { return v.Passed != nil && *v.Passed }

// Tentative reports whether the verdict rests on an index that is not adequate: a pass
// always does where there is one, a failure only where no other row fails beside.
func (v Verdict) Tentative() bool {
	if v.Passed == nil || !v.Provisional {
		return false
	}
	return *v.Passed || !slices.ContainsFunc(v.Tests, func(t *Test) bool { return t.Passed != nil && !*t.Passed && !t.Provisional })
}

// OK reports whether the test is passed.
func (t Test) OK() bool { return t.Passed != nil && *t.Passed }

// Score fills a sheet: I.a = IPAK/4 × 17.5, I.b = 5 × the level's share,
// II = IPKP/4 × 17.5. IPAK 3.00, level A and IPKP 3.00 make 13.125 + 5 and
// 13.125. Errors: Invalid, naming each input that is out of its range.
func (t *LKETable) Score(in LKEInput) (LKE, error) {
	total, faults := t.check(in)
	if err := survey.Faulty("the evaluation sheet cannot be filled", faults); err != nil {
		return LKE{}, err
	}
	var out LKE
	v := values{areas: in.Areas, pengungkit: total, short: map[string]bool{"I.a": in.IPAK.Known() && in.ShortIPAK, "II": in.IPKP.Known() && in.ShortIPKP}}
	v.short["I"], v.short["total"] = v.short["I.a"], v.short["I.a"] || v.short["II"]
	if in.IPAK.Known() {
		v.ia = in.IPAK.Mul(t.IAMax).Quo(t.IndexMax)
		out.IA = row(v.ia, t.IAMax)
		out.IA.Index = number(in.IPAK)
	}
	if in.Achievement != "" {
		v.ib = t.Levels[in.Achievement].Mul(t.IBMax)
		out.IB = row(v.ib, t.IBMax)
		out.IB.Level = in.Achievement
	}
	if in.IPKP.Known() {
		v.ii = in.IPKP.Mul(t.IIMax).Quo(t.IndexMax)
		out.II = row(v.ii, t.IIMax)
		out.II.Index = number(in.IPKP)
	}
	v.i = v.ia.Add(v.ib)
	if v.i.Known() {
		out.I = row(v.i, t.IAMax.Add(t.IBMax))
	}
	hasil := v.i.Add(v.ii)
	v.total = hasil.Add(v.pengungkit)
	out.Hasil, out.Pengungkit, out.Total = figure(hasil), figure(v.pengungkit), figure(v.total)
	out.WBK, out.WBBM = t.judge(&t.WBK, v), t.judge(&t.WBBM, v)
	return out, nil
}

// check returns the total of the pengungkit, no number where it isn't known, and
// every input out of its range.
func (t *LKETable) check(in LKEInput) (Ratio, []survey.Fault) {
	var faults []survey.Fault
	bad := func(field, message string) {
		faults = append(faults, survey.Fault{Field: field, Code: "out_of_range", Message: message})
	}
	within := func(field string, x, most Ratio) {
		if x.Known() && (x.Sign() < 0 || x.Cmp(most) > 0) {
			bad(field, "must be from 0 to "+Shown(most, 0))
		}
	}
	within("ipak", in.IPAK, t.IndexMax)
	within("ipkp", in.IPKP, t.IndexMax)
	if _, ok := t.Levels[in.Achievement]; in.Achievement != "" && !ok {
		bad("capaian_kinerja", "must be A, B, C, D or E")
	}
	most, areas := whole(0), whole(0) // areas: no number as soon as one of them is missing
	for _, a := range t.Areas {
		x := in.Areas[a.Code]
		within("pengungkit."+a.Code, x, a.Max)
		most, areas = most.Add(a.Max), areas.Add(x)
	}
	codes := t.areaCodes()
	for code := range in.Areas {
		if !slices.Contains(codes, code) {
			bad("pengungkit."+survey.Printable(code), "is none of "+strings.Join(codes, ", "))
		}
	}
	within("pengungkit", in.Pengungkit, most)
	switch {
	case !in.Pengungkit.Known():
		return areas, faults
	case areas.Known() && areas.Cmp(in.Pengungkit) != 0:
		bad("pengungkit", "must be the sum of the areas, "+Shown(areas, 4))
	}
	return in.Pengungkit, faults
}

func (t *LKETable) areaCodes() []string {
	out := make([]string, len(t.Areas))
	for i, a := range t.Areas {
		out[i] = a.Code
	}
	return out
}

// values are the exact points behind the tests; what is missing is no number.
type values struct {
	ia, ib, i, ii, pengungkit, total Ratio
	areas                            map[string]Ratio
	short                            map[string]bool // rows that an index which is not adequate is behind
}

func (t *LKETable) judge(m *minima, v values) Verdict {
	out := Verdict{Tests: make([]*Test, 0, 6+len(t.Areas))}
	test := func(row string, points Ratio, min minimum, indexMax Ratio) {
		if lacks := m.lacking[row]; lacks != nil && !points.Known() {
			out.Tests = append(out.Tests, lacks)
			return
		}
		x := t.test(row, points, min, indexMax)
		x.Provisional = !x.Missing && v.short[row]
		out.Tests = append(out.Tests, x)
	}
	none := Ratio{} // there is no index behind the row
	test("total", v.total, m.Total, none)
	test("pengungkit", v.pengungkit, m.Pengungkit, none)
	for _, a := range t.Areas {
		least := minimum{Value: m.AreaShare.Value.Mul(a.Max), Check: m.AreaShare.Check}
		test("pengungkit."+a.Code, v.areas[a.Code], least, none)
	}
	test("I", v.i, m.I, none)
	test("I.a", v.ia, m.IA, t.IAMax)
	test("I.b", v.ib, m.IB, none)
	test("II", v.ii, m.II, t.IIMax)
	out.Provisional = v.short["total"]
	passed := true
	missing := false
	for _, x := range out.Tests {
		missing = missing || x.Missing
		passed = passed && (x.Passed == nil || *x.Passed)
	}
	if !passed || !missing {
		out.Passed = &passed
	}
	return out
}

// test compares a row's points with its minimum. indexMax is the number of
// points of a full index, for rows that an index is behind.
func (t *LKETable) test(row string, points Ratio, min minimum, indexMax Ratio) *Test {
	x := &Test{Row: row, Minimum: min.Value.Float64(), ShownMinimum: Shown(min.Value, 2), Unverified: min.Check}
	if !points.Known() {
		x.Missing = true
		return x
	}
	distance := points.Sub(min.Value)
	passed, zero := distance.Sign() >= 0, whole(0)
	x.Exact = points
	x.Points, x.Passed, x.Distance, x.Shown = number(points), &passed, number(distance), telling(points, min.Value)
	if !passed {
		x.Short = telling(distance.Neg(), zero)
	}
	if !indexMax.Known() {
		return x
	}
	index := distance.Mul(t.IndexMax).Quo(indexMax)
	x.IndexDistance = number(index)
	if !passed {
		x.IndexShort, x.IndexName = telling(index.Neg(), zero), indexName(row)
	}
	return x
}

// indexName returns the index behind a row that has one.
func indexName(row string) string {
	if row == "I.a" {
		return strings.ToUpper(IPAK)
	}
	return strings.ToUpper(IPKP)
}

// telling writes points with two decimals, or with as many more as it takes to
// tell them from a minimum that they don't equal: 15.7496, not 15.75.
func telling(points, min Ratio) string {
	return tellingFrom(2, points, min)
}

// tellingFrom is telling with at least so many decimals.
func tellingFrom(digits int, points, min Ratio) string {
	for points.Cmp(min) != 0 && points.Round(digits).Cmp(min) == 0 {
		digits++
	}
	return Shown(points, digits)
}

func row(points, most Ratio) *LKERow {
	return &LKERow{LKEFigure: *figure(points), Max: most.Float64()}
}

func figure(x Ratio) *LKEFigure {
	if !x.Known() {
		return nil
	}
	return &LKEFigure{Points: x.Float64(), Shown: Shown(x, 2), Exact: x}
}

func number(x Ratio) *float64 {
	f := x.Float64()
	return &f
}
