package main

import (
	"context"
	"time"

	"persepsi/internal/evidence"
	"persepsi/internal/jobs"
)

// evidenceTask removes files that no entry of the evidence has: of uploads that were broken
// off, and of entries that were withdrawn long enough ago.
func evidenceTask(in *intake, now func() time.Time) jobs.Task {
	entries := &evidence.Entries{Store: in.store.store, Now: now}
	return jobs.Task{
		Name: "sweep_evidence", Description: "Removes files that no entry of the evidence has any more.", Every: time.Hour, First: 2 * time.Minute,
		Run: func(ctx context.Context) error {
			if in.store.away() {
				return nil
			}
			return entries.Sweep(ctx)
		},
	}
}
