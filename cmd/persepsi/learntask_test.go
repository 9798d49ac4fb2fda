package main

import (
	"slices"
	"testing"
	"time"

	"persepsi/internal/cache"
	"persepsi/internal/jobs"
	"persepsi/internal/report"
)

// task returns a row of the table of a server over nothing.
func task(t *testing.T, name string) (jobs.Task, *report.Builder) {
	t.Helper()
	figures, err := report.NewBuilder(nil, nil, cache.New(0), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	list := tasks(figures, nil, nil, nil, &intake{}, nil)
	i := slices.IndexFunc(list, func(task jobs.Task) bool { return task.Name == name })
	if i < 0 {
		t.Fatalf("nothing is called %s", name)
	}
	return list[i], figures
}

// What is learned in a task is not learned while somebody waits for a page.
func TestAServerLearnsHowUnitsDriftSoonAfterItsStart(t *testing.T) {
	t.Parallel()
	if of, _ := task(t, "learn_drift"); of.First == 0 || of.First > 10*time.Second {
		t.Errorf("after %s", of.First)
	}
}

// Else who saved an entry would wait for the next second.
func TestFiguresAreMadeAtOnceWhenSomebodyWaitsForThem(t *testing.T) {
	t.Parallel()
	if of, figures := task(t, "refresh_figures"); of.Wake == nil || of.Wake != figures.Woken() {
		t.Error("the task is not woken")
	}
}
