package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/internal/evidence"
	"persepsi/internal/manuscript"
	"persepsi/survey"
)

// entriesOf returns the whole audit, which must be sound.
func entriesOf(t *testing.T, s audit.Store) []audit.Entry {
	t.Helper()
	var out []audit.Entry
	if err := s.AuditLog(t.Context(), func(e audit.Entry) error {
		out = append(out, e)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if _, faults, err := audit.Verify(t.Context(), s); err != nil || len(faults) > 0 {
		t.Errorf("the audit has the faults %v, err = %v", faults, err)
	}
	return out
}

func auditChain(t *testing.T, e Engine) {
	s := fresh(t, e)
	if got := entriesOf(t, s); len(got) != 0 {
		t.Errorf("an empty audit has %v", got)
	}
	var want []audit.Entry
	var head audit.Head
	for i := range 20 {
		x := audit.Entry{
			ID: fmt.Sprint("e", i), At: time.UnixMilli(int64(1000 - i)).UTC(), Actor: "a", Action: "apply", Subject: string(rune('a' + i)),
			Detail: "<d> “x” \u2028", Reason: "r", Periods: []string{"2026-s1"}, Units: []string{"u", "v"}, Changes: []audit.Change{{What: "w", Before: "b", After: "c"}},
		}
		if err := s.Audit(t.Context(), x); err != nil {
			t.Fatal(err)
		}
		x = x.After(head)
		want, head = append(want, x), x.Head()
	}
	if diff := cmp.Diff(want, entriesOf(t, s)); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
	if err := s.Audit(t.Context(), audit.Entry{Detail: "\xff", At: time.Now()}, audit.Entry{Detail: "last"}); err != nil {
		t.Fatal(err)
	}
	if got := entriesOf(t, s); len(got) != 22 || got[20].ID == "" || got[20].ID == got[21].ID || got[21].Detail != "last" {
		t.Errorf("two more entries made %d: %+v", len(got), got[20:])
	}
	stop := errors.New("stop")
	if err := s.AuditLog(t.Context(), func(audit.Entry) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("err = %v, want ours", err)
	}
}

func auditTogether(t *testing.T, e Engine) {
	open := e.New(t)
	handles := []*OpenStore{handle(t, open), handle(t, open)}
	const writers, each = 20, 5
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				// The same words at the same moment: only their names differ.
				if err := handles[w%2].Audit(t.Context(), audit.Entry{At: time.UnixMilli(1), Actor: fmt.Sprint(w), Subject: fmt.Sprint(i)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	next := map[string]int{}
	entries := entriesOf(t, handles[0])
	for _, x := range entries {
		if x.Subject != fmt.Sprint(next[x.Actor]) {
			t.Errorf("%s wrote entry %s before its entry %d", x.Actor, x.Subject, next[x.Actor])
		}
		next[x.Actor]++
	}
	if len(entries) != writers*each || entries[len(entries)-1].Serial != writers*each {
		t.Errorf("%d entries, want %d", len(entries), writers*each)
	}
}

func auditOnce(t *testing.T, e Engine) {
	open := e.New(t)
	a, b := handle(t, open), handle(t, open)
	if err := a.Audit(t.Context(), audit.Entry{ID: "one", Detail: "first"}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := b.Audit(t.Context(), audit.Entry{ID: "one", Detail: "again"}, audit.Entry{ID: "two"}); err != nil {
			t.Fatal(err)
		}
	}
	got := entriesOf(t, a)
	if len(got) != 2 || got[0].ID != "one" || got[0].Detail != "first" || got[1].ID != "two" {
		t.Errorf("audit = %+v", got)
	}
}

func auditSpoilt(t *testing.T, e Engine) {
	for name, tc := range map[string]struct {
		spoil func(s Store, entries []audit.Entry)
		want  string
	}{
		"a changed reason": {func(s Store, entries []audit.Entry) {
			x := entries[2]
			x.Reason = "lain"
			text, _ := x.Encode()
			e.SpoilAudit(t, s, 3, text)
		}, "entry 3 was changed"},
		"a text that cannot be read": {func(s Store, _ []audit.Entry) { e.SpoilAudit(t, s, 3, "{") }, "entry 3 was changed"},
		"a removed one":              {func(s Store, _ []audit.Entry) { e.SpoilAudit(t, s, 3, "") }, "entry 3 is missing"},
	} {
		s := fresh(t, e)
		for i := range 5 {
			if err := s.Audit(t.Context(), audit.Entry{Subject: fmt.Sprint(i)}); err != nil {
				t.Fatal(err)
			}
		}
		tc.spoil(s.Store, entriesOf(t, s))
		// Who goes on writing hides nothing.
		if err := s.Audit(t.Context(), audit.Entry{Subject: "later"}); err != nil {
			t.Fatal(err)
		}
		head, faults, err := audit.Verify(t.Context(), s)
		if err != nil || len(faults) != 1 || !strings.HasPrefix(faults[0].String(), tc.want) || head.Serial != 6 {
			t.Errorf("%s: faults %v, head %s, err = %v", name, faults, head, err)
		}
	}
}

// auditedFacts stores facts with the entries that tell of them.
func auditedFacts(t *testing.T, e Engine) {
	open := e.New(t)
	s := handle(t, open)
	said := func(subject string) audit.Entry { return audit.Entry{Subject: subject, At: time.UnixMilli(5)} }
	city := survey.Catalogue{Version: 1, City: survey.City{Name: "Kota Contoh"}}
	evaluation := analytics.Evaluation{Period: "p", Unit: "u", Version: 1}
	text := manuscript.Manuscript{Place: manuscript.Place{Period: "p", Unit: "u", Kind: "skm"}, Version: 1, Town: "Contoh"}
	proof := linked(evidenceAt("p", "u"), 1)
	key := access.Key{ID: "k", Hash: access.Digest{1}, Grants: []access.Grant{{Role: access.Admin, Scope: access.City()}}, At: time.UnixMilli(7).UTC()}
	person := newPerson(t, "siti@kota.example", time.UnixMilli(7).UTC())
	changed := person
	changed.Version++
	ctx := context.Background()
	for _, step := range []struct {
		name string
		do   func() error
		want survey.Code
	}{
		{"person", func() error { return s.RecordPerson(ctx, person, said("person")) }, ""},
		{"person again", func() error { return s.RecordPerson(ctx, person, said("not this")) }, survey.Conflict},
		{"person changed", func() error { return s.RecordPerson(ctx, changed, said("person changed")) }, ""},
		{"person changed again", func() error { return s.RecordPerson(ctx, changed, said("not this")) }, survey.Conflict},
		{"catalogue", func() error { return s.RecordCatalogue(ctx, &city, said("catalogue"), said("amended")) }, ""},
		{"catalogue again", func() error { return s.RecordCatalogue(ctx, &city, said("not this")) }, survey.Conflict},
		{"evaluation", func() error { return s.RecordEvaluation(ctx, evaluation, said("evaluation")) }, ""},
		{"evaluation again", func() error { return s.RecordEvaluation(ctx, evaluation, said("not this")) }, survey.Conflict},
		{"manuscript", func() error { return s.RecordManuscript(ctx, text, said("manuscript")) }, ""},
		{"manuscript again", func() error { return s.RecordManuscript(ctx, text, said("not this")) }, survey.Conflict},
		{"evidence", func() error { return s.RecordEvidence(ctx, proof, evidence.Expiry{}, said("evidence")) }, ""},
		{"evidence again", func() error { return s.RecordEvidence(ctx, proof, evidence.Expiry{}, said("not this")) }, survey.Conflict},
		{"key", func() error { return s.RecordKey(ctx, key, said("key")) }, ""},
		{"key granted", func() error { return s.RecordKeyGrants(ctx, "k", key.Grants, grants(), said("key granted")) }, ""},
		{"key granted by another", func() error { return s.RecordKeyGrants(ctx, "k", key.Grants, nil, said("not this")) }, survey.Conflict},
		{"revocation", func() error { return s.RecordRevocation(ctx, "k", time.UnixMilli(9).UTC(), said("revocation")) }, ""},
		{"revocation again", func() error { return s.RecordRevocation(ctx, "k", time.UnixMilli(11).UTC(), said("not this")) }, ""},
		{"revocation of nothing", func() error { return s.RecordRevocation(ctx, "l", time.UnixMilli(9).UTC(), said("not this")) }, survey.NotFound},
	} {
		if err := step.do(); step.want == "" && err != nil || step.want != "" && survey.CodeOf(err) != step.want {
			t.Errorf("%s: err = %v, want %q", step.name, err, step.want)
		}
	}
	var got []string
	for _, x := range entriesOf(t, handle(t, open)) {
		got = append(got, x.Subject)
	}
	if text := strings.Join(got, ", "); text != "person, person changed, catalogue, amended, evaluation, manuscript, evidence, key, key granted, revocation" {
		t.Errorf("the audit tells of %s", text)
	}
	stored, err := s.Catalogue(ctx)
	if diff := cmp.Diff(&city, stored); err != nil || diff != "" {
		t.Errorf("catalogue (-want +got), err = %v:\n%s", err, diff)
	}
	keys, err := s.Keys(ctx)
	if err != nil || len(keys) != 1 || keys[0].Revoked != time.UnixMilli(9).UTC() {
		t.Errorf("keys = %+v, err = %v", keys, err)
	}
}
