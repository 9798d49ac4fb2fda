package retention

import (
	"context"
	"errors"
	"slices"
	"testing"

	"persepsi/internal/audit"
	"persepsi/survey"
)

// book is what a check of seals reads, in memory.
type book struct {
	list                  []survey.Erasure
	seals                 map[string]*survey.Seal
	log                   []audit.Entry
	listing, sealing, say error
}

func (b *book) Erasures(context.Context) ([]survey.Erasure, error) { return b.list, b.listing }

func (b *book) Seal(_ context.Context, period string) (*survey.Seal, error) {
	return b.seals[period], b.sealing
}

func (b *book) AuditLog(_ context.Context, fn func(audit.Entry) error) error {
	for _, e := range b.log {
		if err := fn(e); err != nil {
			return err
		}
	}
	return b.say
}

// sealed is a book of two erased periods and one whose erasure only began.
func sealed() *book {
	one := &survey.Seal{Units: []survey.SealedUnit{{Unit: "loket", Release: 3, Checksum: "5ea1"}, {Unit: "kasir", Release: 1, Checksum: "ca51"}}}
	two := &survey.Seal{Units: []survey.SealedUnit{{Unit: "loket", Release: 9, Checksum: "b0b0"}}}
	told := seals("a", one)
	return &book{
		list:  []survey.Erasure{{Period: "a", Sealed: true, Done: true}, {Period: "b", Sealed: true}, {Period: "c"}},
		seals: map[string]*survey.Seal{"a": one, "b": two},
		log: []audit.Entry{
			{ID: "0", Action: audit.EditReport, Subject: "a", Changes: []audit.Change{{What: "seal of a loket", After: "release 8 0000"}}},
			// A long entry is stored in parts, and an earlier program told of other seals.
			{ID: "1", Action: audit.Erase, Subject: "a", Changes: []audit.Change{{What: "seal a", After: "of old"}}},
			{ID: "2/1", Action: audit.Erase, Subject: "a", Changes: told[:1]},
			{ID: "2/2", Action: audit.Erase, Subject: "a", Changes: told[1:]},
			{ID: "3", Action: audit.Erase, Subject: "b", Changes: seals("b", two)},
			// Who forged the seal may have told of it too; what was told first holds.
			{ID: "4", Action: audit.Erase, Subject: "a", Changes: []audit.Change{{What: "seal of a loket", After: "release 3 f0f0"}}},
		},
	}
}

func TestASealIsWhatTheAuditToldWhenItWasMade(t *testing.T) {
	t.Parallel()
	all := []string{"the seal of a kasir is gone", "the seal of a loket is gone"}
	for name, tc := range map[string]struct {
		change func(*book)
		period string
		want   []string
	}{
		"nothing is forged":             {func(*book) {}, "", nil},
		"a checksum":                    {func(b *book) { b.seals["a"].Units[0].Checksum = "f0f0" }, "", []string{"the seal of a loket is another one than the audit told"}},
		"a serial":                      {func(b *book) { b.seals["a"].Units[1].Release = 2 }, "", []string{"the seal of a kasir is another one than the audit told"}},
		"a unit more":                   {func(b *book) { b.seals["b"].Units = append(b.seals["b"].Units, survey.SealedUnit{Unit: "lain"}) }, "", []string{"the seal of b lain is another one than the audit told"}},
		"a unit fewer":                  {func(b *book) { b.seals["a"].Units = b.seals["a"].Units[:1] }, "", all[:1]},
		"a seal that is gone":           {func(b *book) { delete(b.seals, "a") }, "", all},
		"an erasure that is gone":       {func(b *book) { b.list = b.list[1:] }, "", []string{"the erasure of period a is gone"}},
		"one that is as if only begun":  {func(b *book) { b.list[0] = survey.Erasure{Period: "a"} }, "", []string{"the erasure of period a is gone"}},
		"one of another period":         {func(b *book) { delete(b.seals, "a") }, "b", nil},
		"one of this period":            {func(b *book) { delete(b.seals, "a"); delete(b.seals, "b") }, "a", all},
		"several, in order":             {func(b *book) { clear(b.seals); b.list = b.list[1:] }, "", []string{"the erasure of period a is gone", "the seal of b loket is gone"}},
		"what the audit told of no one": {func(b *book) { b.log = b.log[:4] }, "b", []string{"the seal of b loket is another one than the audit told"}},
	} {
		b := sealed()
		tc.change(b)
		got, err := Unsealed(t.Context(), b, tc.period)
		if err != nil || !slices.Equal(got, tc.want) {
			t.Errorf("%s: %q, err = %v, want %q", name, got, err, tc.want)
		}
	}
}

func TestSealsThatCannotBeReadAreNotTakenForRightOnes(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, fail := range map[string]func(*book){
		"the audit": func(b *book) { b.say = broken }, "the erasures": func(b *book) { b.listing = broken }, "a seal": func(b *book) { b.sealing = broken },
	} {
		b := sealed()
		fail(b)
		if got, err := Unsealed(t.Context(), b, ""); !errors.Is(err, broken) || got != nil || err.Error() != "check seals: broken" {
			t.Errorf("%s: %q, %v, want the error", name, got, err)
		}
	}
}
