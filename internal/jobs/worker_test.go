package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"persepsi/survey"
)

// bench is a store, somebody who asks, and what each step made.
type bench struct {
	*memory
	queue *Queue
	made  []string
	// before is called before a step is done.
	before func(key string) error
	took   time.Duration
	// instead is the note of what can't be done; empty: the job fails.
	instead string
	size    int // of each part; 0: its key
	// pieces is of how many pieces each step is, after which it rests as long as rested tells; 0:
	// it is one.
	pieces int
	rested []time.Duration
}

func newBench() *bench {
	b := &bench{memory: newMemory(), took: 100 * time.Millisecond}
	b.queue = &Queue{Store: b.memory, Now: time.Now}
	return b
}

func (b *bench) kind() Kind {
	return Kind{
		Name: "k",
		Steps: func(context.Context, Job) (out []Step, err error) {
			for i := range 5 {
				key := fmt.Sprint("u", i)
				step := Step{Key: key, Name: "Unit " + key, Make: func(_ context.Context, rest func()) (Part, error) {
					if b.before != nil {
						if err := b.before(key); err != nil {
							return Part{}, err
						}
					}
					for range max(b.pieces, 1) {
						time.Sleep(b.took)
						if b.pieces > 0 {
							at := time.Now()
							rest()
							b.rested = append(b.rested, time.Since(at))
						}
					}
					b.made = append(b.made, key)
					part := Part{File: key + ".pdf", Data: []byte(key)}
					if b.size > 0 {
						part.Data = make([]byte, b.size)
					}
					return part, nil
				}}
				if b.instead != "" {
					step.Instead = func() (Part, error) { return Part{Note: b.instead}, nil }
				}
				out = append(out, step)
			}
			return out, nil
		},
		Last: func(_ context.Context, _ Job, parts []Part) (Part, error) {
			var names []string
			for _, p := range parts {
				names = append(names, p.File)
			}
			return Part{File: "list", Data: []byte(strings.Join(names, " "))}, nil
		},
	}
}

func (b *bench) worker(busy func() bool) *Worker {
	if busy == nil {
		busy = func() bool { return false }
	}
	return NewWorker(b.memory, busy, slog.New(slog.DiscardHandler), time.Now, b.kind())
}

func (b *bench) ask(t *testing.T, person, what string) Job {
	t.Helper()
	j, err := b.queue.Ask(t.Context(), Job{Kind: "k", Person: person, What: json.RawMessage(what)})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func (b *bench) job(t *testing.T, id string) Job {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.jobs[id]
}

func TestAJobTakesASixthOfAProcessorAtMost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		j := b.ask(t, "siti", `1`)
		begun := time.Now()
		if err := b.worker(nil).Work(t.Context()); err != nil {
			t.Fatal(err)
		}
		done := b.job(t, j.ID)
		if done.State != Ready || done.Done != 5 || done.Total != 5 || done.Size != int64(5*2+len("u0.pdf u1.pdf u2.pdf u3.pdf u4.pdf")) || !done.Until.Equal(done.Ended.Add(Kept)) {
			t.Errorf("it is %+v", done)
		}
		if took := time.Since(begun); took != 5*b.took*6 {
			t.Errorf("five steps of 100 ms took %s, want 3 s", took)
		}
		if got := string(b.parts[j.ID][LastKey].Data); got != "u0.pdf u1.pdf u2.pdf u3.pdf u4.pdf" {
			t.Errorf("the last part tells of %q", got)
		}
	})
}

// What is made in one piece holds up answers for as long as that takes.
func TestAStepRestsBetweenItsPieces(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.took, b.pieces = 2*time.Millisecond, 4
		b.ask(t, "siti", `1`)
		begun := time.Now()
		if err := b.worker(nil).Work(t.Context()); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begun); took != 5*4*6*b.took || len(b.rested) != 20 || slices.ContainsFunc(b.rested, func(d time.Duration) bool { return d != idle*b.took }) {
			t.Errorf("five steps of four pieces took %s and rested %v", took, b.rested)
		}
		// Many small pieces are one.
		b.took, b.pieces, b.rested = piece/4, 8, nil
		b.ask(t, "siti", `2`)
		if err := b.worker(nil).Work(t.Context()); err != nil {
			t.Fatal(err)
		}
		rests := slices.DeleteFunc(b.rested, func(d time.Duration) bool { return d == 0 })
		if len(rests) != 10 || rests[0] != idle*piece {
			t.Errorf("of small pieces it rested %v", rests)
		}
	})
}

