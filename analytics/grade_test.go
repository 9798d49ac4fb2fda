package analytics

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"persepsi/survey"
)

func TestEveryGradeBeginsAtItsPrintedBound(t *testing.T) {
	t.Parallel()
	grades, err := LoadGrades()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ table, ikm, mutu, kinerja string }{
		{"permenpanrb-14-2017", "100", "A", "sangat baik"},
		{"permenpanrb-14-2017", "88.31", "A", "sangat baik"},
		{"permenpanrb-14-2017", "88.30", "B", "baik"},
		{"permenpanrb-14-2017", "76.61", "B", "baik"},
		{"permenpanrb-14-2017", "76.60", "C", "kurang baik"},
		{"permenpanrb-14-2017", "65.00", "C", "kurang baik"},
		{"permenpanrb-14-2017", "64.99", "D", "tidak baik"},
		{"permenpanrb-14-2017", "25", "D", "tidak baik"},
		{"permenpanrb-14-2017", "24.99", "D", "tidak baik"},
		{"kepmenpan-25-2004", "81.26", "A", "sangat baik"},
		{"kepmenpan-25-2004", "81.25", "B", "baik"},
		{"kepmenpan-25-2004", "62.51", "B", "baik"},
		{"kepmenpan-25-2004", "62.50", "C", "kurang baik"},
		{"kepmenpan-25-2004", "43.76", "C", "kurang baik"},
		{"kepmenpan-25-2004", "43.75", "D", "tidak baik"},
	} {
		got := grades.Table(c.table).Grade(exactly(t, c.ikm))
		if got.Mutu != c.mutu || got.Kinerja != c.kinerja {
			t.Errorf("%s, %s: got %s %s, want %s %s", c.table, c.ikm, got.Mutu, got.Kinerja, c.mutu, c.kinerja)
		}
	}
}

func TestAPeriodKeepsTheTableOfItsTime(t *testing.T) {
	t.Parallel()
	grades, err := LoadGrades()
	if err != nil {
		t.Fatal(err)
	}
	newest := grades.Table("permenpanrb-14-2017")
	for _, c := range []struct {
		name string
		day  survey.Date
		want string
	}{
		{"today", survey.NewDate(2026, 6, 30), "permenpanrb-14-2017"},
		{"first day of the new table", newest.ValidFrom, "permenpanrb-14-2017"},
		{"last day of the old table", newest.ValidFrom - 1, "kepmenpan-25-2004"},
		{"before every table", survey.NewDate(1999, 1, 1), "kepmenpan-25-2004"},
	} {
		if got := grades.At(c.day); got.Name != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got.Name, c.want)
		}
	}
	if got := grades.Table("none"); got != nil {
		t.Errorf("unknown name: got %v, want nil", got)
	}
	for _, table := range grades.list {
		if table.Source == "" || table.Version < 1 {
			t.Errorf("%s lacks its source or version", table.Name)
		}
	}
}

func TestAHigherIndexNeverHasAWorseGrade(t *testing.T) {
	t.Parallel()
	table := testTable(t)
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64Range(2500000, 10000000).Draw(t, "a"), rapid.Int64Range(2500000, 10000000).Draw(t, "b")
		low, high := table.Grade(NewRatio(min(a, b), 100000)), table.Grade(NewRatio(max(a, b), 100000))
		if high.Mutu > low.Mutu { // A sorts before D
			t.Fatalf("%d has %s, %d has %s", min(a, b), low.Mutu, max(a, b), high.Mutu)
		}
	})
}

func TestStabilityNamesEveryOtherGradeTheIntervalTouches(t *testing.T) {
	t.Parallel()
	table := testTable(t)
	for _, c := range []struct {
		name   string
		value  string
		lo, hi float64
		grade  string
		could  []string
	}{
		{"sure", "80", 78, 82, "B", nil},
		{"B, could be A", "87", 84, 90, "B", []string{"A"}},
		{"B, could be C", "77", 74, 80, "B", []string{"C"}},
		{"either neighbour", "80", 70, 90, "B", []string{"A", "C"}},
		{"far down", "92", 50, 99, "A", []string{"B", "C", "D"}},
		{"the end is rounded as the value is", "87", 86, 88.305, "B", []string{"A"}},
		{"just short of the end", "87", 86, 88.3049, "B", nil},
		{"no interval left", "88.30", 88.30, 88.30, "B", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := table.Stability(exactly(t, c.value), c.lo, c.hi)
			if got.Grade != c.grade || !slices.Equal(got.Could, c.could) {
				t.Errorf("got %s %v, want %s %v", got.Grade, got.Could, c.grade, c.could)
			}
			if got.Could == nil {
				t.Error("must be an empty list in JSON, not null")
			}
		})
	}
}
