package analytics

import (
	"math/big"
	"strings"

	"persepsi/survey"
)

// LKEInput is what a unit's evaluation sheet is filled with.
type LKEInput struct {
	// IPAK and IPKP are unrounded, 0..4; nil where there are no answers.
	IPAK, IPKP *big.Rat
	// Achievement is the level A..E of capaian kinerja, empty where missing.
	Achievement string
	// Pengungkit is the total, 0..60; nil where missing or given by area.
	Pengungkit *big.Rat
	// Areas are the points of the six areas, as far as they are known.
	Areas map[string]*big.Rat
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
	Points float64  `json:"points"`
	Shown  string   `json:"shown"`
	Exact  *big.Rat `json:"-"`
}

// Verdict is the outcome of all tests of WBK or WBBM.
type Verdict struct {
	// Passed is false when any test fails, else null when any input is
	// missing, else true.
	Passed *bool  `json:"passed"`
	Tests  []Test `json:"tests"`
}

// Test compares one row with its minimum.
type Test struct {
	Row     string   `json:"row"`
	Minimum float64  `json:"minimum"`
	Points  *float64 `json:"points"`
	Shown   string   `json:"shown,omitempty"` // with as many digits as tell it from the minimum
	Passed  *bool    `json:"passed"`
	Missing bool     `json:"missing,omitempty"`
	// Distance is points − minimum: negative points are still to be gained.
	Distance *float64 `json:"distance"`
	// IndexDistance is the same in units of IPAK or IPKP, for I.a and II.
	IndexDistance *float64 `json:"index_distance,omitempty"`
	// Short is what lacks to the minimum, as shown; IndexShort the same in
	// units of IndexName.
	Short      string `json:"-"`
	IndexShort string `json:"-"`
	IndexName  string `json:"-"`
	// Unverified marks a minimum whose source was not seen.
	Unverified bool `json:"unverified,omitempty"`
}

// Missing reports whether no verdict is possible yet.
func (v Verdict) Missing() bool { return v.Passed == nil }

// OK reports whether every test is passed.
func (v Verdict) OK() bool { return v.Passed != nil && *v.Passed }

// OK reports whether the test is passed.
func (t Test) OK() bool { return t.Passed != nil && *t.Passed }

// Score fills a sheet: I.a = IPAK/4 × 17.5, I.b = 5 × the level's share,
// II = IPKP/4 × 17.5. IPAK 3.00, level A and IPKP 3.00 give 13.125 + 5 and
// 13.125. Errors: Invalid, naming each input that is out of its range.
func (t *LKETable) Score(in LKEInput) (LKE, error) {
	total, faults := t.check(in)
	if err := survey.Faulty("the evaluation sheet cannot be filled", faults); err != nil {
		return LKE{}, err
	}
	var out LKE
	v := values{areas: in.Areas, pengungkit: total}
	if in.IPAK != nil {
		v.ia = quo(mul(in.IPAK, t.IAMax.Rat), t.IndexMax.Rat)
		out.IA = row(v.ia, t.IAMax.Rat)
		out.IA.Index = number(in.IPAK)
	}
	if in.Achievement != "" {
		v.ib = mul(t.Levels[in.Achievement].Rat, t.IBMax.Rat)
		out.IB = row(v.ib, t.IBMax.Rat)
		out.IB.Level = in.Achievement
	}
	if in.IPKP != nil {
		v.ii = quo(mul(in.IPKP, t.IIMax.Rat), t.IndexMax.Rat)
		out.II = row(v.ii, t.IIMax.Rat)
		out.II.Index = number(in.IPKP)
	}
	v.i = sum(v.ia, v.ib)
	if v.i != nil {
		out.I = row(v.i, add(t.IAMax.Rat, t.IBMax.Rat))
	}
	hasil := sum(v.i, v.ii)
	v.total = sum(hasil, v.pengungkit)
	out.Hasil, out.Pengungkit, out.Total = figure(hasil), figure(v.pengungkit), figure(v.total)
	out.WBK, out.WBBM = t.judge(&t.WBK, v), t.judge(&t.WBBM, v)
	return out, nil
}

