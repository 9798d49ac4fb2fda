package ingest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"persepsi/survey"
)

// Somebody has an id, from the address of a thank-you page in a browser's history,
// and sends answer after answer to learn which one is taken for a retry. Each way
// of being refused would tell.
func TestNobodyFindsOutAnAnswerByTrying(t *testing.T) {
	t.Parallel()
	for name, refuse := range map[string]func(k *desk, guess *survey.Draft){
		"by good drafts":               func(*desk, *survey.Draft) {},
		"by drafts with a fault":       func(_ *desk, guess *survey.Draft) { guess.AddFault("x", "unknown_field", "is not known here") },
		"after the period":             func(k *desk, _ *survey.Draft) { k.now = noon().AddDate(1, 0, 0) },
		"where nobody finds an answer": func(k *desk, _ *survey.Draft) { k.store.blind = errors.New("away") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newDesk(t)
			draft := k.draft(nil) // every answer is 3
			k.stores(draft)
			var refused error
			for n := range 30 {
				guess := but(draft, 1+n%2)
				refuse(k, guess)
				res, err := k.send("KUPARI47", guess)
				if held := survey.CodeOf(err) == survey.RateLimited; err == nil || held != (n >= 10) {
					t.Fatalf("guess %d: %v", n+1, err)
				}
				if n >= 10 {
					refused = err
					if res.Response != nil || !res.IDTaken {
						t.Fatalf("guess %d: %+v", n+1, res)
					}
				}
			}
			right := but(draft, 3)
			refuse(k, right)
			res, err := k.send("KUPARI47", right)
			if err == nil || err.Error() != refused.Error() || res.Response != nil || res.Outcome != (survey.Outcome{}) || !res.IDTaken {
				t.Errorf("the right one: %+v, %v, which differs from what a wrong one gets: %v", res, err, refused)
			}
			var e *survey.Error
			if !errors.As(err, &e) || e.RetryAfter != time.Hour {
				t.Errorf("%v does not say when to try again", err)
			}
			k.now = k.now.Add(time.Hour)
			if res, err := k.send("KUPARI47", right); err != nil || res.Outcome.Result != survey.Duplicate {
				t.Errorf("an hour later: %+v, %v, want a duplicate", res.Outcome, err)
			}
			k.now, k.store.blind = noon(), nil
			k.stores(k.draft(nil)) // another id is not held back
		})
	}
}

// Somebody who leaves something out again and again contradicts nothing.
func TestAFaultyDraftOfAFreeIDMayBeMendedAsOftenAsItTakes(t *testing.T) {
	t.Parallel()
	k := newDesk(t)
	draft := k.draft(nil)
	faulty := *draft
	faulty.Service = ""
	for range 30 {
		if _, err := k.send("KUPARI47", &faulty); survey.CodeOf(err) != survey.Invalid {
			t.Fatal(err)
		}
	}
	k.stores(draft)
}

func TestTheContradictedIDsTakeBoundedMemory(t *testing.T) {
	t.Parallel()
	c := newContradictions(noon)
	for range maxContradicted + 5 {
		if err := c.note(uuid.New()); err != nil {
			t.Fatal(err)
		}
	}
	if len(c.byID) != 5 {
		t.Errorf("%d are kept, want those since there were too many", len(c.byID))
	}
}
