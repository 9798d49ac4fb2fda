package handlers_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"persepsi/analytics"
	"persepsi/handlers"
	"persepsi/internal/report"
	"persepsi/internal/sqlite"
	"persepsi/internal/testkit"
	"persepsi/survey"
)

// anew makes an application that nobody has asked for anything yet, on the
// same store: what it shows is computed and rendered from the stored figures.
func anew(t *testing.T, k *testkit.Kit, now func() time.Time) *testkit.Kit {
	t.Helper()
	board := report.NewBoard(k.Store, k.Register.Directory().Library())
	if err := board.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	return testkit.New(t, "", func(d *handlers.Deps) { d.Directories, d.Board, d.Now = k.Register, board, now })
}

// send sends answers to the unit's only open point, each of this sex.
func send(t *testing.T, k *testkit.Kit, n int, sex string) {
	t.Helper()
	for range n {
		body := k.Response(func(b map[string]any) { b["respondent"] = map[string]string{"sex": sex, "education": "S1"} })
		if r := k.PostJSON(responsesPath, body); r.StatusCode != http.StatusCreated {
			t.Fatal(r.Text)
		}
	}
	k.Refresh()
}

// told returns the number of respondents that a result page tells of a
// category.
func told(t *testing.T, k *testkit.Kit, label string) string {
	t.Helper()
	_, page := zipped(t, k, "/hasil/dukcapil-loket")
	_, row, found := strings.Cut(page, `<th scope="row">`+label+`</th><td class="num">`)
	if !found {
		return "nothing"
	}
	n, _, _ := strings.Cut(row, "</td>")
	return n
}

func TestAKeptResultPageIsTheOneThatWouldBeMadeNow(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	now := testkit.Noon()
	same := func(what string) {
		t.Helper()
		fresh := anew(t, k, func() time.Time { return now })
		for _, path := range []string{"/hasil/dukcapil-loket", "/hasil/dukcapil-loket?lang=en", "/hasil/dukcapil-loket?lang=xx", "/hasil/dukcapil-loket?period=2025-s2", "/hasil/dukcapil-loket?period=2026-s1&utm=x", "/hasil/pkm"} {
			want := fresh.Get(path).Text
			for _, visit := range []string{"first", "second"} { // made, then kept
				if _, text := zipped(t, k, path); text != want {
					t.Errorf("%s: the %s visit of %s differs from the page as it is made now", what, visit, path)
				}
			}
			if k.Get(path).Text != want {
				t.Errorf("%s: %s differs uncompressed", what, path)
			}
		}
	}
	same("without answers")
	for i := range 6 {
		send(t, k, 1+i, []string{"L", "P"}[i%2])
		same("after answers")
	}
	k.Apply(strings.Replace(testkit.City, "name: Unit Pelayanan", "name: Unit Baru", 1))
	if _, text := zipped(t, k, "/hasil/dukcapil-loket"); !strings.Contains(text, "Unit Baru") {
		t.Error("the page keeps the name that the unit had")
	}
	same("after an apply")
	const later = 200 * 24 * time.Hour
	wait(later)
	now = now.Add(later)
	same("in the next period")
}

func TestAResultPageTellsTheRespondentsOfItsFigures(t *testing.T) {
	t.Parallel()
	k := testkit.New(t, testkit.City)
	women := 0
	for _, more := range []int{10, 7} {
		send(t, k, more, "P")
		women += more
		for range 2 {
			if got := told(t, k, "Perempuan"); got != strconv.Itoa(women) {
				t.Errorf("the page tells %s women of %d", got, women)
			}
		}
	}
}

// unread is a store whose breakdowns can't be read for a while.
type unread struct {
	report.BoardStore
	away atomic.Bool
}

func (u *unread) Tally(ctx context.Context, key analytics.Key) ([]byte, error) {
	if u.away.Load() {
		return nil, errors.New("the store is away")
	}
	return u.BoardStore.Tally(ctx, key)
}

// The page outlives the store, without its respondents; they come back with it,
// though no figure changed.
func TestAResultPageShowsItsRespondentsOnceTheyCanBeRead(t *testing.T) {
	t.Parallel()
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	store := &unread{}
	board := report.NewBoard(store, lib)
	k := testkit.New(t, testkit.City, func(d *handlers.Deps) {
		db, ok := d.Find.(*sqlite.DB)
		if !ok {
			t.Fatalf("the store is a %T", d.Find)
		}
		store.BoardStore, d.Board = db, board
	})
	answers := func(n int) {
		t.Helper()
		send(t, k, n, "P")
		if err := board.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	answers(10)
	store.away.Store(true)
	for _, want := range []string{"10", "11"} { // figures go on meanwhile
		if _, page := zipped(t, k, "/hasil/dukcapil-loket"); !strings.Contains(page, `<p class="value">`+want+`</p>`) {
			t.Errorf("the page doesn't tell of %s answers while respondents can't be read", want)
		}
		if got := told(t, k, "Perempuan"); got != "nothing" {
			t.Errorf("while they can't be read the page tells %s women", got)
		}
		answers(1)
	}
	if _, page := zipped(t, k, "/hasil/dukcapil-loket"); !strings.Contains(page, `<p class="value">12</p>`) {
		t.Error("the page doesn't tell of 12 answers")
	}
	store.away.Store(false)
	if got := told(t, k, "Perempuan"); got != "12" {
		t.Errorf("afterwards the page tells %s women, want 12", got)
	}
}

func TestAResultPageIsOfItsDay(t *testing.T) {
	t.Parallel()
	k, wait := timed(t)
	send(t, k, 3, "P")
	running := func(when string, want bool) {
		t.Helper()
		if _, page := zipped(t, k, "/hasil/dukcapil-loket?period=2026-s1"); strings.Contains(page, "masih berjalan") != want {
			t.Errorf("%s: the page says that the period is running: %v, want %v", when, !want, want)
		}
	}
	end := time.Date(2026, 6, 30, 16, 0, 0, 0, time.UTC) // midnight in the city
	running("on a day in March", true)
	wait(end.Sub(testkit.Noon()) - time.Second)
	running("in the period's last second", true)
	wait(time.Second)
	running("a second later", false)
}
