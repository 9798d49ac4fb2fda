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
	"persepsi/internal/spool"
	"persepsi/survey"
)

// intake is the way of an answer into the store: a queue with group commit and,
// in front of MongoDB, a failover to the local spool.
type intake struct {
	*ingest.Queue
	store     *deferredStore
	failover  *ingest.Failover // nil for the embedded store
	spool     *spool.DB        // likewise
	announcer *announcer       // likewise
	now       func() time.Time // the clock that answers are received by
}

// storeTimeout is how long a group may wait for MongoDB before it is spooled.
// The MongoDB store has its own, shorter time-outs within.
const storeTimeout = 10 * time.Second

// newIntake opens the way into a store. MongoDB gets a spool in dir of at most
// spoolBytes.
func newIntake(ctx context.Context, b *deferredStore, dir string, spoolBytes int64, now func() time.Time) (*intake, error) {
	if b.mongo == nil {
		return &intake{Queue: ingest.NewQueue(b.store, ingest.QueueOptions{}), store: b, now: now}, nil
	}
	queue, err := spool.Open(dir, spoolBytes)
	if err != nil {
		return nil, err
	}
	failover, err := ingest.NewFailover(ctx, b.store, queue, storeTimeout)
	if err != nil {
		return nil, errors.Join(err, queue.Close())
	}
	told, err := newAnnouncer(dir, b.mongo, queue, now)
	if err != nil {
		return nil, errors.Join(err, queue.Close())
	}
	if b.away() {
		failover.Activate()
	}
	return &intake{Queue: ingest.NewQueue(failover, ingest.QueueOptions{}), store: b, failover: failover, spool: queue, announcer: told, now: now}, nil
}

// announce tells other servers of the database what waits here.
func (in *intake) announce(ctx context.Context) error {
	if in.announcer == nil || in.store.away() {
		return nil
	}
	return in.announcer.announce(ctx, in.settle)
}

// settle brings the tallies up to date with what this server stored.
func (in *intake) settle(ctx context.Context) error {
	_, err := in.store.store.Settle(ctx)
	return err
}

// drain moves what the spool holds into the store, once that was started.
func (in *intake) drain(ctx context.Context, log *slog.Logger) error {
	if in.store.away() {
		return nil
	}
	return in.failover.Recover(ctx, log)
}

// drained reports whether all answers that were acknowledged here are in the
// store.
func (in *intake) drained() bool {
	if in.spool == nil {
		return true
	}
	stats, err := in.spool.Stats(context.Background())
	return err == nil && stats.Waiting == 0
}

// close stores what was accepted, then closes the spool; what that holds waits
// for the next start.
func (in *intake) close(ctx context.Context) error {
	err := in.Close(ctx)
	if in.spool == nil {
		return err
	}
	if err == nil && in.announcer != nil && !in.store.away() { // else answers may be on their way still
		err = in.announcer.leave(ctx, in.settle)
	}
	return errors.Join(err, in.spool.Close())
}

// health returns the state of store and spool for /readyz, and whether one of
// them could store an answer now.
func (in *intake) health(ctx context.Context) (parts map[string]ops.Part, takes bool) {
	if in.failover == nil {
		err := in.store.ping(ctx)
		return map[string]ops.Part{"store": {OK: err == nil, Detail: detail(err)}}, err == nil
	}
	// Both at once: a database that is away takes all the time of ctx.
	pinged := make(chan error, 1)
	go func() { pinged <- in.store.ping(ctx) }()
	local, spools := in.spoolHealth(ctx)
	err := <-pinged
	parts = map[string]ops.Part{"store": {OK: err == nil, Detail: detail(err)}, "spool": local}
	// While the failover is active, answers go to the spool, whatever a ping says.
	return parts, err == nil && !in.failover.Active() || spools
}

// detail returns what an error says to those who run the service, nothing where
// there is none.
func detail(err error) string {
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

// spoolHealth returns the state of the spool, and whether it could take an answer now.
func (in *intake) spoolHealth(ctx context.Context) (part ops.Part, takes bool) {
	stats, err := in.spool.Stats(ctx)
	if err != nil {
		return ops.Part{Detail: "cannot be read"}, false
	}
	broken := in.spool.Ping(ctx)
	part.OK = broken == nil && !stats.Full() && !in.failover.Active() && stats.Quarantined == 0
	part.Detail = fmt.Sprintf("%d answers wait, %d of %d bytes", stats.Waiting, stats.Bytes, stats.Limit)
	if stats.Full() {
		part.Detail = "is full: " + part.Detail
	}
	if broken != nil {
		part.Detail = detail(broken) + ": " + part.Detail
	}
	if stats.Waiting > 0 {
		part.Detail += fmt.Sprintf(", the oldest for %s", in.now().Sub(stats.Oldest).Round(time.Second))
	}
	if stats.Quarantined > 0 {
		part.Detail += fmt.Sprintf(", %d set aside for a person to look at (persepsi spool list)", stats.Quarantined)
	}
	return part, broken == nil && !stats.Full()
}

// metrics returns the values of /metrics.
func (in *intake) metrics(figures *report.Builder) []ops.Metric {
	stats := in.Stats()
	out := []ops.Metric{
		{Name: "persepsi_intake_waiting", Help: "Responses waiting for a commit.", Value: float64(stats.Waiting)},
		{Name: "persepsi_responses_stored_total", Help: "Responses made durable since start.", Counter: true, Value: float64(stats.Committed)},
		{Name: "persepsi_commits_total", Help: "Durable commits since start.", Counter: true, Value: float64(stats.Groups)},
	}
	if age, loaded := figures.Age(); loaded {
		out = append(out, ops.Metric{Name: "persepsi_figures_age_seconds", Help: "Age of the figures on the pages.", Value: age.Seconds()})
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
		age = in.now().Sub(spooled.Oldest).Seconds()
	}
	return append(
		out,
		ops.Metric{Name: "persepsi_spool_waiting", Help: "Responses that wait in the local spool for the store.", Value: float64(spooled.Waiting)},
		ops.Metric{Name: "persepsi_spool_bytes", Help: "Size of the local spool on disk.", Value: float64(spooled.Bytes)},
		ops.Metric{Name: "persepsi_spool_age_seconds", Help: "How long the oldest response waits in the spool.", Value: age},
		ops.Metric{Name: "persepsi_spool_aside", Help: "Responses that the store contradicted, for a person to look at.", Value: float64(spooled.Quarantined)},
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
