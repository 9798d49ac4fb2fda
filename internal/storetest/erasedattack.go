package storetest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"persepsi/analytics"
	"persepsi/internal/projection"
	"persepsi/survey"
)

// lonelyCity is a city whose one period is over: 60 answers of unit-0 over 37 days, 18 of
// them alone on theirs, and three of unit-2, which no release holds. Everybody told all of
// themselves. One person alone answered the last question of an index: releases wait with
// it.
func lonelyCity(t *testing.T, e Engine) *expiredCity {
	t.Helper()
	open := e.New(t)
	x := &expiredCity{releasedCity: newReleasedCity(t, open, 24*time.Hour), open: open}
	x.directory.City().Notice.RetentionMonths = 1
	x.now = x.directory.Catalogue().Periods[0].From.In(x.directory.Zone()).Add(12 * time.Hour)
	m := NewMaker(t, 70)
	left := 42 // to come on the 19 days on which nobody is alone
	for day := range 37 {
		n := 1
		if day%2 == 0 {
			n = 2
			if rest := (37 - day) / 2; left-n > 2*rest {
				n = 3
			}
			left -= n
		}
		list := m.Batch(n)
		if day < 3 {
			list = append(list, m.Response())
			list[n].Unit = "unit-2"
		}
		for i, a := range list {
			if i < n {
				a.Unit = "unit-0"
			}
			a.Mode, a.Comment = survey.ModeQR, fmt.Sprint("rahasia ", day)
			a.ReceivedAt = x.now.Add(time.Duration(i-n) * time.Second).Truncate(time.Millisecond).UTC()
			a.Day = survey.DateOf(a.ReceivedAt, x.directory.Zone())
			values, told := make([]int, len(m.form.Questions)), make([]int, len(m.form.Fields))
			for q := range values {
				values[q] = 1 + (day+q*q+i)%len(m.form.Questions[q].Options)
			}
			if day != 1 {
				values[lastScored(m.form)] = 0
			}
			for f := range told {
				told[f] = 1 + (day*day+f+i)%len(m.form.Fields[f].Categories)
			}
			a.Answers, a.Respondent = survey.MakeMarks(values), survey.MakeMarks(told)
		}
		mustAppend(t, x, list)
		x.now = x.now.Add(24 * time.Hour)
		x.release(t)
	}
	if left != 0 {
		t.Fatalf("%d answers are left", left)
	}
	x.now = x.directory.Catalogue().Periods[0].End(x.directory.Zone()).Add(survey.Grace)
	x.release(t)
	x.now = survey.NewDate(2026, time.July, 31).In(x.directory.Zone())
	return x
}

func lastScored(form *survey.Form) int {
	at := len(form.Questions) - 1
	for !form.Questions[at].Scored {
		at--
	}
	return at
}

// attacker is somebody who has all that a database holds.
type attacker struct {
	forms   analytics.Forms
	read    []string       // what it learnt of few people
	counted map[string]int // by unit: the serial of a release that tells of respondents
}

func newAttacker(t *testing.T) *attacker {
	return &attacker{forms: Library(t), counted: map[string]int{}}
}

// look reads a value: tallies, texts that hold some, and releases.
func (a *attacker) look(h StoredValue) {
	if bytes.Contains(h.Value, []byte("rahasia")) {
		a.learn(h, "a comment")
	}
	a.tally(h, h.Value)
	var text any
	if json.Unmarshal(h.Value, &text) == nil {
		a.walk(h, text)
	}
	r := new(projection.Release)
	if json.Unmarshal(h.Value, r) == nil && r.Serial > 0 && len(r.Totals) > 0 {
		a.release(h, r)
	}
}

func (a *attacker) learn(h StoredValue, what string) { a.read = append(a.read, h.In+": "+what) }

func (a *attacker) tally(h StoredValue, value []byte) {
	t, err := analytics.DecodeTally(a.forms, value)
	if err == nil && t.TellsRespondents() {
		a.learn(h, fmt.Sprintf("scores by respondent field, of %d people", t.N))
	}
}

func (a *attacker) walk(h StoredValue, value any) {
	switch v := value.(type) {
	case string:
		if data, err := base64.StdEncoding.DecodeString(v); err == nil {
			a.tally(h, data)
		}
	case []any:
		for _, of := range v {
			a.walk(h, of)
		}
	case map[string]any:
		for name, of := range v {
			if name == "cells" { // checksums of what few people told: who has one tries out what they told
				a.learn(h, fmt.Sprint("checksums ", of))
			}
			a.walk(h, of)
		}
	}
}

