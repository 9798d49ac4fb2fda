package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"persepsi/handlers/ops"
	"persepsi/internal/cache"
	"persepsi/internal/desk"
	"persepsi/internal/jobs"
	"persepsi/internal/projection"
	"persepsi/internal/report"
	"persepsi/survey"
)

// deskEvery is how old what a desk shows may be: a page that is open is told of something
// else no more often.
const deskEvery = 5 * time.Second

// learnRest is how long nothing is learned after each of some twenty units, which takes a few
// milliseconds each.
const learnRest = 50 * time.Millisecond

// tasks is the table of what a server does again and again.
func tasks(figures *report.Builder, desks *desk.Builder, register *survey.Register, kept *cache.Cache, in *intake, log *slog.Logger) []jobs.Task {
	list := []jobs.Task{
		{Name: "refresh_figures", Description: "Brings the tallies up to date, and with them every figure.", Every: time.Second, Wake: figures.Woken(), Run: figures.Keep},
		{Name: "refresh_desk", Description: "Makes what the desks of signed-in people show.", Every: deskEvery, First: time.Second, Run: desks.Keep},
		{
			Name: "learn_drift", Description: "Learns once a day how much units drift, which forecasts go by.", Every: time.Minute, First: 5 * time.Second,
			Run: func(ctx context.Context) error { return desks.Learn(ctx, figures, learnRest) },
		},
		{
			Name: "refresh_catalogue", Description: "Reads the city again where another process changed it.", Every: time.Second,
			Run: func(ctx context.Context) error { return refreshCatalogue(ctx, register, figures, kept) },
		},
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
		jobs.Task{
			Name: "announce_server", Description: "Tells other servers of the database what waits in the local spool.", Every: announceEvery,
			Run: in.announce,
		},
	)
}

// releaseTask makes the releases that are due.
func releaseTask(every time.Duration, register *survey.Register, in *intake, now func() time.Time, log *slog.Logger) jobs.Task {
	releaser := projection.NewReleaser(in.store.store.Projector, every, in.drained)
	releaser.OnServer(func(period string, s projection.Server, is projection.ServerState) {
		about := []any{"period", period, "server", s.ID, "last_heard_of", s.Seen, "waiting", s.Waiting[period]}
		if is == projection.Unheard {
			log.Warn("final figures are made without a server that was not heard of: answers of the period that it still brings are late", about...)
		} else {
			log.Info("final figures wait for a server that may have answers of the period in its spool", about...)
		}
	})
	look := time.Minute
	if every == 0 {
		look = time.Second
	}
	return jobs.Task{
		Name: "release_figures", Description: "Releases the figures of the units and periods that are due.", Every: look,
		Run: func(ctx context.Context) error {
			if in.store.away() {
				return nil
			}
			_, err := releaser.Release(ctx, register.Directory(), now())
			return err
		},
	}
}

// refreshCatalogue reads the city again, and makes what is shown of it anew
// where it changed.
func refreshCatalogue(ctx context.Context, register *survey.Register, figures *report.Builder, kept *cache.Cache) error {
	old := register.Directory()
	err := register.Refresh(ctx)
	if register.Directory() == old {
		return err
	}
	kept.Clear() // nobody asks for what was made with the old catalogue
	return errors.Join(err, figures.Rebuild())
}

// cacheMetrics tells how full the cache is and what it is good for.
func cacheMetrics(c *cache.Cache) []ops.Metric {
	s := c.Stats()
	return []ops.Metric{
		{Name: "persepsi_cache_bytes", Help: "Size of what is rendered and kept.", Value: float64(s.Bytes)},
		{Name: "persepsi_cache_entries", Help: "Number of rendered pages, texts and symbols that are kept.", Value: float64(s.Entries)},
		{Name: "persepsi_cache_hits_total", Help: "Requests that found what they needed in the cache.", Counter: true, Value: float64(s.Hits)},
		{Name: "persepsi_cache_misses_total", Help: "Requests that had to have it made.", Counter: true, Value: float64(s.Misses)},
	}
}

// keptMetrics tells what is kept beside the cache, with what it belongs to.
func keptMetrics(figures *report.Builder, desks *desk.Builder) []ops.Metric {
	return []ops.Metric{
		{Name: "persepsi_city_text_bytes", Help: "Size of the results of whole cities that are kept as text.", Value: float64(figures.Figures().TextBytes())},
		{Name: "persepsi_desk_cuts", Help: "Number of desks that were cut out of the newest one and are kept.", Value: float64(desks.Cuts())},
	}
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
			ops.Metric{Name: "persepsi_task_age_seconds", Help: "How long ago a recurring task ran last.", Labels: of, Value: s.Age.Seconds()},
			ops.Metric{Name: "persepsi_task_failed", Help: "1 where a recurring task failed last.", Labels: of, Value: failed},
		)
	}
	return out
}
