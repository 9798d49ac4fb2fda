package api

import (
	"encoding/json"
	"reflect"
	"testing"

	"persepsi/analytics"
	"persepsi/internal/lke"
	"persepsi/internal/report"
)

func TestAnIndicatorTellsOfEachIndexWhatItRestsOn(t *testing.T) {
	t.Parallel()
	needed, people := 30, 12
	x := &analytics.Index{
		Value: 3.4, N: 21, Answered: 29, Needed: &needed, SampleFault: analytics.PopulationBelowN, CI95: [2]float64{3.1, 3.6},
		AspectsAnswered: 4, AspectsAll: 5, Method: "exact@1", Regulation: "PermenPANRB 90/2021",
	}
	u := &report.UnitResult{Indexes: map[string]*analytics.Index{analytics.IPAK: x, analytics.IPKP: nil}}
	u.Sample.Population, u.Sample.Fault = &people, analytics.PopulationBelowN
	got := newIndicator(2026, u)
	want := &sureness{
		Value: 3.4, N: 21, Needed: &needed, SampleFault: "population_below_n", CI95: [2]float64{3.1, 3.6}, AspectsAnswered: 4, AspectsAll: 5, Basis: "PermenPANRB 90/2021",
	}
	if !reflect.DeepEqual(got.Indexes[analytics.IPAK], want) {
		t.Errorf("IPAK: %+v, want %+v", got.Indexes[analytics.IPAK], want)
	}
	if got.Indexes[analytics.IPKP] != nil || got.IPKP != nil || *got.IPAK != 3.4 {
		t.Errorf("no answers to IPKP: %+v", got)
	}
	y := *x
	y.Value, u.Indexes[analytics.IPKP], u.Evaluation = 3.2, &y, &analytics.Evaluation{Version: 3}
	if both := newIndicator(2026, u); both.IPKP == nil || *both.IPKP != 3.2 || both.Version != 3 || got.Version != 0 {
		t.Errorf("of both, with an entry: %+v", both)
	}
	if got.Fault != "population_below_n" || *got.Population != 12 {
		t.Errorf("people served: %v, %q", got.Population, got.Fault)
	}
	if x.Adequate, x.SampleFault = true, ""; !surenessOf(x).Adequate {
		t.Error("an adequate index is told as one that is not")
	}
}

// Points are numbers, of the whole or of each area; a text is none, even one that reads like one.
func TestPointsAreNumbersOfTheWholeOrOfEachArea(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]*lke.Pengungkit{
		"47.875": {Total: "47.875"}, `{"sdm":8.5}`: {Areas: map[string]string{"sdm": "8.5"}}, "{}": {Areas: map[string]string{}}, "": nil, `"47.875"`: nil, "true": nil, "[1]": nil,
	} {
		body := entryBody{Pengungkit: json.RawMessage(sent)}
		got := body.draft()
		if faulty := want == nil && sent != ""; !reflect.DeepEqual(got.Pengungkit, want) || (len(got.Faults) == 1) != faulty {
			t.Errorf("%q: %+v, faults %v", sent, got.Pengungkit, got.Faults)
		}
	}
}
