package main

import (
	"context"
	"time"

	"persepsi/internal/comment"
	"persepsi/internal/jobs"
	"persepsi/internal/projection"
)

// additions lets a reader of comments read releases.
type additions struct{ *projection.Projector }

// Additions calls fn with what each release of a unit added; see comment.Releases.
func (a additions) Additions(ctx context.Context, period, unit string, from int, fn func(comment.Released) error) error {
	return a.Projector.Additions(ctx, period, unit, from, func(x projection.Addition) error {
		return fn(comment.Released{Serial: x.Serial, Least: x.Least, At: x.At, Added: x.IDs})
	})
}

// commentTask keeps what is known of comments up to date.
func commentTask(comments *comment.Reader, in *intake) jobs.Task {
	return jobs.Task{
		Name: "refresh_comments", Description: "Finds the comments of new releases, and what was marked of them.", Every: time.Second,
		Run: func(ctx context.Context) error {
			if in.store.away() {
				return nil
			}
			return comments.Refresh(ctx)
		},
	}
}