// check returns the total of the pengungkit, nil where it isn't known, and every
// input out of its range.
func (t *LKETable) check(in LKEInput) (*big.Rat, []survey.Fault) {
	var faults []survey.Fault
	bad := func(field, message string) {
		faults = append(faults, survey.Fault{Field: field, Code: "out_of_range", Message: message})
	}
	within := func(field string, x, most *big.Rat) {
		if x != nil && (x.Sign() < 0 || x.Cmp(most) > 0) {
			bad(field, "must be from 0 to "+most.FloatString(0))
		}
	}
	within("ipak", in.IPAK, t.IndexMax.Rat)
	within("ipkp", in.IPKP, t.IndexMax.Rat)
	if _, ok := t.Levels[in.Achievement]; in.Achievement != "" && !ok {
		bad("capaian_kinerja", "must be A, B, C, D or E")
	}
	most, areas := new(big.Rat), new(big.Rat)
	known := map[string]bool{}
	complete := true
	for _, a := range t.Areas {
		most.Add(most, a.Max.Rat)
		known[a.Code] = true
		x := in.Areas[a.Code]
		if x == nil {
			complete = false
			continue
		}
		within("pengungkit."+a.Code, x, a.Max.Rat)
		areas.Add(areas, x)
	}
	for code := range in.Areas {
		if !known[code] {
			bad("pengungkit."+survey.Printable(code), "is none of "+strings.Join(t.areaCodes(), ", "))
		}
	}
	within("pengungkit", in.Pengungkit, most)
	switch {
	case in.Pengungkit == nil && complete:
		return areas, faults
	case in.Pengungkit != nil && complete && areas.Cmp(in.Pengungkit) != 0:
		bad("pengungkit", "must be the sum of the areas, "+areas.FloatString(4))
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

// values are the exact points behind the tests; nil: missing.
type values struct {
	ia, ib, i, ii, pengungkit, total *big.Rat
	areas                            map[string]*big.Rat
}

func (t *LKETable) judge(m *minima, v values) Verdict {
	var out Verdict
	test := func(row string, points *big.Rat, min *big.Rat, unverified bool, indexMax *big.Rat) {
		x := Test{Row: row, Minimum: float(min), Unverified: unverified}
		if points == nil {
			x.Missing = true
		} else {
			passed := points.Cmp(min) >= 0
			x.Points, x.Passed, x.Distance = number(points), &passed, number(sub(points, min))
			x.Shown = telling(points, min)
			zero := new(big.Rat)
			if !passed {
				x.Short = telling(sub(min, points), zero)
			}
			if indexMax != nil {
				index := quo(mul(sub(points, min), t.IndexMax.Rat), indexMax)
				x.IndexDistance = number(index)
				if !passed {
					x.IndexShort, x.IndexName = telling(new(big.Rat).Neg(index), zero), indexName(row)
				}
			}
		}
		out.Tests = append(out.Tests, x)
	}
	test("total", v.total, m.Total.Value.Rat, m.Total.Check, nil)
	test("pengungkit", v.pengungkit, m.Pengungkit.Value.Rat, m.Pengungkit.Check, nil)
	for _, a := range t.Areas {
		test("pengungkit."+a.Code, v.areas[a.Code], mul(m.AreaShare.Value.Rat, a.Max.Rat), m.AreaShare.Check, nil)
	}
	test("I", v.i, m.I.Value.Rat, m.I.Check, nil)
	test("I.a", v.ia, m.IA.Value.Rat, m.IA.Check, t.IAMax.Rat)
	test("I.b", v.ib, m.IB.Value.Rat, m.IB.Check, nil)
	test("II", v.ii, m.II.Value.Rat, m.II.Check, t.IIMax.Rat)
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

// indexName returns the index behind a row that has one.
func indexName(row string) string {
	if row == "I.a" {
		return strings.ToUpper(IPAK)
	}
	return strings.ToUpper(IPKP)
}

// telling writes points with two decimals, or with as many more as it takes to
// tell them from a minimum that they don't equal: 15.7496, not 15.75.
func telling(points, min *big.Rat) string {
	digits := 2
	for points.Cmp(min) != 0 && Round(points, digits).Cmp(min) == 0 {
		digits++
	}
	return Shown(points, digits)
}

func row(points, most *big.Rat) *LKERow {
	return &LKERow{LKEFigure: *figure(points), Max: float(most)}
}

func figure(x *big.Rat) *LKEFigure {
	if x == nil {
		return nil
	}
	return &LKEFigure{Points: float(x), Shown: Shown(x, 2), Exact: x}
}

func number(x *big.Rat) *float64 {
	f := float(x)
	return &f
}

func sum(a, b *big.Rat) *big.Rat {
	if a == nil || b == nil {
		return nil
	}
	return add(a, b)
}
