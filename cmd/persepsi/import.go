package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"persepsi/internal/audit"
	"persepsi/internal/paper"
	"persepsi/survey"
)

type importCommand struct {
	File importFile `cmd:"" default:"withargs" help:"Import a CSV or XLSX file: all rows or none. The word file may be left out."`
	List importList `cmd:"" help:"List the imports: what each brought, and which are undone."`
	Undo importUndo `cmd:"" help:"Take the answers of an import out of the figures. They are kept."`
}

type importFile struct {
	File   string `arg:"" help:"The CSV or XLSX file." type:"path"`
	Period string `required:"" help:"The survey period." placeholder:"P"`
	Unit   string `help:"The unit that the answers are about." placeholder:"U" shown:"what the file's column unit says"`
	Again  bool   `help:"Take rows that are the same as those of an earlier import for other people's answers."`
	Reason string `help:"Why the answers come after the period's end; needed then." placeholder:"TEXT"`

	readingFlags
}

// Run imports the file: all rows or none.
func (i *importFile) Run(ctx context.Context, e *environment) error {
	data, err := readFile(i.File, paper.MaxBytes)
	if err != nil {
		return err
	}
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // everything is durable after Import
	period, place, err := inPeriod(d, i.Period, i.Unit)
	if err != nil {
		return err
	}
	if err := refuseErased(ctx, s, period.Code, "an import"); err != nil {
		return err
	}
	today := d.Today(e.now())
	if today < period.From {
		return survey.Errorf(survey.Closed, "--period: period %s begins on %s", period.Code, period.From)
	}
	of := &survey.Import{At: e.now().UTC(), By: commandLine, Period: period.Code, Reason: strings.TrimSpace(i.Reason), File: fileSum(data)}
	reading, err := i.read(ctx, s, d, place, of, data)
	late := today > period.To && of.Reason == ""
	if i.DryRun {
		if err == nil && late {
			fmt.Fprintf(e.Err, "note: period %s ended on %s: the import will need a --reason\n", period.Code, period.To)
		}
		return e.preview(reading, err)
	}
	if err != nil {
		return err
	}
	if late {
		return survey.Errorf(survey.Invalid, "--reason: period %s ended on %s; say why these answers come now", period.Code, period.To)
	}
	figures, err := e.watchFigures(ctx, s, d, period.Code)
	if err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx) // what was stored is told
	imported, err := s.Import(ctx, of, reading.Responses)
	for try := 0; try < 3 && errors.Is(err, survey.ErrOtherKey); try++ {
		if reading, err = i.read(ctx, s, d, place, of, data); err == nil {
			imported, err = s.Import(ctx, of, reading.Responses)
		}
	}
	if err != nil {
		return err
	}
	if _, err := s.Settle(ctx); err != nil {
		return err
	}
	summary := fmt.Sprintf("%d rows stored, %d were there before", imported.Stored, imported.Before)
	entry := said(e.now(), audit.Import, importName(imported.Serial))
	key, err := keyBytes(of.Key)
	if err != nil {
		return err
	}
	entry.Detail, entry.Reason = fmt.Sprintf("%s; period %s, units %s, file hmac-sha256 %s", summary, period.Code, strings.Join(codesOf(d, of), ", "), fileMark(key, data)), of.Reason
	if err := figures.record(ctx, &entry, of); err != nil {
		return err
	}
	if err := note(ctx, s, entry); err != nil {
		return err
	}
	e.tellLeftOut(reading)
	if imported.Stored > 0 {
		fmt.Fprintf(e.Err, "note: this is import %d; import undo %d takes its answers out again\n", imported.Serial, imported.Serial)
	}
	_, err = fmt.Fprintf(e.Out, "imported: %s\n", summary)
	return err
}

// read reads the file, and notes in of what it brings. An error that comes with a
// reading tells why that can't be imported.
func (i *importFile) read(ctx context.Context, s *store, d *survey.Directory, place survey.Place, of *survey.Import, data []byte) (*paper.Reading, error) {
	period, _ := d.Period(of.Period)
	reader := i.reader(d, period, place, of.At)
	var err error
	if of.Key, err = importKey(ctx, s, of.Period); err != nil {
		return nil, err
	}
	if reader.Key, err = keyBytes(of.Key); err != nil {
		return nil, err
	}
	reading, err := reader.Read(i.File, data)
	if err != nil {
		return reading, err
	}
	of.Units = reading.Brought()
	fresh := of.Key
	if reader.Again, err = i.compare(ctx, s, d, of); err != nil {
		return reading, err
	}
	if reader.Key, err = keyBytes(of.Key); err != nil {
		return reading, err
	}
	// The same rows once more are other answers; one that was broken off may have another key.
	if reader.Again > 0 || of.Key != fresh {
		if reading, err = reader.Read(i.File, data); err != nil {
			return reading, err
		}
	}
	return reading, clashes(ctx, s, of.Period, reading)
}

// fileSum returns the SHA-256 of a file, in hexadecimal.
func fileSum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// clashes refuses a file whose ids are stored with other content, or were taken out:
// the check comes before the first row is stored, so that nothing is half done.
func clashes(ctx context.Context, s *store, period string, reading *paper.Reading) error {
	ids := make([]uuid.UUID, len(reading.Responses))
	for i, r := range reading.Responses {
		ids[i] = r.ID
	}
	found, err := s.Find(ctx, ids)
	if err != nil {
		return err
	}
	out := map[uuid.UUID]int{}
	if len(found) > 0 {
		if err := s.TakenOut(ctx, period, func(serial int, r *survey.Response) error {
			out[r.ID] = serial
			return nil
		}); err != nil {
			return err
		}
	}
	return paper.Refused(reading.Clashes(found, out))
}
