package handlers_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"persepsi/internal/projection"
	"persepsi/internal/testkit"
)

// A reader adds nine answers a day of their own, or many more, and reads the figures all day long, while
// one citizen a day answers. Each day shows one step at most, and no step holds fewer than
// ten people. (That the reader then knows the tenth is said in docs/releases.md.)
func TestAReaderWhoAddsNineAnswersADaySeesOneStepADayOfTenPeople(t *testing.T) {
	t.Parallel()
	for _, own := range []int{9, 24} {
		t.Run(fmt.Sprint(own), func(t *testing.T) {
			t.Parallel()
			addsADay(t, own)
		})
	}
}

func addsADay(t *testing.T, own int) {
	t.Helper()
	clock := new(ticker)
	now := func() time.Time { return testkit.Noon().Add(time.Duration(clock.passed.Load())) }
	k := testkit.New(t, testkit.City, func(d *testkit.Deps) { d.Now = now })
	releaser := projection.NewReleaser(k.Store.Projector, 24*time.Hour, func() bool { return true })
	read := func() (counted int) {
		var out struct {
			Units []struct{ Responses struct{ Counted int } }
		}
		k.Get("/api/v1/results?period=2026-s1&unit=dukcapil-loket").JSON(&out)
		return out.Units[0].Responses.Counted
	}
	const days = 8
	steps, before := 0, 0
	for day := range days {
		inDay := 0
		for n := range own + 1 {
			r := k.PostJSON(responsesPath, k.Response(func(b map[string]any) {
				if n == 4 { // the citizen
					b["answers"].(map[string]int)["pungli"] = 1 //nolint:forcetypeassert // test data
				}
			}))
			if r.StatusCode != http.StatusCreated {
				t.Fatal(r.Text)
			}
			clock.forth(20 * time.Minute)
			if err := k.Figures.Refresh(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, err := releaser.Release(t.Context(), k.Register.Directory(), now()); err != nil {
				t.Fatal(err)
			}
			if err := k.Figures.Refresh(t.Context()); err != nil {
				t.Fatal(err)
			}
			if counted := read(); counted != before {
				if counted-before < 10 {
					t.Errorf("day %d: a step of %d people", day, counted-before)
				}
				before = counted
				inDay++
				steps++
			}
		}
		if inDay > 1 {
			t.Errorf("day %d shows %d steps", day, inDay)
		}
		clock.forth(24*time.Hour - time.Duration(own+1)*20*time.Minute)
	}
	if steps < days/2 {
		t.Errorf("%d steps in %d days: nothing is tried", steps, days)
	}
}