// What is to be made ready for a job is, and not for the lack of one.
func TestAJobIsMadeReadyFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		w, said := b.worker(nil), ""
		b.before = func(string) error { said += "."; return nil }
		w.Begin = func() func() { said += "<"; return func() { said += ">" } }
		for range 2 {
			if err := w.Work(t.Context()); err != nil {
				t.Fatal(err)
			}
			if len(b.jobs) == 0 {
				b.ask(t, "siti", `1`)
			}
		}
		if said != "<.....>" {
			t.Errorf("%q", said)
		}
	})
}

func TestAJobWaitsWhileAnswersDoAndIsNotTakenAwayMeanwhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		j := b.ask(t, "siti", `1`)
		busyUntil := time.Now().Add(5 * time.Minute)
		one := b.worker(func() bool { return time.Now().Before(busyUntil) })
		var puts atomic.Int32
		b.puts = func() { puts.Add(1) }
		go func() { _ = one.Work(t.Context()) }()
		time.Sleep(4 * time.Minute)
		if most := int32(4*time.Minute/beatWithin) + 1; len(b.made) != 0 || puts.Load() > most {
			t.Errorf("%v were made while the server was busy, and it was stored %d times, want %d at most", b.made, puts.Load(), most)
		}
		if other, err := b.worker(nil).next(t.Context()); err != nil || other != nil {
			t.Errorf("another server takes %+v, err = %v", other, err)
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if got := b.job(t, j.ID); got.State != Ready {
			t.Errorf("then it is %s", got.State)
		}
	})
}

// A server that is killed leaves its job where it was; another takes it up after the lease,
// the same one at once, and no step is done twice.
func TestAJobGoesOnWhereItWasAfterACrash(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		j := b.ask(t, "siti", `1`)
		killed, kill := context.WithCancel(t.Context())
		b.before = func(key string) error {
			if key == "u3" {
				kill()
				return killed.Err()
			}
			return nil
		}
		if err := b.worker(nil).Work(killed); !errors.Is(err, context.Canceled) {
			t.Fatalf("err = %v", err)
		}
		b.before = nil
		other := b.worker(nil)
		if err := other.Work(t.Context()); err != nil || b.job(t, j.ID).State != Running {
			t.Errorf("another server took it before the lease was over: %v, %+v", err, b.job(t, j.ID))
		}
		time.Sleep(lease)
		if err := other.Work(t.Context()); err != nil {
			t.Fatal(err)
		}
		if done := b.job(t, j.ID); done.State != Ready || done.Done != 5 || !slices.Equal(b.made, []string{"u0", "u1", "u2", "u3", "u4"}) {
			t.Errorf("%+v; made were %v", done, b.made)
		}
	})
}

func TestACancelledJobStopsAtTheNextStepAndLeavesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		b.partsFirst = true
		j := b.ask(t, "siti", `1`)
		b.before = func(key string) error {
			if key == "u2" {
				if err := b.queue.Cancel(t.Context(), "budi", j.ID); survey.CodeOf(err) != survey.NotFound {
					t.Errorf("another one cancels it: %v", err)
				}
				return b.queue.Cancel(t.Context(), "siti", j.ID)
			}
			return nil
		}
		if err := b.worker(nil).Work(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := b.job(t, j.ID); got.State != Cancelled || len(b.parts[j.ID]) != 0 || len(b.made) != 3 {
			t.Errorf("%+v, parts %v, made %v", got, b.parts[j.ID], b.made)
		}
		if err := b.queue.Cancel(t.Context(), "siti", j.ID); err != nil || len(b.jobs) != 0 {
			t.Errorf("it is not forgotten: %v, err = %v", b.jobs, err)
		}
	})
}

