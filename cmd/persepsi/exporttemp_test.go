package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"

	"persepsi/survey"
)

// broken is a store that breaks off after many long answers.
type broken struct{ form *survey.Form }

func (b broken) Responses(_ context.Context, _ survey.Filter, fn func(*survey.Response) error) error {
	for day := range 40 { // an export holds a day in memory
		for range 250 {
			if err := fn(&survey.Response{ID: uuid.New(), Form: b.form.ID, Day: survey.Date(20_000 + day), Comment: strings.Repeat("panjang ", 250)}); err != nil {
				return err
			}
		}
	}
	if spilled, err := filepath.Glob(filepath.Join(os.TempDir(), "*", "excelize-*")); err != nil || len(spilled) == 0 {
		return errors.New("the export holds all in memory: the test needs more answers")
	}
	return errBrokeOff
}

var errBrokeOff = errors.New("broke off")

func TestAnExportThatBreaksOffLeavesNoAnswersBehind(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	rules, err := loadRules()
	if err != nil {
		t.Fatal(err)
	}
	d, err := survey.NewDirectory(&survey.Catalogue{Periods: []survey.Period{{Code: "p", Instruments: []string{"skm-9@1"}}}}, rules.library, rules.methods)
	if err != nil {
		t.Fatal(err)
	}
	c := exportCommand{Format: "xlsx", Period: "p"}
	if _, _, err := c.write(t.Context(), io.Discard, broken{d.Form("p")}, d); !errors.Is(err, errBrokeOff) {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("%d files are left, %v", len(left), err)
	}
}
