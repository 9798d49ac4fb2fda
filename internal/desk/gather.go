package desk

import "slices"

// urgency orders items, the most urgent first.
func urgency(a, b Item) int {
	switch {
	case a.Kind != b.Kind:
		return int(a.Kind) - int(b.Kind)
	case a.weight > b.weight:
		return -1
	case a.weight < b.weight:
		return 1
	}
	return 0
}

// shared are the kinds of which one item stands for all units of a period.
func (k Kind) shared() bool {
	return k == PopulationMissing || k == PeriodEnds || k == FinalMade || k == CommentsUnread
}

// fold makes one item of those of one shared kind and period, and puts all in order.
func fold(items []Item) []Item {
	type key struct {
		kind   Kind
		period string
	}
	at := map[key]int{}
	var out []Item
	for _, i := range items {
		k := key{i.Kind, i.Period.Code}
		n, ok := at[k]
		if !i.Kind.shared() || !ok {
			at[k] = len(out)
			out = append(out, i)
			continue
		}
		o := &out[n]
		if len(o.Alike) == 0 {
			o.Alike = []Item{*o}
		}
		o.Alike = append(o.Alike, i)
		if o.Agency != i.Agency {
			o.Agency, o.AgencyName, o.Target.Agency = "", "", ""
		}
		o.Unit, o.UnitName, o.Target.Unit, o.Sample = "", "", "", nil
		o.Units += i.Units
		o.Count += i.Count
		o.weight += i.weight
		if i.Kind == FinalMade && *i.Day > *o.Day { // the last of several
			o.Day, o.Days = i.Day, i.Days
		}
	}
	slices.SortStableFunc(out, urgency)
	return out
}

// mostAlike is how many items of one kind are told one by one.
const mostAlike = 3

// Gather makes one item of those of one kind and period that are more than three units', so
// that the same sentence does not stand there for each of them. The items are in the order of
// urgency, and so is what it returns.
func Gather(items []Item) []Item {
	type key struct {
		kind   Kind
		period string
	}
	units := map[key]map[string]bool{}
	for _, i := range items {
		k := key{i.Kind, i.Period.Code}
		if units[k] == nil {
			units[k] = map[string]bool{}
		}
		units[k][i.Agency+"/"+i.Unit] = true
	}
	at := map[key]int{}
	var out []Item
	for _, i := range items {
		k := key{i.Kind, i.Period.Code}
		n := len(units[k])
		if n <= mostAlike {
			out = append(out, i)
			continue
		}
		if _, ok := at[k]; !ok {
			at[k] = len(out)
			one := Item{Kind: i.Kind, Units: n, Agency: i.Agency, AgencyName: i.AgencyName, Period: i.Period, Target: i.Target}
			one.Target.Unit, one.Target.Point, one.Target.Index = "", "", ""
			out = append(out, one)
		}
		o := &out[at[k]]
		if o.Agency != i.Agency {
			o.Agency, o.AgencyName, o.Target.Agency = "", "", ""
		}
		o.Alike = append(o.Alike, i)
	}
	return out
}
