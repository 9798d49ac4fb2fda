package main

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestARowTellsMediansAndWhetherTargetsAreMet(t *testing.T) {
	t.Parallel()
	r := &Report{Faults: map[string]int64{}}
	model := Row{What: "submissions", Answers: 10_000, Clients: 64, Unit: "/s", Of: "fsync", Targets: []Target{{Figure: "ratio", Least: 0.75}, {Figure: "tail", Most: 2}}}
	for _, round := range []Round{
		{Value: 300, P50: 3, P95: 5, P99: 30, Ratio: 0.9, Tail: 3},
		{Value: 20_000, P50: 1, P95: 4, P99: 10, Ratio: 0.7, Tail: 1},
		{Value: 1500, P50: 2, P95: 6, P99: 20, Ratio: 0.8, Tail: 2.5},
	} {
		row := r.row(model)
		row.Rounds = append(row.Rounds, round)
	}
	if len(r.Rows) != 1 {
		t.Fatalf("%d rows, want 1", len(r.Rows))
	}
	got := r.Rows[0].markdown()
	want := "| submissions | 10,000 | 64 | 1,500 /s | 300 – 20,000 | 2.00 / 5.00 / 20.0 |  | 0.80 × fsync, p99 2.50 × | ≥ 0.75 × met; p99 ≤ 2.00 × that of fsync **missed** |\n"
	if got != want {
		t.Errorf("row:\n%swant:\n%s", got, want)
	}
}

func TestATargetIsMetByEitherOfTwoFigures(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name       string
		ratio, p95 float64
		want       string
	}{
		{"by the ratio", 2.5, 90, "≤ 3.00 × or p95 ≤ 50.0 ms met"},
		{"by the time", 8, 40, "≤ 3.00 × or p95 ≤ 50.0 ms met"},
		{"by none", 8, 90, "≤ 3.00 × or p95 ≤ 50.0 ms **missed**"},
	} {
		row := Row{Of: "p95 of /healthz", Rounds: []Round{{Ratio: tc.ratio, P95: tc.p95}}}
		if got := (Target{Figure: "ratio", Most: 3, Or: &Target{Figure: "p95", Most: 50}}).text(&row); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

func TestARoundIsComparedWithItsReference(t *testing.T) {
	t.Parallel()
	sampled := func(replies int, took time.Duration) *sample {
		s := &sample{elapsed: time.Second}
		for range replies {
			s.latency.add(took)
		}
		return s
	}
	got, reference := sampled(50, 30*time.Millisecond), sampled(100, 10*time.Millisecond)
	var fast, soon Row
	fast.asFast(got, reference)
	soon.asSoon(got, reference)
	near := func(got, want float64) bool { return math.Abs(got-want) < 0.03*want }
	if r := fast.Rounds[0]; r.Value != 50 || !near(r.Ratio, 0.5) || !near(r.Tail, 3) {
		t.Errorf("rate by rate: %+v, want half as many and a p99 three times as long", r)
	}
	if r := soon.Rounds[0]; r.Value != 50 || !near(r.Ratio, 3) || r.Tail != 0 {
		t.Errorf("p95 by p95: %+v, want three times as long", r)
	}
}

func TestTheMedianOfAnEvenNumberOfRoundsIsBetweenTheMiddleTwo(t *testing.T) {
	t.Parallel()
	r := Row{Rounds: []Round{{Value: 4}, {Value: 1}, {Value: 3}, {Value: 100}}}
	if got := r.median("value"); got != 3.5 {
		t.Errorf("median = %v, want 3.5", got)
	}
}

func TestAReportIsWrongWhereRepliesWereWrongOrAnswersAreMissing(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		report Report
		want   string
	}{
		{"nothing wrong", Report{Accounts: []Account{{"a", 10, 5, 15}}}, ""},
		{"a fault", Report{Faults: map[string]int64{"status 503 instead of 201": 2}}, "2 × status 503 instead of 201"},
		{"an answer lost", Report{Accounts: []Account{{"a", 10, 5, 14}}}, "a: 10 + 5 acknowledged, 14 stored"},
		{"an answer too many", Report{Accounts: []Account{{"a", 10, 5, 16}}}, "16 stored"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			err := tc.report.wrong()
			if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
				t.Errorf("err = %v, want %q", err, tc.want)
			}
			var b strings.Builder
			if err := tc.report.Markdown(&b); err != nil {
				t.Fatal(err)
			}
			if bad := strings.Contains(b.String(), "differs") || !strings.Contains(b.String(), "not right: none"); bad != (tc.want != "") {
				t.Errorf("the table says:\n%s", b.String())
			}
		})
	}
}

func TestEachStoreHasADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ uri, want string }{
		{"mongodb://127.0.0.1:27017", "mongodb://127.0.0.1:27017/persepsi_bench_answers_10"},
		{"mongodb://a:1,b:2/city?replicaSet=rs0", "mongodb://a:1,b:2/city_answers_10?replicaSet=rs0"},
		{"mongodb+srv://u:p@host/?tls=true", "mongodb+srv://u:p@host/persepsi_bench_answers_10?tls=true"},
	} {
		if got, err := database(tc.uri, "answers-10"); err != nil || got != tc.want {
			t.Errorf("%s: %s, %v, want %s", tc.uri, got, err, tc.want)
		}
	}
	if _, err := database("localhost", "x"); err == nil {
		t.Error("an address without a scheme was taken")
	}
}
