package projection

import (
	"testing"

	"persepsi/analytics"
	"persepsi/survey"
)

// A bucket grows by what its document lacks where that is known for certain; else it is counted
// from its answers, and so is what is above it where that may hold what it held.
func TestABucketGrowsOnlyWhereItsDocumentIsKnown(t *testing.T) {
	t.Parallel()
	u := newUnit(t, "skm-9@1")
	p := New(&partStore{}, u.forms)
	k := analytics.Key{Period: "p", Unit: "u", Form: u.form.ID, Level: analytics.LevelDay, Start: survey.NewDate(2026, 3, 5)}
	tally := func(n int) *analytics.Tally {
		out := analytics.NewTally(u.form)
		for range n {
			u.answer(survey.ModeQR, u.all(3)...)
			if err := out.Add(u.answers[len(u.answers)-1].Response); err != nil {
				t.Fatal(err)
			}
		}
		return out
	}
	delta := func(made int64, whole bool) map[analytics.Key]Delta {
		return map[analytics.Key]Delta{k: {Tally: tally(2), Made: made, Whole: whole}}
	}
	stored := tally(5).Encode()
	for name, tc := range map[string]struct {
		fresh   map[analytics.Key]Delta
		anew    bool
		doc     Doc
		n       int64 // in the sum; 0: it is to be counted
		above   bool  // what is above is made anew
		damaged bool
	}{
		"some are lacking":                           {fresh: delta(1, false), doc: Doc{Tally: stored, Made: 1}, n: 7},
		"all that there are":                         {fresh: delta(0, true), n: 2},
		"all, and a document of others":              {fresh: delta(0, true), doc: Doc{Tally: stored}, n: 2, above: true},
		"all, and a damaged document":                {fresh: delta(0, true), doc: Doc{Tally: []byte("x")}, n: 2, above: true, damaged: true},
		"some, and it was counted meanwhile":         {fresh: delta(1, false), doc: Doc{Tally: stored, Made: 2}},
		"some, and there is no document":             {fresh: delta(0, false)},
		"some, and a damaged document":               {fresh: delta(1, false), doc: Doc{Tally: []byte("x"), Made: 1}, damaged: true},
		"nobody knows what is lacking":               {anew: true, doc: Doc{Tally: stored, Made: 1}},
		"some, and it is to be counted all the same": {fresh: delta(1, false), anew: true, doc: Doc{Tally: stored, Made: 1}},
		"all, and it is to be counted all the same":  {fresh: delta(0, true), anew: true},
		"nobody knows, and a damaged document":       {anew: true, doc: Doc{Tally: []byte("x")}, damaged: true},
	} {
		c := &computation{
			work: &work{Projector: p, batch: &Batch{Fresh: tc.fresh, Anew: map[analytics.Key]bool{}}}, plan: &plan{damaged: map[analytics.Key]bool{}},
			docs: map[analytics.Key]Doc{k: tc.doc}, anew: map[analytics.Key]bool{},
		}
		if tc.anew {
			c.batch.Anew[k] = true
		}
		got, err := c.sum(k)
		if err != nil || (got == nil) != (tc.n == 0) || got != nil && got.N != tc.n || c.anew[k] != tc.above || c.plan.damaged[k] != tc.damaged {
			t.Errorf("%s: %+v, what is above made anew %v, damaged %v, err = %v", name, got, c.anew[k], c.plan.damaged[k], err)
		}
	}
}

// A removal that the tables of the closed period would tell by is found, though all figures are
// those of the answers that are left.
func TestARemovalThatTheTablesTellByIsFound(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		undone int // of the fifteen of a service
		right  bool
	}{"all of a service": {15, true}, "all of it but three": {12, false}} {
		u := newUnit(t, "skm-9@1")
		u.servicesOf(15, "ktp")
		u.servicesOf(45, "akta")
		first := u.release(t, 10, true)
		u.undo(u.answers[:tc.undone]...)
		tables := first.Tables
		first.Tables = nil // who forges it looks at none
		r := u.release(t, 10, false)
		if r == nil {
			t.Fatal("nothing is removed")
		}
		r.Final, r.Tables, first.Tables = true, tables, tables
		if wrong := u.wrong(t); (len(wrong) == 0) != tc.right {
			t.Errorf("%s: wrong is %v", name, wrong)
		}
	}
}
