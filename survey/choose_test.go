package survey

import "testing"

func TestThePeriodThatIsShownIsTheOneThatIsAskedForElseTheFirstWithAnswers(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	d, err := NewDirectory(mustApply(t, &Catalogue{}, cityYAML), lib, methods)
	if err != nil {
		t.Fatal(err)
	}
	a, b := &Period{Code: "a"}, &Period{Code: "b"}
	list := []*Period{a, b}
	only := func(code string) func(*Period) bool { return func(p *Period) bool { return p.Code == code } }
	for name, tc := range map[string]struct {
		list  []*Period
		asked string
		with  string
		want  string
	}{
		"the first with answers": {list, "", "b", "b"},
		"none with answers":      {list, "", "", "a"},
		"none":                   {nil, "", "b", ""},
		"asked for":              {list, d.Catalogue().Periods[0].Code, "b", d.Catalogue().Periods[0].Code},
	} {
		got, err := d.Choose(tc.list, tc.asked, only(tc.with))
		if err != nil || (got == nil) != (tc.want == "") || got != nil && got.Code != tc.want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if _, err := d.Choose(list, "no-such", only("b")); CodeOf(err) != NotFound {
		t.Errorf("a period that there is not: %v", err)
	}
}
