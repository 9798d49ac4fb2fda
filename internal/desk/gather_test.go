package desk

import (
	"slices"
	"testing"
)

// What stands for many units is one thing to look at, and each of them is found in it.
func TestWhatMoreThanThreeUnitsHaveInCommonIsOneThing(t *testing.T) {
	t.Parallel()
	p, q := &Period{Code: "p"}, &Period{Code: "q"}
	item := func(kind Kind, agency, unit string, of *Period) Item {
		return Item{Kind: kind, Units: 1, Agency: agency, AgencyName: "Dinas " + agency, Unit: unit, UnitName: "Unit " + unit, Period: of, Target: Target{Unit: unit, Agency: agency, Period: of.Code, Point: "P"}}
	}
	three := []Item{item(PointSilent, "a", "1", p), item(PointSilent, "a", "1", p), item(PointSilent, "a", "2", p), item(PointSilent, "a", "3", p)}
	if got := Gather(three); len(got) != 4 || len(got[0].Alike) != 0 {
		t.Errorf("four points of three units: %q", kinds(got))
	}
	four := slices.Concat(three, []Item{item(Burst, "a", "9", p), item(PointSilent, "a", "4", p), item(PointSilent, "b", "4", q)})
	got := Gather(four)
	wantKinds(t, "of four units", got, "point_silent", "burst 9", "point_silent 4")
	if one := got[0]; one.Units != 4 || len(one.Alike) != 5 || one.Alike[0].Unit != "1" || one.Alike[4].Unit != "4" || one.Unit != "" || one.UnitName != "" || one.AgencyName != "Dinas a" || one.Target != (Target{Agency: "a", Period: "p"}) {
		t.Errorf("%+v", one)
	}
	if got[2].Alike != nil || got[2].Period != q {
		t.Errorf("another period's is told with the others: %+v", got[2])
	}
	// Units of two agencies may have one code; what is of several has no agency.
	got = Gather(slices.Concat(three[2:], []Item{item(PointSilent, "b", "3", p), item(PointSilent, "c", "1", p)}))
	if len(got) != 1 || got[0].Units != 4 || got[0].Agency != "" || got[0].AgencyName != "" || got[0].Target.Agency != "" {
		t.Errorf("of several agencies: %+v", got)
	}
	if got := Gather(nil); len(got) != 0 {
		t.Errorf("of nothing: %+v", got)
	}
}

func TestAnItemOfAllUnitsKeepsEachOfThem(t *testing.T) {
	t.Parallel()
	p := &Period{Code: "p"}
	item := func(unit string) Item {
		return Item{Kind: PopulationMissing, Units: 1, Agency: "a", Unit: unit, UnitName: "Unit " + unit, Period: p, Target: Target{Unit: unit}}
	}
	if got := fold([]Item{item("1")}); len(got) != 1 || len(got[0].Alike) != 0 || got[0].Unit != "1" {
		t.Errorf("one: %+v", got)
	}
	got := fold([]Item{item("1"), item("2"), item("3")})
	if len(got) != 1 || len(got[0].Alike) != 3 || got[0].Alike[0].Unit != "1" || got[0].Alike[2].Target.Unit != "3" {
		t.Errorf("three: %+v", got)
	}
}

func TestWhatManyUnitsShareWeighsAsAllOfThem(t *testing.T) {
	t.Parallel()
	item := func(period string, n int) Item {
		return Item{Kind: CommentsUnread, Units: 1, Count: n, weight: float64(n), Period: &Period{Code: period}}
	}
	got := fold([]Item{item("q", 5), item("p", 3), item("p", 4)})
	if len(got) != 2 || got[0].Period.Code != "p" || got[0].Count != 7 || got[0].Units != 2 || got[1].Count != 5 {
		t.Errorf("seven unread comments stand after five: %+v", got)
	}
}
