package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"persepsi/internal/jobs"
	"persepsi/internal/projection"
	"persepsi/internal/retention"
	"persepsi/survey"
)

const (
	// eraseEvery is how often a server looks for periods whose comments and respondent
	// fields were kept long enough.
	eraseEvery = time.Hour
	// eraseFirst is how long after its start it does so first: one that is started anew
	// each hour erases too.
	eraseFirst = time.Minute
)

// eraseTask removes them, and those that the local spool holds of answers that were set
// aside.
func eraseTask(every time.Duration, register *survey.Register, in *intake, log *slog.Logger, now func() time.Time) jobs.Task {
	store := in.store.store
	eraser := &retention.Eraser{
		Store: store, Tallies: store.Projector, Releases: projection.NewReleaser(store.Projector, every, in.drained), Actor: theServer, Log: log,
	}
	return jobs.Task{
		Name: "erase_expired", Description: "Removes comments and respondent fields of periods that were kept long enough.", Every: eraseEvery, First: eraseFirst,
		Run: func(ctx context.Context) error {
			if in.store.away() {
				return nil
			}
			err := eraser.Run(ctx, register.Directory(), now())
			if in.spool == nil {
				return err
			}
			list, fault := store.Erasures(ctx)
			if fault == nil {
				fault = in.spool.Erase(ctx, codesOfErased(list))
			}
			return errors.Join(err, fault)
		},
	}
}

func codesOfErased(list []survey.Erasure) (out []string) {
	for i := range list {
		out = append(out, list[i].Period)
	}
	return out
}

// refuseErased refuses what an erased period takes no more.
func refuseErased(ctx context.Context, s *store, period, what string) error {
	e, err := s.Erasure(ctx, period)
	if err != nil || e == nil {
		return err
	}
	return e.Refuse(what)
}

// tellErased says of which periods, of all where none is named, nothing by respondent
// field can be counted again.
func (e *environment) tellErased(ctx context.Context, s *store, period string) error {
	list, err := s.Erasures(ctx)
	if err != nil {
		return err
	}
	for i := range list {
		if period == "" || list[i].Period == period {
			fmt.Fprintf(e.Err, "note: what respondents of period %s told of themselves cannot be recounted: removed on %s\n", list[i].Period, list[i].Day)
		}
	}
	return nil
}

// sealed tells of which erased periods, of all where none is named, the seal is another
// one than the audit told.
func (e *environment) sealed(ctx context.Context, s *store, period string) error {
	wrong, err := retention.Unsealed(ctx, s, period)
	if err != nil {
		return err
	}
	for _, w := range wrong {
		fmt.Fprintln(e.Err, "wrong:", survey.Printable(w))
	}
	if len(wrong) > 0 {
		return survey.Errorf(survey.Conflict, "what erased periods are checked by is not what was written (faults: %d)", len(wrong))
	}
	return nil
}

// tellExpired says which periods the next run would erase by what a file declares.
func tellExpired(ctx context.Context, w io.Writer, s *store, after *survey.Directory, now time.Time) error {
	list, err := s.Erasures(ctx)
	if err != nil {
		return err
	}
	for i := range after.Catalogue().Periods {
		p := &after.Catalogue().Periods[i]
		if !after.City().Notice.Expired(p, after.Today(now)) || slices.Contains(codesOfErased(list), p.Code) {
			continue
		}
		until, _ := after.City().Notice.KeptUntil(p)
		fmt.Fprintf(w, "comments and respondent fields of period %s were kept until %s: a server removes them within the hour, for ever\n", p.Code, until)
	}
	return nil
}
