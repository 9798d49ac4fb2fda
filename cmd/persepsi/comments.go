package main

import (
	"context"
	"time"

	"persepsi/internal/comment"
	"persepsi/internal/jobs"
)

// commentTask keeps what is known of comments up to date.
func commentTask(comments *comment.Reader, in *intake) jobs.Task {
	return jobs.Task{
		Name: "refresh_comments", Description: "Finds the comments of new releases, and what was marked of them.", Every: time.Second,
		Run: func(ctx context.Context) error {
			if in.store.away() {
				return nil
			}
			return comments.Keep(ctx)
		},
	}
}