func TestWhatFailsSaysWhyAndHoldsUpNoOtherJob(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for want, fault := range map[string]func() error{
			"right":  func() error { return survey.Errorf(survey.Forbidden, "no") },
			"gone":   func() error { return survey.Errorf(survey.NotFound, "no") },
			"broken": func() error { return []error{nil}[len(b0)] },
		} {
			b := newBench()
			j := b.ask(t, "siti", `1`)
			time.Sleep(time.Second)
			next := b.ask(t, "siti", `2`)
			first := true
			b.before = func(key string) error {
				if first && key == "u1" {
					first = false
					return fault()
				}
				return nil
			}
			if err := b.worker(nil).Work(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := b.job(t, j.ID); got.State != Failed || got.Fault != want || len(b.parts[j.ID]) != 0 {
				t.Errorf("%s: %+v", want, got)
			}
			if got := b.job(t, next.ID); got.State != Ready {
				t.Errorf("%s: the next is %+v", want, got)
			}
		}
		// What passes is no failure: it goes on where it was.
		b := newBench()
		j := b.ask(t, "siti", `1`)
		b.before = func(string) error { b.away = true; return nil }
		w := b.worker(nil)
		if err := w.Work(t.Context()); survey.CodeOf(err) != survey.Unavailable {
			t.Errorf("without a store: %v", err)
		}
		b.before, b.away = nil, false
		if err := w.Work(t.Context()); err != nil || b.job(t, j.ID).State != Ready {
			t.Errorf("after it: %v, %+v", err, b.job(t, j.ID))
		}
	})
}

func TestAStepThatFailsIsToldInItsPlaceAndTheOthersAreDone(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]func() error{
		"an error": func() error { return errors.New("no such letter") },
		"a panic":  func() error { return []error{nil}[len(b0)] },
	} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench()
			b.instead = "none"
			j := b.ask(t, "siti", `1`)
			b.before = func(key string) error {
				if key == "u1" {
					return fault()
				}
				return nil
			}
			if err := b.worker(nil).Work(t.Context()); err != nil {
				t.Fatal(err)
			}
			got, parts := b.job(t, j.ID), b.parts[j.ID]
			if got.State != Ready || got.Lacking != 1 || got.Done != 5 || parts["u1"].Note != "none" || parts["u1"].File != "" || string(parts[LastKey].Data) != "u0.pdf  u2.pdf u3.pdf u4.pdf" {
				t.Errorf("%s: %+v, parts %v", name, got, parts)
			}
			// Where nothing can be done there is nothing to take.
			b.before = func(string) error { return fault() }
			none := b.ask(t, "siti", `2`)
			if err := b.worker(nil).Work(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := b.job(t, none.ID); got.State != Failed || got.Fault != "broken" {
				t.Errorf("%s in every step: %+v", name, got)
			}
			// What is no fault of a step isn't told as one.
			b.before = func(key string) error { return survey.Errorf(survey.Forbidden, "no") }
			lost := b.ask(t, "siti", `3`)
			if err := b.worker(nil).Work(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := b.job(t, lost.ID); got.State != Failed || got.Fault != "right" {
				t.Errorf("a right that is gone: %+v", got)
			}
		})
	}
}

// b0 is one too long.
const b0 = "x"

// A server that stood still for longer than the lease finds its job taken or done by another,
// and touches nothing of it.
func TestAJobThatAnotherServerTookIsLeftToIt(t *testing.T) {
	t.Parallel()
	for name, take := range map[string]func(ctx context.Context, other *Worker) error{
		"taken": func(ctx context.Context, other *Worker) error { _, err := other.next(ctx); return err },
		"done":  func(ctx context.Context, other *Worker) error { return other.Work(ctx) },
		"taken before a fault": func(ctx context.Context, other *Worker) error {
			_, err := other.next(ctx)
			return errors.Join(err, errors.New("broken here"))
		},
		"done before a fault": func(ctx context.Context, other *Worker) error {
			return errors.Join(other.Work(ctx), errors.New("broken here"))
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench()
			j := b.ask(t, "siti", `1`)
			other, first := b.worker(nil), true
			b.before = func(key string) error {
				if !first || key != "u2" {
					return nil
				}
				first = false
				time.Sleep(lease)
				return take(t.Context(), other)
			}
			if err := b.worker(nil).Work(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, kept := b.parts[j.ID]["u1"]; !kept {
				t.Errorf("%s: what was made is gone", name)
			}
			if err := other.Work(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := b.job(t, j.ID); got.State != Ready || len(b.parts[j.ID]) != 6 || strings.Count(strings.Join(b.made, " "), "u1") != 1 {
				t.Errorf("%s: %+v, %d parts, made %v", name, got, len(b.parts[j.ID]), b.made)
			}
		})
	}
}
