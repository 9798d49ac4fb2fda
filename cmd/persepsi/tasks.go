package main

import (
	"context"
	"log/slog"
	"time"

	"persepsi/handlers/ops"
	"persepsi/internal/jobs"
	"persepsi/internal/report"
	"persepsi/survey"
)

// tasks is the table of what a server does again and again.
func tasks(board *report.Board, register *survey.Register, in *intake, log *slog.Logger) []jobs.Task {
	list := []jobs.Task{
		{Name: "refresh_figures", Description: "Brings the tallies up to date, and with them every figure.", Every: time.Second, Run: board.Refresh},
		{Name: "refresh_catalogue", Description: "Reads the city again where another process changed it.", Every: time.Second, Run: register.Refresh},
	}
	if in.failover == nil {
		return list
	}
	return append(
		list,
		jobs.Task{
			Name: "start_store", Description: "Starts a MongoDB that was away when the service started.", Every: time.Second,
			Run: func(ctx context.Context) error { return in.store.start(ctx, log) },
		},
		jobs.Task{
			Name: "drain_spool", Description: "Moves answers from the local spool into the store.", Every: 500 * time.Millisecond,
			Run: func(ctx context.Context) error { return in.drain(ctx, log) },
		},
	)
}

// taskMetrics returns the age of each task's last run, in seconds, and whether
// it failed.
func taskMetrics(t *jobs.Table) []ops.Metric {
	var out []ops.Metric
	for _, s := range t.States() {
		if s.Last.IsZero() {
			continue
		}
		failed := 0.0
		if s.Err != nil {
			failed = 1
		}
		of := map[string]string{"task": s.Name}
		out = append(
			out,
			ops.Metric{Name: "persepsi_task_age_seconds", Help: "How long ago a recurring task ran last.", Labels: of, Value: time.Since(s.Last).Seconds()},
			ops.Metric{Name: "persepsi_task_failed", Help: "1 where a recurring task failed last.", Labels: of, Value: failed},
		)
	}
	return out
}
