package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"time"

	"persepsi/handlers/ops"
	"persepsi/internal/ingest"
	"persepsi/internal/report"
	"persepsi/internal/sqlite"
	"persepsi/survey"
)

// intake is the way of an answer into the store: a queue whose responses are
// committed in groups and, before a store that is another machine's, a spool
// for when that is away.
type intake struct {
	*ingest.Intake
	store   *beginning
	shelter *ingest.Shelter // nil for the embedded store
	spool   *sqlite.Spool
}

const (
	// patience is how long a group may wait for the store before it is
	// spooled. The MongoDB store has its own, shorter time-outs within.
	patience = 10 * time.Second
)

// newIntake opens the way into a store. MongoDB gets a spool in dir of at most
// spoolBytes.
func newIntake(ctx context.Context, b *beginning, dir string, spoolBytes int64) (*intake, error) {
	if b.mongo == nil {
		return &intake{Intake: ingest.NewIntake(b.store, ingest.IntakeOptions{}), store: b}, nil
	}
	spool, err := sqlite.OpenSpool(dir, spoolBytes)
	if err != nil {
		return nil, err
	}
	shelter, err := ingest.NewShelter(ctx, b.store, spool, patience)
	if err != nil {
		return nil, errors.Join(err, spool.Close())
	}
	if b.away() {
		shelter.BeginAway()
	}
	return &intake{Intake: ingest.NewIntake(shelter, ingest.IntakeOptions{}), store: b, shelter: shelter, spool: spool}, nil
}

// drain moves what the spool holds into the store, once that is there.
func (in *intake) drain(ctx context.Context, log *slog.Logger) error {
	if in.store.away() {
		return nil
	}
	return in.shelter.Sweep(ctx, log)
}

// close stores what was accepted, then closes the spool; what that holds waits
// for the next start.
func (in *intake) close(ctx context.Context) error {
	err := in.Close(ctx)
	if in.spool != nil {
		err = errors.Join(err, in.spool.Close())
	}
	return err
}

// health tells of store and spool in /readyz, and whether one of them could
// store an answer now.
func (in *intake) health(ctx context.Context) (parts map[string]ops.Part, takes bool) {
	if in.shelter == nil {
		err := in.store.ping(ctx)
		return map[string]ops.Part{"store": {OK: err == nil, Detail: inWords(err)}}, err == nil
	}
	// Side by side: a database that is away takes all the time of ctx.
	pinged := make(chan error, 1)
	go func() { pinged <- in.store.ping(ctx) }()
	spool, sheltered := in.spoolHealth(ctx)
	err := <-pinged
	parts = map[string]ops.Part{"store": {OK: err == nil, Detail: inWords(err)}, "spool": spool}
	// While the store failed last, answers go to the spool, whatever a ping says.
	return parts, err == nil && !in.shelter.Away() || sheltered
}

// inWords returns what an error says to those who run the service.
func inWords(err error) string {
	var e *survey.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return e.Message
	default:
		return "does not answer"
	}
}

// spoolHealth tells of the spool, and whether it could take an answer now.
func (in *intake) spoolHealth(ctx context.Context) (part ops.Part, takes bool) {
	stats, err := in.spool.Stats(ctx)
	if err != nil {
		return ops.Part{Detail: "cannot be read"}, false
	}
	broken := in.spool.Ping(ctx)
	part.OK = broken == nil && !stats.Full() && !in.shelter.Away() && stats.SetAside == 0
	part.Detail = fmt.Sprintf("%d answers wait, %d of %d bytes", stats.Waiting, stats.Bytes, stats.Limit)
	if stats.Full() {
		part.Detail = "is full: " + part.Detail
	}
	if broken != nil {
		part.Detail = inWords(broken) + ": " + part.Detail
	}
	if stats.Waiting > 0 {
		part.Detail += fmt.Sprintf(", the oldest for %s", time.Since(stats.Oldest).Round(time.Second))
	}
	if stats.SetAside > 0 {
		part.Detail += fmt.Sprintf(", %d set aside for a person to look at (persepsi spool list)", stats.SetAside)
	}
	return part, broken == nil && !stats.Full()
}

// metrics returns the values of /metrics.
func (in *intake) metrics(board *report.Board) []ops.Metric {
	stats := in.Stats()
	out := []ops.Metric{
		{Name: "persepsi_intake_waiting", Help: "Responses waiting for a commit.", Value: float64(stats.Waiting)},
		{Name: "persepsi_responses_stored_total", Help: "Responses made durable since start.", Counter: true, Value: float64(stats.Committed)},
		{Name: "persepsi_commits_total", Help: "Durable commits since start.", Counter: true, Value: float64(stats.Groups)},
	}
	if board.Loaded() {
		out = append(out, ops.Metric{Name: "persepsi_figures_age_seconds", Help: "Age of the figures on the pages.", Value: time.Since(board.At()).Seconds()})
	}
	if in.spool == nil {
		return out
	}
	spooled, err := in.spool.Stats(context.Background())
	if err != nil {
		return out
	}
	age := 0.0
	if spooled.Waiting > 0 {
		age = time.Since(spooled.Oldest).Seconds()
	}
	return append(
		out,
		ops.Metric{Name: "persepsi_spool_waiting", Help: "Responses that wait in the local spool for the store.", Value: float64(spooled.Waiting)},
		ops.Metric{Name: "persepsi_spool_bytes", Help: "Size of the local spool on disk.", Value: float64(spooled.Bytes)},
		ops.Metric{Name: "persepsi_spool_age_seconds", Help: "How long the oldest response waits in the spool.", Value: age},
		ops.Metric{Name: "persepsi_spool_aside", Help: "Responses that the store contradicted, for a person to look at.", Value: float64(spooled.SetAside)},
	)
}

// trustedProxies reads networks such as 10.1.0.0/16 and single addresses.
func trustedProxies(list []string) ([]netip.Prefix, error) {
	out := make([]netip.Prefix, 0, len(list))
	for _, s := range list {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			a, err := netip.ParseAddr(s)
			if err != nil {
				return nil, survey.Errorf(survey.Invalid, "--trusted-proxy: %q is neither an address nor a network such as 10.1.0.0/16", survey.Printable(s))
			}
			a = a.Unmap()
			p = netip.PrefixFrom(a, a.BitLen())
		}
		out = append(out, p.Masked())
	}
	return out, nil
}
