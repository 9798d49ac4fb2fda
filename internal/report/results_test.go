package report

import (
	"encoding/json"
	"strings"
	"testing"

	"persepsi/analytics"
	"persepsi/survey"
)

func TestAPublishedSheetIsReproducedByEveryMethod(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ method, shown4, shown2, mutu string }{
		{"exact", "91.4751", "91.48", "A"},
		{"w0.11", "90.5603", "90.56", "A"},
		{"w0.111", "91.3836", "91.38", "A"},
	} {
		t.Run(tc.method, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "skm-9", "{ikm: "+tc.method+"}")
			w.answer(t, "u1", officeRows()...)
			x := w.results(t, Scope{Audience: Live, Unit: "u1"}).Units[0].Indexes[analytics.IKM]
			if got := analytics.Shown(x.ExactValue, 4); got != tc.shown4 || x.Shown != tc.shown2 || x.Mutu != tc.mutu || x.Method != tc.method+"@1" {
				t.Errorf("IKM = %s, shown %s, %s by %s; want %s, %s, %s", got, x.Shown, x.Mutu, x.Method, tc.shown4, tc.shown2, tc.mutu)
			}
		})
	}
}

func TestTheReconciliationTellsWhatTheOldSheetShows(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.answer(t, "u1", officeRows()...)
	x := w.results(t, Scope{Audience: Live, Unit: "u1", Explain: true}).Units[0].Indexes[analytics.IKM]
	got := map[string]string{}
	for _, r := range x.Reconciliation {
		got[r.Method] = r.Shown
	}
	if got["w0.11@1"] != "90.56" || got["w0.111@1"] != "91.38" || got["w0.1111@1"] != "91.47" || len(got) != 3 {
		t.Errorf("reconciliation = %v", got)
	}
	steps := strings.Join(x.Explanation.Steps, "\n")
	for _, want := range []string{"persyaratan: 105 / 29 → 3.620690", "k = 9, weight = 1/9", "91.475096 → 91.48", "91.48 → A"} {
		if !strings.Contains(steps, want) {
			t.Errorf("explanation lacks %q:\n%s", want, steps)
		}
	}
}

func TestOneRespondentIsShownButNotAdequate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.answer(t, "u1", "444444444")
	u := w.results(t, Scope{Audience: Live, Unit: "u1"}).Units[0]
	x := u.Indexes[analytics.IKM]
	if x.Shown != "100.00" || x.N != 1 || u.Sample.Adequate || *u.Sample.Needed != 249 {
		t.Errorf("IKM = %s, n = %d, sample = %+v", x.Shown, x.N, u.Sample)
	}
	if x.CI95[0] > 60 || x.CI95[1] != 100 {
		t.Errorf("interval of one answer = %v, want a wide one", x.CI95)
	}
}

func TestConversionsOfTheSixStepScale(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		instrument, method string
		rows               []string
		ipak, points       string
	}{
		{"spak-5", "{}", []string{"44444", "44443", "34444", "44434"}, "3.850000", "16.843750"},
		{"spak-5-s6", "{}", []string{"66666", "55555"}, "3.666667", "16.041667"},
		{"spak-5-s6", "{ipak: linear}", []string{"66666", "55555"}, "3.700000", "16.187500"},
	} {
		w := newWorld(t, tc.instrument, tc.method)
		w.answer(t, "u1", tc.rows...)
		u := w.results(t, Scope{Audience: Live, Unit: "u1"}).Units[0]
		if got := analytics.Shown(u.Indexes[analytics.IPAK].ExactMean, 6); got != tc.ipak {
			t.Errorf("%s %s: analytics.IPAK = %s, want %s", tc.instrument, tc.method, got, tc.ipak)
		}
		if got := analytics.Shown(u.LKE.IA.Exact, 6); got != tc.points {
			t.Errorf("%s %s: points = %s, want %s", tc.instrument, tc.method, got, tc.points)
		}
		if u.Indexes[analytics.IPAK].CI95[0] > u.Indexes[analytics.IPAK].Value || u.Indexes[analytics.IPAK].CI95[1] < u.Indexes[analytics.IPAK].Value || u.Indexes[analytics.IPAK].CI95[1] > 4 {
			t.Errorf("%s: interval %v does not hold %v", tc.instrument, u.Indexes[analytics.IPAK].CI95, u.Indexes[analytics.IPAK].Value)
		}
	}
}

func TestAMissingAnswerCountsInNeitherSumNorN(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.answer(t, "u1", "444444444", "-22222222")
	x := w.results(t, Scope{Audience: Live, Unit: "u1"}).Units[0].Indexes[analytics.IKM]
	if a := x.Aspects[0]; a.Sum != 4 || a.N != 1 || *a.Mean != 4 {
		t.Errorf("aspect = %+v, want sum 4 of one answer", a)
	}
	// (4 + 8×3)/9 × 25
	if x.ExactValue.Cmp(analytics.NewRatio(28*25, 9)) != 0 {
		t.Errorf("IKM = %s, want 700/9", x.ExactValue.String())
	}
}

func TestAnUnsurThatNobodyAnsweredIsLeftOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.answer(t, "u1", "333-33333", "444-44444")
	x := w.results(t, Scope{Audience: Live, Unit: "u1"}).Units[0].Indexes[analytics.IKM]
	if x.Shown != "87.50" {
		t.Errorf("IKM = %s, want 87.50 of eight unsur", x.Shown)
	}
}

