package retention

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"persepsi/survey"
)

// kept is what a store keeps of answers, which notes what is removed.
type kept struct {
	seal    *survey.Seal
	imports []survey.Import
	broken  string // the step that fails
	calls   []string
}

var errBroken = errors.New("broken")

func (k *kept) note(what string) error {
	if k.calls = append(k.calls, what); strings.HasPrefix(what, k.broken) && k.broken != "" {
		return errBroken
	}
	return nil
}

func (k *kept) Seal(context.Context, string) (*survey.Seal, error) { return k.seal, k.note("seal") }

func (k *kept) EraseAnswers(context.Context, string) error { return k.note("answers") }

func (k *kept) EraseComments(context.Context, string) error { return k.note("comments") }

func (k *kept) Imports(_ context.Context, fn func(*survey.Import) error) error {
	for i := range k.imports {
		if err := fn(&k.imports[i]); err != nil {
			return err
		}
	}
	return k.note("imports")
}

func (k *kept) ReplaceImport(_ context.Context, i *survey.Import) error {
	return k.note(fmt.Sprintf("replace %d %s%s%s", i.Serial, i.File, i.Key, i.Units[0].Digest))
}

func TestAnErasureRemovesWhatWasMadeOfTheAnswersAfterThem(t *testing.T) {
	t.Parallel()
	imports := func() []survey.Import {
		units := func(digest string) []survey.ImportedUnit {
			return []survey.ImportedUnit{{Unit: "loket", Digest: digest}}
		}
		return []survey.Import{
			{Serial: 1, Period: "a", File: "5ea1", Key: "5ea2", Units: units("5ea3")},
			{Serial: 2, Period: "b", File: "5ea1", Key: "5ea2", Units: units("5ea3")},
			{Serial: 3, Period: "a", Units: units("")}, // erased before
			{Serial: 4, Period: "a", Key: "5ea2", Units: units("")},
		}
	}
	for name, tc := range map[string]struct {
		kept
		want string
		err  error
	}{
		"all of it":                  {kept{seal: new(survey.Seal)}, "seal, answers, comments, imports, replace 1 , replace 4 ", nil},
		"without a seal nothing":     {kept{}, "seal", ErrNotNow},
		"a seal that can't be read":  {kept{broken: "seal"}, "seal", errBroken},
		"answers that are left":      {kept{seal: new(survey.Seal), broken: "answers"}, "seal, answers", errBroken},
		"comments that can't be":     {kept{seal: new(survey.Seal), broken: "comments"}, "seal, answers, comments", errBroken},
		"imports that can't be read": {kept{seal: new(survey.Seal), broken: "imports"}, "seal, answers, comments, imports", errBroken},
		"an import that can't be":    {kept{seal: new(survey.Seal), broken: "replace"}, "seal, answers, comments, imports, replace 1 ", errBroken},
	} {
		k := &tc.kept
		k.imports = imports()
		if err := Erase(t.Context(), k, "a"); !errors.Is(err, tc.err) || strings.Join(k.calls, ", ") != tc.want {
			t.Errorf("%s: %q, err = %v, want %q", name, k.calls, err, tc.want)
		}
	}
}