// release reads what a release tells apart of those that it counts in part, and its cells.
func (a *attacker) release(h StoredValue, r *projection.Release) {
	for f := range r.WholePeople {
		few := int64(0)
		for i := range r.People[f] {
			if i > 0 {
				few += r.People[f][i] - r.WholePeople[f][i]
			}
		}
		if 0 < few && few < analytics.LeastCell {
			a.learn(h, fmt.Sprintf("what %d told in field %d", few, f))
		}
	}
	if r.Cleared != 0 && (len(r.Partial) > 0 || len(r.Whole) > 0) {
		a.learn(h, "of whom it counts a part alone")
	}
	a.counts(h, r)
}

// counts reads how many people a release tells of in a field, and by which fields its
// tables tell anything. What two releases tell could be subtracted: one alone may tell any.
func (a *attacker) counts(h StoredValue, r *projection.Release) {
	form, err := a.forms.FormByID(r.Form)
	if err != nil {
		return
	}
	if len(r.People) > 0 {
		if a.counted[r.Unit] > 0 && a.counted[r.Unit] != r.Serial {
			a.learn(h, "numbers of respondents by two releases")
		}
		a.counted[r.Unit] = r.Serial
	}
	for f, people := range r.People {
		for _, n := range people {
			if 0 < n && n < analytics.LeastCell {
				a.learn(h, fmt.Sprintf("what %d told in field %d", n, f))
			}
		}
	}
	for kind := range r.Through {
		if list := r.Through[kind]; len(list) > 0 && slices.Max(list[len(form.Questions):]) > 0 {
			a.learn(h, "with which release a field came to be counted")
		}
	}
	if r.Tables == nil {
		return
	}
	for _, shown := range r.Tables.Shown {
		if _, ok := form.FieldPosition(shown.By); ok {
			a.learn(h, "which cells are large, by "+shown.By)
		}
	}
}

// attacked has somebody read the whole database after an erasure who looks for what single
// people told of themselves.
func attacked(t *testing.T, e Engine) {
	x := lonelyCity(t, e)
	var checksums []string
	var held []projection.Release
	releases := func(fn func(projection.StoredRelease, *projection.Release)) {
		t.Helper()
		if err := x.Releases(t.Context(), "2026-s1", "unit-0", 1, func(s projection.StoredRelease) error {
			r := new(projection.Release)
			if err := json.Unmarshal(s.Body, r); err != nil {
				return err
			}
			fn(s, r)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	releases(func(s projection.StoredRelease, r *projection.Release) {
		checksums, held = append(checksums, s.Checksum), append(held, *r)
	})
	attack := func() []string {
		t.Helper()
		a := newAttacker(t)
		for _, h := range e.Dump(t, x.Store) {
			a.look(h)
			for _, sum := range checksums {
				if bytes.Contains(h.Value, []byte(sum)) {
					a.learn(h, "the checksum of a release that tells of few people")
				}
			}
		}
		slices.Sort(a.read)
		return slices.Compact(a.read)
	}
	if read := attack(); len(held) < 3 || held[len(held)-1].Tables == nil || !slices.ContainsFunc(read, func(what string) bool { return strings.Contains(what, "what 1 told") }) {
		t.Fatalf("%d releases; before the erasure the attacker reads %q: the test tests nothing", len(held), read)
	}
	x.erase(t)
	if read := attack(); len(read) > 0 {
		t.Errorf("after the erasure somebody who has the database reads %q", read)
	}
	x.sound(t, "erased")
	m := NewMaker(t, 71)
	for range 2 { // and of one who comes late, alone
		late := m.Response()
		late.Unit, late.Comment, late.Respondent = "unit-0", "rahasia", survey.MakeMarks(slices.Repeat([]int{1}, len(m.form.Fields)))
		mustAppend(t, x, []*survey.Response{late})
		mustSettle(t, x.OpenStore)
		x.erase(t)
		if read := attack(); len(read) > 0 {
			t.Errorf("after one came late somebody who has the database reads %q", read)
		}
	}
	x.sound(t, "with late answers")

	// What was released of everybody stays.
	at := 0
	releases(func(_ projection.StoredRelease, r *projection.Release) {
		if !bytes.Equal(r.Totals, held[at].Totals) || fmt.Sprint(r.Added) != fmt.Sprint(held[at].Added) {
			t.Errorf("release %d shows other figures than before", r.Serial)
		}
		at++
	})
	if at != len(held) {
		t.Errorf("%d releases are left of %d", at, len(held))
	}
}
