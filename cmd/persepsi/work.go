package main

import (
	"context"
	"log/slog"
	"time"

	deskpages "persepsi/handlers/desk"
	"persepsi/internal/jobs"
)

const (
	// workEvery is how soon long work that was asked for begins, sweepEvery how often it is
	// looked for results whose time is over.
	workEvery, sweepEvery = 2 * time.Second, time.Minute
	// busyFrom is how many answers wait for a commit where long work waits too: more than one
	// commit takes at the pace of a whole city.
	busyFrom = 64
)

// workTasks do the long work that people ask for, and remove what is left of it. A kind of
// work is added to the worker's list.
func workTasks(work deskpages.Work, in *intake, log *slog.Logger, now func() time.Time) []jobs.Task {
	var garbage workCollector
	busy := func() bool {
		garbage.again()
		return in.Stats().Waiting >= busyFrom || in.store.away()
	}
	worker := jobs.NewWorker(work.Jobs.Store, busy, log, now, work.Reports.Kind(), work.Evidence.Kind())
	worker.Begin = garbage.begin
	worker.Free = func(ctx context.Context) (int64, error) {
		room, err := in.store.store.EvidenceRoom(ctx) // whose files leave as much
		return room.Free, err
	}
	unlessAway := func(do func(context.Context) error) func(context.Context) error {
		return func(ctx context.Context) error {
			if in.store.away() {
				return nil
			}
			return do(ctx)
		}
	}
	return []jobs.Task{
		{Name: "long_work", Description: "Makes what people asked for that takes long, behind everything else.", Every: workEvery, Run: unlessAway(worker.Work)},
		{Name: "sweep_work", Description: "Removes results of long work whose time is over.", Every: sweepEvery, Run: unlessAway(work.Jobs.Sweep)},
	}
}
