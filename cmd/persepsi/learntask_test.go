package main

import (
	"slices"
	"testing"
	"time"

	"persepsi/internal/jobs"
)

// What is learned in a task is not learned while somebody waits for a page.
func TestAServerLearnsHowUnitsDriftSoonAfterItsStart(t *testing.T) {
	t.Parallel()
	list := tasks(nil, nil, nil, nil, &intake{}, nil)
	i := slices.IndexFunc(list, func(task jobs.Task) bool { return task.Name == "learn_drift" })
	if i < 0 {
		t.Fatal("nothing does")
	}
	if first := list[i].First; first == 0 || first > 10*time.Second {
		t.Errorf("after %s", first)
	}
}
