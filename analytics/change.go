package analytics

import "math"

// ChangeState tells what is to be thought of a change.
type ChangeState string

// States of a change.
const (
	ChangeReal        ChangeState = "real"         // the interval of the difference leaves 0 out
	ChangeUsual       ChangeState = "usual"        // 0 is in it: luck may have made the difference
	ChangeNotCompared ChangeState = "not_compared" // see Change.Why
)

// Change is the difference of two figures of one index: of two periods, or of two spans
// between releases.
type Change struct {
	State ChangeState `json:"state"`
	// Why tells what stands in the way of a comparison: ApartForm, ApartMethod,
	// ApartAspects or ApartUnknown. Empty where there is none.
	Why string `json:"why,omitempty"`
	// Difference is the later figure less the earlier, on the index's own scale: -75..75
	// for IKM, -4..4 otherwise. ShownDifference has two decimals and a sign, none for 0.
	Difference      float64 `json:"difference"`
	ShownDifference string  `json:"shown_difference,omitempty"`
	// CI95 is the 95 % interval of the difference, Method how it was computed.
	CI95   [2]float64 `json:"ci95"`
	Method string     `json:"method,omitempty"`

	Exact Ratio `json:"-"` // Difference
}

// changeMethod names how the interval of a difference is computed. The number changes with
// the method.
const changeMethod = "mover@1"

// Changed compares a figure with an earlier one of the same index. Their answers must not
// be the same: of a period that goes on, compare the spans between releases, not a release
// with the one before it, which it holds.
//
// The 95 % interval of the difference d = after − before joins the distances of both
// figures' own limits l..u (MOVER, the method of variance estimates recovery: Zou and
// Donner 2008, after Newcombe 1998):
//
//	d − √((after−l_after)² + (u_before−before)²) .. d + √((u_after−after)² + (before−l_before)²)
//
// So it is as lopsided as these are near the end of the scale, and has a width where all
// agree. Both are taken to be of other people. Whether some answered both times is not
// known and nobody can be asked; as one person's opinions are alike, the difference would
// then be known better, and the interval is too wide rather than too narrow.
//
// Of twenty changes that are none, one is called real by luck: so many figures a page
// compares, so many twentieths it has to expect.
//
// 3.50 (3.40..3.58) and then 3.62 (3.54..3.68) differ by 0.12 (0.0068..0.2367): real.
func Changed(before, after *Figure) Change {
	if why := after.apart(before); why != "" {
		return Change{State: ChangeNotCompared, Why: why}
	}
	d := after.exact.Sub(before.exact)
	out := Change{State: ChangeUsual, Difference: d.Float64(), ShownDifference: signed(d), Method: changeMethod, Exact: d}
	out.CI95 = mover(before.Value, before.CI95, after.Value, after.CI95)
	if out.CI95[0] > 0 || out.CI95[1] < 0 {
		out.State = ChangeReal
	}
	return out
}

// mover returns the interval of after − before out of their own, rounded outwards to 0.0001.
func mover(before float64, ofBefore [2]float64, after float64, ofAfter [2]float64) [2]float64 {
	d := after - before
	lo := d - math.Hypot(after-ofAfter[0], ofBefore[1]-before)
	hi := d + math.Hypot(ofAfter[1]-after, before-ofBefore[0])
	return [2]float64{math.Floor(lo*grid) / grid, math.Ceil(hi*grid) / grid}
}

// signed returns a difference with two decimals and its sign, which 0 has none of.
func signed(d Ratio) string {
	shown := Shown(d, 2)
	if d.Round(2).Sign() > 0 {
		return "+" + shown
	}
	return shown
}
