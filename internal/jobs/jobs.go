// Package jobs runs recurring tasks from one table: each has a name, a
// description and an interval, and tells when it ran last and how that ended. It also does
// long work that people ask for, step by step, on whichever server takes it up.
package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// Task is a recurring task.
type Task struct {
	Name        string // snake_case, stable: it stands in logs and metrics
	Description string // what it does, one sentence
	Every       time.Duration
	// First is how long after the start it runs for the first time; 0: Every. A task that
	// is seldom done has one, for a server may never run as long as Every.
	First time.Duration
	// Wake has it run at once too, beside its interval; nil: nothing does.
	Wake <-chan struct{}
	// Run does the work once. It returns soon after ctx ends.
	Run func(ctx context.Context) error
}

// State tells how a task is doing.
type State struct {
	Task
	Last time.Time     // when it ended last; zero before its first run
	Age  time.Duration // how long ago that was
	Took time.Duration // its last run
	Err  error         // of its last run
}

// Table is a set of tasks. It is made whole before it runs; State may be asked
// for at any time.
type Table struct {
	log   *slog.Logger
	now   func() time.Time
	mu    sync.Mutex
	tasks []State
}

// New makes a table of tasks, which reads the time from now. Failures are logged
// once until the task works again.
func New(log *slog.Logger, now func() time.Time, tasks ...Task) *Table {
	t := &Table{log: log, now: now, tasks: make([]State, len(tasks))}
	for i, task := range tasks {
		t.tasks[i].Task = task
	}
	return t
}

// States returns how every task is doing, in the order of the table.
func (t *Table) States() []State {
	t.mu.Lock()
	defer t.mu.Unlock()
	now, states := t.now(), append([]State(nil), t.tasks...)
	for i := range states {
		if s := &states[i]; !s.Last.IsZero() {
			s.Age = now.Sub(s.Last)
		}
	}
	return states
}

// Run runs every task at its interval, first after one interval or its First, and whenever it
// is woken, until ctx ends; it returns when the last run of each has ended. A run that takes longer
// than the interval is followed by the next one at once, never by two.
func (t *Table) Run(ctx context.Context) {
	var running sync.WaitGroup
	for i := range t.tasks {
		running.Go(func() { t.repeat(ctx, i) })
	}
	running.Wait()
}

func (t *Table) repeat(ctx context.Context, i int) {
	task := t.tasks[i].Task
	wait := task.Every
	if task.First > 0 {
		wait = task.First
	}
	tick := time.NewTicker(wait)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-task.Wake:
		}
		if wait != task.Every {
			wait = task.Every
			tick.Reset(wait)
		}
		begun := t.now()
		err := contained(ctx, task)
		if ctx.Err() != nil {
			return // what the end broke off is no failure
		}
		t.note(i, begun, err)
	}
}

// contained runs a task once. A panic in it is an error with the place where it came about:
// one task that is wrong must not take the forms of a whole city with it.
func contained(ctx context.Context, task Task) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("task %s panicked: %v\n%s", task.Name, r, debug.Stack())
		}
	}()
	return task.Run(ctx)
}

func (t *Table) note(i int, begun time.Time, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := &t.tasks[i]
	switch {
	case err != nil && s.Err == nil:
		t.log.Warn("a recurring task fails", "task", s.Name, "error", err)
	case err == nil && s.Err != nil:
		t.log.Info("a recurring task works again", "task", s.Name)
	}
	s.Last = t.now()
	s.Took, s.Err = s.Last.Sub(begun), err
}
