package view

import (
	"strconv"
	"testing"

	"persepsi/internal/desk"
)

func TestAPageListsSomeItemsAndCountsTheRest(t *testing.T) {
	t.Parallel()
	p := &desk.Period{Code: "p"}
	var items []desk.Item
	for n, kind := range []desk.Kind{desk.UnitSilent, desk.Burst, desk.Fall, desk.SampleMissed, desk.PopulationMissing, desk.PeriodEnds, desk.CommentsUnread} {
		items = append(items, desk.Item{Kind: kind, Units: 1, Unit: strconv.Itoa(n), Period: p})
	}
	for _, one := range []struct {
		all          bool
		most, listed int
		more         int
	}{{false, 7, 5, 0}, {false, 5, 5, 0}, {false, 3, 3, 2}, {true, 3, 5, 0}} {
		got := NewAttention(items, one.all, one.most)
		if len(got.Urgent) != one.listed || got.More != one.more || got.Total() != 5 {
			t.Errorf("%+v: %d listed, %d more", one, len(got.Urgent), got.More)
		}
	}
	if none := NewAttention(nil, false, 3); none.Total() != 0 {
		t.Errorf("of nothing: %+v", none)
	}
}

func TestOfManyUnitsThreeAreNamed(t *testing.T) {
	t.Parallel()
	list := make([]desk.Item, 5)
	for _, one := range []struct {
		all                   bool
		alike, named, unnamed int
	}{{false, 3, 3, 0}, {false, 4, 3, 1}, {false, 5, 3, 2}, {true, 5, 5, 0}, {false, 0, 0, 0}} {
		a, i := Attention{AllItems: one.all}, desk.Item{Alike: list[:one.alike]}
		if len(a.Named(i)) != one.named || a.Unnamed(i) != one.unnamed {
			t.Errorf("%+v: %d named, %d not", one, len(a.Named(i)), a.Unnamed(i))
		}
	}
}

// Units that nothing happened to are taken over from an earlier desk, with its periods.
func TestUnitsOfOnePeriodStandInOneWhicheverDeskTheyAreFrom(t *testing.T) {
	t.Parallel()
	unit := func(period string, state desk.State) *DeskUnit {
		return &DeskUnit{Unit: &desk.Unit{Period: &desk.Period{Code: period}, State: state}}
	}
	if together([]*DeskUnit{unit("p", desk.Running), unit("p", desk.Running)}) == nil {
		t.Error("two units of one period are told to stand in several")
	}
	if together([]*DeskUnit{unit("p", desk.Running), unit("q", desk.Running)}) != nil || together([]*DeskUnit{unit("p", desk.Final), unit("p", desk.Closing)}) != nil {
		t.Error("units of two periods or states are told to stand in one")
	}
}
