package jobs

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"persepsi/survey"
)

// Job is long work that somebody asked for: it is left and come back to, goes on after a
// restart where it was, on whichever server of the city takes it up, and its result is kept
// for a while.
type Job struct {
	ID      string `json:"id"`
	Version int    `json:"version"` // from 1 on; each change is the next
	Kind    string `json:"kind"`    // of Kinds
	// What is what it is asked to do, as its kind writes it.
	What  json.RawMessage `json:"what"`
	Title string          `json:"title"` // what it makes, in words
	// Person is who asked, by their id: nobody else sees it.
	Person string    `json:"person"`
	Asked  time.Time `json:"asked"`
	State  JobState  `json:"state"`
	// Done of Total steps are done; At names the one that is being done.
	Done  int    `json:"done"`
	Total int    `json:"total"`
	At    string `json:"at,omitempty"`
	// Lacking is how many of the steps that are done could not be: their parts say so. Broken are
	// the keys of these.
	Lacking int      `json:"lacking,omitempty"`
	Broken  []string `json:"broken,omitempty"`
	Size    int64    `json:"size"` // of its parts, in bytes
	// Fault is the message key of why it failed.
	Fault string    `json:"fault,omitempty"`
	Ended time.Time `json:"ended,omitzero"`
	// Until is when its result is removed; of one that has none any more, when it is forgotten:
	// nothing but this line is left of it then.
	Until time.Time `json:"until"`
	// Server is who does it, Beat when it last told of it.
	Server string    `json:"server,omitempty"`
	Beat   time.Time `json:"beat,omitzero"`
}

// JobState is how far a job is.
type JobState string

// The states.
const (
	Waiting   JobState = "waiting"
	Running   JobState = "running"
	Ready     JobState = "done" // its parts are there
	Failed    JobState = "failed"
	Cancelled JobState = "cancelled"
	Expired   JobState = "expired" // it was done, and its parts were removed
)

// Open reports whether a job is to be done still.
func (j *Job) Open() bool { return j.State == Waiting || j.State == Running }

// Part is what one step made. Key is the step's, each once in a job.
type Part struct {
	Key  string
	File string // its name in the result; empty: there is no file
	Note string // why there is none, in words, or what Kind.Last is to know of it
	Data []byte
}

// Store keeps jobs and their parts.
type Store interface {
	// Jobs returns every job, the one asked for first first.
	Jobs(ctx context.Context) ([]Job, error)
	// PutJob stores a version of a job, with a part of it where one is given, which takes the
	// place of an earlier one of its key. Conflict: it is not the one after the stored
	// version, or that job is gone.
	PutJob(ctx context.Context, j Job, part *Part) error
	// Parts returns a job's parts by their keys, without their data.
	Parts(ctx context.Context, job string) ([]Part, error)
	// PartData returns what a part of a job holds. NotFound: there is none.
	PartData(ctx context.Context, job, key string) ([]byte, error)
	// PartsOf returns the ids of jobs that have parts, also of jobs that are gone.
	PartsOf(ctx context.Context) ([]string, error)
	// DropParts removes the parts of a job, DropJob those and then the job. Each part goes by
	// itself: answers wait for no more than one. What is broken off goes on with the next call.
	DropParts(ctx context.Context, job string) error
	DropJob(ctx context.Context, job string) error
}

// Bounds of long work.
const (
	// MostOpen is how many jobs of one person may wait or run, MostOpenOfAll of all people.
	MostOpen      = 3
	MostOpenOfAll = 20
	// MostKept is how many results of one person are kept, MostLines how many lines that tell
	// of jobs without one.
	MostKept  = 5
	MostLines = 20
	// MostBytes is how large the parts of one job may be, MostBytesOfAll those of all.
	MostBytes      = 256 << 20
	MostBytesOfAll = 1 << 30
	// LeastFree are the bytes of the store's disk that parts leave for answers.
	LeastFree = 1 << 30
	// Kept is how long a result is kept, and after it the line that tells of it.
	Kept = 7 * 24 * time.Hour
	// lease is after how long without a word a job is taken up by another server.
	lease = time.Minute
)

// Queue takes the jobs that people ask for, lists and cancels them.
type Queue struct {
	Store Store
	Now   func() time.Time

	asking sync.Mutex // one asks at a time: what is counted is what there is
}

// Of returns somebody's jobs, the newest first.
func (q *Queue) Of(ctx context.Context, person string) ([]Job, error) {
	all, err := q.Store.Jobs(ctx)
	var out []Job
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Person == person {
			out = append(out, all[i])
		}
	}
	return out, err
}

// errNoJob is also of another one's: who asks learns nothing of what exists.
var errNoJob = survey.Errorf(survey.NotFound, "there is no such job")

// One returns a job of somebody's. NotFound: they have none of that id.
func (q *Queue) One(ctx context.Context, person, id string) (Job, error) {
	all, err := q.Of(ctx, person)
	if err != nil {
		return Job{}, err
	}
	for _, j := range all {
		if j.ID == id {
			return j, nil
		}
	}
	return Job{}, errNoJob
}

