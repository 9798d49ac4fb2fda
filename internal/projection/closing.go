package projection

import (
	"time"

	"persepsi/analytics"
)

// usual is how long after the close servers may be waited for without a word: each
// tells of its spool every few seconds.
const usual = 10 * time.Minute

// serverNotice is what a server means to a period's final release.
type serverNotice struct {
	period, server string
	state          ServerState
}

// OnServer has fn called once for each server that a period's final releases wait for,
// and once where they are made without it.
func (r *Releaser) OnServer(fn func(period string, s Server, is ServerState)) { r.onServer = fn }

// tell calls onServer with those of some servers that it was not told of.
func (r *Releaser) tell(period string, list []Server, is ServerState) {
	for _, s := range list {
		if of := (serverNotice{period, s.ID, is}); !r.notices[of] {
			r.notices[of] = true
			r.onServer(period, s, is)
		}
	}
}

// close finds out whether the period is over, and whether all its answers are stored.
func (r *releaseRun) close() error {
	span := SpanOf(r.period, r.directory.Zone())
	if r.now.Before(span.Close) {
		return nil
	}
	servers, err := r.servers()
	if err != nil {
		return err
	}
	var awaited []Server
	for _, s := range servers {
		switch s.State(span, r.now) {
		case Awaited:
			awaited = append(awaited, s)
		case Unheard:
			r.unheard = append(r.unheard, s)
		}
	}
	r.stored = len(awaited) == 0 && r.releaser.stored()
	if !r.now.Before(span.Close.Add(usual)) {
		r.releaser.tell(r.period.Code, awaited, Awaited)
	}
	return nil
}

// closed reports whether the next release of a unit is final: those after a final one
// are, whoever comes back with answers, also where the period's end was moved since.
func (r *releaseRun) closed(old *analytics.ReleasedTally) bool {
	return r.stored || old != nil && old.Final
}
