package projection

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"persepsi/analytics"
	"persepsi/survey"
)

// Releaser makes the releases of a city's figures. Safe for use by one goroutine.
type Releaser struct {
	projector *Projector
	every     time.Duration
	stored    func() bool
	tried     map[analytics.Key]attempt // by period and unit
	onServer  func(period string, s Server, is ServerState)
	notices   map[serverNotice]bool // what onServer was told
}

// NewReleaser makes the releases of a projector's figures. every is the least
// time between two of a unit: the day of the city is divided by it, and answers
// of the part that goes on wait; 0: whenever enough answers came. stored reports
// whether all answers that this server acknowledged are in the store: before that
// no unit gets its final release, nor while another server may have some, see Server.
func NewReleaser(p *Projector, every time.Duration, stored func() bool) *Releaser {
	return &Releaser{
		projector: p, every: every, stored: stored, tried: map[analytics.Key]attempt{},
		onServer: func(string, Server, ServerState) {}, notices: map[serverNotice]bool{},
	}
}

// Release makes the releases of all periods that are due at a time, and returns
// their number. Its error tells also of releases that cannot be read.
func (r *Releaser) Release(ctx context.Context, d *survey.Directory, now time.Time) (int, error) {
	made, faults := 0, []error{r.projector.releaseFaults()}
	servers := sync.OnceValues(func() ([]Server, error) { return r.projector.store.Servers(ctx) })
	for i := range d.Catalogue().Periods {
		run := &releaseRun{Projector: r.projector, releaser: r, directory: d, period: &d.Catalogue().Periods[i], now: now, servers: servers}
		n, err := run.run(ctx)
		made += n
		if err != nil {
			faults = append(faults, fmt.Errorf("release figures of period %s: %w", run.period.Code, err))
		}
	}
	return made, errors.Join(faults...)
}

// releaseRun makes the releases of one period.
type releaseRun struct {
	*Projector
	releaser  *Releaser
	directory *survey.Directory
	period    *survey.Period
	now       time.Time
	servers   func() ([]Server, error)
	stored    bool     // and all that were taken are stored, as far as is known
	unheard   []Server // that may have some others
}

// answersAtOnce bounds the answers that are held in memory.
const answersAtOnce = 100_000

func (r *releaseRun) run(ctx context.Context) (int, error) {
	if r.now.Before(r.period.From.In(r.directory.Zone())) {
		return 0, nil
	}
	if err := r.close(); err != nil {
		return 0, err
	}
	due, err := r.unmade(ctx)
	if err != nil {
		return 0, err
	}
	made := 0
	var faults []error
	for len(due) > 0 {
		n, size := 0, int64(0)
		for n < len(due) && (n == 0 || size < answersAtOnce) {
			size += due[n].reads
			n++
		}
		fresh, err := r.some(ctx, due[:n])
		made += fresh
		faults = append(faults, err)
		due = due[n:]
	}
	if made > 0 { // who reads sees them from now on
		faults = append(faults, r.Refresh(ctx))
		r.releaser.tell(r.period.Code, r.unheard, Unheard)
	}
	return made, errors.Join(faults...)
}

// Finish makes the releases of a period that are due, and reports whether no other can
// be made of the answers that are stored: only then may something of these be removed.
// A unit whose releases cannot be read does not hold that up; Release tells of it.
func (r *Releaser) Finish(ctx context.Context, d *survey.Directory, p *survey.Period, now time.Time) (bool, error) {
	if now.Before(p.End(d.Zone()).Add(survey.Grace)) || !r.stored() {
		return false, nil
	}
	servers := func() ([]Server, error) { return r.projector.store.Servers(ctx) }
	run := &releaseRun{Projector: r.projector, releaser: r, directory: d, period: p, now: now, servers: servers}
	_, fault := run.run(ctx)
	if !run.stored { // another server may bring some still
		return false, fault
	}
	due, err := run.unmade(ctx)
	if err != nil {
		return false, errors.Join(fault, err)
	}
	totals := r.projector.Periods()[p.Code]
	for _, c := range due {
		if !totals.Damaged[c.unit] {
			return false, fault
		}
	}
	if totals != nil {
		for _, released := range totals.Released { // another may be due when this one is old enough
			if now.Before(released.AsOf.Add(r.every)) {
				return false, nil
			}
		}
	}
	return true, nil
}