// Ask stores a job that is to be done, and returns it. Until is when its result is removed at
// the latest; zero: after Kept. Who asks twice for the same gets the one that is open. Errors:
// Conflict names what there is too much of by the code of its only fault: open, all, kept or
// bytes. Several servers of a city may pass a bound by one job each.
func (q *Queue) Ask(ctx context.Context, j Job) (Job, error) {
	q.asking.Lock()
	defer q.asking.Unlock()
	all, err := q.Store.Jobs(ctx)
	if err != nil {
		return Job{}, err
	}
	open, mine, kept := 0, 0, 0
	var bytes int64
	for i := range all {
		other := &all[i]
		bytes += other.Size
		own := other.Person == j.Person
		switch {
		case other.Open() && own && other.Kind == j.Kind && string(other.What) == string(j.What):
			return *other, nil
		case other.Open():
			open++
			if own {
				mine++
			}
		case other.State == Ready && own:
			kept++
		}
	}
	for _, bound := range []struct {
		code string
		over bool
	}{{"open", mine >= MostOpen}, {"all", open >= MostOpenOfAll}, {"kept", kept+mine >= MostKept}, {"bytes", bytes >= MostBytesOfAll}} {
		if bound.over {
			return Job{}, &survey.Error{Code: survey.Conflict, Message: "there is too much long work", Faults: []survey.Fault{{Field: "job", Code: bound.code, Message: "is too much"}}}
		}
	}
	if err := q.trim(ctx, all, j.Person); err != nil {
		return Job{}, err
	}
	j.ID, j.Version, j.State, j.Asked = newID(), 1, Waiting, q.Now().UTC()
	return j, q.Store.PutJob(ctx, j, nil)
}

// trim forgets the oldest lines of a person that tell of no result, where there are too many.
func (q *Queue) trim(ctx context.Context, all []Job, person string) error {
	lines := 0
	for i := len(all) - 1; i >= 0; i-- {
		if j := &all[i]; j.Person != person || j.Open() || j.State == Ready {
			continue
		}
		if lines++; lines < MostLines {
			continue
		}
		if err := q.Store.DropJob(ctx, all[i].ID); err != nil {
			return err
		}
	}
	return nil
}

// Cancel ends a job of somebody's that is open: whoever does it stops at the next step. One
// that has ended is forgotten with its result, which nobody is offered while it is removed.
func (q *Queue) Cancel(ctx context.Context, person, id string) error {
	for range triesOfChange {
		j, err := q.One(ctx, person, id)
		if err != nil {
			return err
		}
		had := j.State
		if had != Ready && !j.Open() {
			return q.Store.DropJob(ctx, id)
		}
		end(&j, Cancelled, "", q.Now())
		j.Version++
		if err = q.Store.PutJob(ctx, j, nil); survey.CodeOf(err) == survey.Conflict {
			continue // a step was done meanwhile
		}
		switch {
		case err != nil:
			return err
		case had == Ready:
			return q.Store.DropJob(ctx, id)
		default:
			return q.Store.DropParts(ctx, id)
		}
	}
	return survey.Errorf(survey.Conflict, "the job went on meanwhile; try again")
}

// triesOfChange is how often a change is tried again that something else came before.
const triesOfChange = 10

// end ends a job otherwise than by being done.
func end(j *Job, state JobState, fault string, now time.Time) {
	j.State, j.Fault, j.At, j.Server = state, fault, "", ""
	j.Size, j.Ended, j.Until = 0, now.UTC(), now.UTC().Add(Kept)
}

// Sweep removes the results whose time is over, forgets jobs of which nothing is left, and
// removes what a server left of a job that ended, or of none, when it died.
func (q *Queue) Sweep(ctx context.Context) error {
	all, err := q.Store.Jobs(ctx)
	if err != nil {
		return err
	}
	now := q.Now()
	for _, j := range all {
		over := !j.Until.IsZero() && !now.Before(j.Until)
		switch {
		case !over:
			continue
		case j.State == Ready:
			end(&j, Expired, "", now)
		case j.Open(): // its result may not be kept any longer, before there is any
			end(&j, Failed, "late", now)
		default:
			if err := q.Store.DropJob(ctx, j.ID); err != nil {
				return err
			}
			continue
		}
		j.Version++
		if err := q.Store.PutJob(ctx, j, nil); err != nil && survey.CodeOf(err) != survey.Conflict {
			return err // after a conflict the next sweep looks at what it is now
		}
	}
	return q.sweepParts(ctx)
}

// sweepParts removes the parts of jobs that have no result, in the order that never takes those
// of a new job: a job is stored before its first part, and what has ended begins no more.
func (q *Queue) sweepParts(ctx context.Context) error {
	have, err := q.Store.PartsOf(ctx)
	if err != nil || len(have) == 0 {
		return err
	}
	all, err := q.Store.Jobs(ctx)
	if err != nil {
		return err
	}
	for _, id := range have {
		i := slices.IndexFunc(all, func(j Job) bool { return j.ID == id })
		if i >= 0 && (all[i].Open() || all[i].State == Ready) {
			continue
		}
		if err := q.Store.DropParts(ctx, id); err != nil {
			return err
		}
	}
	return nil
}
