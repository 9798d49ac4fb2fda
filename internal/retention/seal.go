package retention

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"persepsi/internal/audit"
	"persepsi/survey"
)

// sealing begins what the changes of an erasure's entry tell of. (Earlier builds began it
// with "seal " alone, of seals that held more and are gone.)
const sealing = "seal of "

// seals are the changes of the audit that tell of a seal: of each unit its newest release.
func seals(period string, seal *survey.Seal) []audit.Change {
	out := make([]audit.Change, 0, len(seal.Units))
	for i := range seal.Units {
		u := &seal.Units[i]
		out = append(out, audit.Change{What: sealing + period + " " + u.Unit, After: fmt.Sprintf("release %d %s", u.Release, u.Checksum)})
	}
	return out
}

// sealStore is what a check of seals reads.
type sealStore interface {
	Erasures(ctx context.Context) ([]survey.Erasure, error)
	Seal(ctx context.Context, period string) (*survey.Seal, error)
	AuditLog(ctx context.Context, fn func(audit.Entry) error) error
}

// Unsealed tells what is wrong with the seals of erased periods, of one or all where none
// is named: of which units a seal is another one than the audit told when it was made.
// Against the seals are then releases and tallies checked.
func Unsealed(ctx context.Context, s sealStore, period string) ([]string, error) {
	told := map[string]map[string]string{} // by period and what
	entries := map[string]string{}         // the first entry of a period that tells of a seal, whose parts have its name
	if err := s.AuditLog(ctx, func(e audit.Entry) error {
		name, _, _ := strings.Cut(e.ID, "/")
		if e.Action != audit.Erase || period != "" && e.Subject != period || entries[e.Subject] != "" && entries[e.Subject] != name {
			return nil
		}
		if told[e.Subject] == nil {
			told[e.Subject] = map[string]string{}
		}
		for _, c := range e.Changes {
			if strings.HasPrefix(c.What, sealing) {
				entries[e.Subject] = name
				told[e.Subject][c.What] = c.After
			}
		}
		return nil
	}); err != nil {
		return nil, fmt.Errorf("check seals: %w", err)
	}
	list, err := s.Erasures(ctx)
	if err != nil {
		return nil, fmt.Errorf("check seals: %w", err)
	}
	var wrong []string
	for i := range list {
		of := list[i].Period
		if !list[i].Removes() || period != "" && of != period {
			continue
		}
		seal, err := s.Seal(ctx, of)
		if err != nil {
			return nil, fmt.Errorf("check seals: %w", err)
		}
		if seal == nil {
			seal = new(survey.Seal)
		}
		rest := maps.Clone(told[of])
		for _, c := range seals(of, seal) {
			if rest[c.What] != c.After {
				wrong = append(wrong, fmt.Sprintf("the %s is another one than the audit told", c.What))
			}
			delete(rest, c.What)
		}
		for what := range rest {
			wrong = append(wrong, fmt.Sprintf("the %s is gone", what))
		}
		delete(told, of)
	}
	for of := range told {
		wrong = append(wrong, fmt.Sprintf("the erasure of period %s is gone", of))
	}
	slices.Sort(wrong)
	return wrong, nil
}