func TestOneFormFeedsThreeIndexes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "terpadu-16", "{}")
	form := w.directory.Form("p")
	row := make([]int, len(form.Questions))
	for q, question := range form.Questions {
		row[q] = 4
		switch question.Code {
		case "informasi", "respon": // IPKP alone
			row[q] = 2
		case "produk": // IKM alone
			row[q] = 1
		case "pungli": // IPAK alone
			row[q] = 3
		case "arahan":
			row[q] = 2
		}
	}
	w.answer(t, "u1", string(survey.MakeMarks(row)))
	u := w.results(t, Scope{Audience: Live, Unit: "u1"}).Units[0]
	for code, want := range map[string]analytics.Ratio{analytics.IKM: analytics.NewRatio(33, 9), analytics.IPKP: analytics.NewRatio(28, 8), analytics.IPAK: analytics.NewRatio(19, 5)} {
		if got := u.Indexes[code].ExactMean; got.Cmp(want) != 0 {
			t.Errorf("%s = %s, want %s", code, got.String(), want.String())
		}
	}
	if got := u.Signals["arahan"]; len(got) != 3 || got[2] != 1 {
		t.Errorf("signals = %v", u.Signals)
	}
}

func TestPublicResultsHideWhatTheEvaluatorEntered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "terpadu-16", "{}")
	w.store.evaluations = []analytics.Evaluation{{Period: "p", Unit: "u1", Version: 1, Achievement: "A", Pengungkit: "47.875", Who: "TPI", Why: "uji"}}
	w.answer(t, "u1", "4444444444444444-")
	public := w.results(t, Scope{Audience: Public}).Units[0]
	full := w.results(t, Scope{Audience: Live}).Units[0]
	if public.LKE.IB != nil || public.Evaluation != nil || public.Signals != nil {
		t.Errorf("public: I.b = %v, evaluation = %v, signals = %v", public.LKE.IB, public.Evaluation, public.Signals)
	}
	if full.LKE.IB == nil || full.LKE.IB.Points != 5 || full.LKE.Total.Points != 87.875 {
		t.Errorf("full: analytics.LKE = %+v", full.LKE)
	}
}

func TestTheJSONHasTheContractsShape(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.answer(t, "u1", officeRows()...)
	data, err := w.results(t, Scope{Audience: Live}).AppendJSON(nil)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Period, Instrument string
		Sealed             *bool
		Units              []struct {
			Agency, Unit string
			Responses    struct {
				Valid, Excluded int
				ByMode          map[string]int `json:"by_mode"`
			}
			Sample struct {
				Population, Needed int
				Adequate           *bool
			}
			Indexes map[string]*struct {
				Value, Mean   float64
				Mutu, Kinerja string
				CI95          []float64
				N             int
				Method        string
				Aspects       []struct {
					Code   string
					Sum, N int
					Mean   float64
				}
			}
			LKE map[string]json.RawMessage
		}
		Agencies []struct {
			Agency  string
			Indexes map[string]*struct {
				Value    float64
				UnitMean float64 `json:"unit_mean"`
			}
		}
		City struct {
			Indexes map[string]*struct{ Value float64 }
		}
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatalf("%v:\n%s", err, data)
	}
	u := got.Units[0]
	x := u.Indexes["ikm"]
	if got.Instrument != "skm-9@2" || got.Sealed == nil || u.Responses.Valid != 29 || u.Responses.ByMode["paper"] != 29 ||
		u.Sample.Population != 703 || u.Sample.Needed != 249 || *u.Sample.Adequate ||
		x.Value < 91.475095 || x.Value > 91.475097 || x.Mutu != "A" || x.Kinerja != "sangat baik" || x.N != 29 || len(x.CI95) != 2 ||
		x.Aspects[0].Code != "persyaratan" || x.Aspects[0].Sum != 105 || x.Aspects[0].Mean < 3.62068 {
		t.Errorf("results = %s", data)
	}
	if string(u.LKE["I.b"]) != "null" || !strings.Contains(string(u.LKE["wbk"]), `"missing":true`) {
		t.Errorf("LKE = %s", u.LKE)
	}
	if got.Units[1].Indexes["ikm"] != nil {
		t.Error("a unit without answers has an index")
	}
	if got.Agencies[0].Indexes["ikm"].UnitMean != x.Value || got.City.Indexes["ikm"].Value != x.Value {
		t.Errorf("agency %+v, city %+v", got.Agencies[0].Indexes["ikm"], got.City.Indexes["ikm"])
	}
}

func TestPooledFiguresWeighAnswersAndUnitMeanWeighsUnits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.answer(t, "u1", "444444444", "444444444", "444444444")
	w.answer(t, "u2", "222222222")
	x := w.results(t, Scope{Audience: Live}).City.Indexes[analytics.IKM]
	if x.Shown != "87.50" || *x.UnitMean != 75 {
		t.Errorf("pooled %s, unit mean %v; want 87.50 and 75", x.Shown, *x.UnitMean)
	}
}

func TestUnknownScopesAreNotFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	for _, s := range []Scope{{Period: "x"}, {Period: "p", Unit: "x"}, {Period: "p", Agency: "x"}} {
		if _, err := w.builder.Figures().Results(s); survey.CodeOf(err) != survey.NotFound {
			t.Errorf("%+v: err = %v, want NotFound", s, err)
		}
	}
}

func TestResultsFollowNewAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "skm-9", "{}")
	w.answer(t, "u1", "222222222")
	first := w.results(t, Scope{Audience: Live})
	w.answer(t, "u1", "222222222", "444444444")
	second := w.results(t, Scope{Audience: Live})
	if first.Units[0].Indexes[analytics.IKM].Shown != "50.00" || second.Units[0].Indexes[analytics.IKM].Shown != "75.00" {
		t.Errorf("first %s, second %s", first.Units[0].Indexes[analytics.IKM].Shown, second.Units[0].Indexes[analytics.IKM].Shown)
	}
}
