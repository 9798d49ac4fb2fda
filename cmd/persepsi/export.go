package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"persepsi/internal/audit"
	"persepsi/internal/export"
	"persepsi/survey"
)

type exportCommand struct {
	Period string `required:"" help:"The survey period." placeholder:"P"`
	Unit   string `help:"One unit." placeholder:"U" shown:"all"`
	Format string `help:"${enum}." enum:"${answer_formats}" default:"csv"`
	Out    string `help:"File to write; a codebook is written beside it, or within XLSX." placeholder:"FILE" shown:"standard output"`
	Full   bool   `help:"With id, receipt and times, which a list of people could be laid beside; needs --reason, and is audited."`
	Reason string `help:"Why they are needed, 3 to 200 characters." placeholder:"TEXT"`
}

// answerFormats are the formats of an export, as its flag names them.
func answerFormats() string {
	var out []string
	for _, f := range export.Formats() {
		out = append(out, string(f))
	}
	return strings.Join(out, ",")
}

// Validate checks what belongs together.
func (c *exportCommand) Validate() error {
	c.Reason = strings.TrimSpace(c.Reason)
	switch n := utf8.RuneCountInString(c.Reason); {
	case c.Full && (n < 3 || n > 200):
		return fmt.Errorf("--full: needs --reason of 3 to 200 characters")
	case !c.Full && n > 0:
		return fmt.Errorf("--reason: is for --full alone")
	}
	return nil
}

func (c *exportCommand) extent() export.Extent {
	if c.Full {
		return export.Full
	}
	return export.Trimmed
}

// Run streams the responses.
func (c *exportCommand) Run(ctx context.Context, e *environment) error {
	collectEarly()
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // nothing is left to be written
	if _, _, err := inPeriod(d, c.Period, c.Unit); err != nil {
		return err
	}
	erased, err := s.Erasure(ctx, c.Period)
	if err != nil {
		return err
	}
	form := d.Form(c.Period)
	w, done, abandon, err := e.file(c.Out)
	if err != nil {
		return err
	}
	if c.Full { // before the first row: who was told is known even if the export breaks off
		subject := c.Period
		if c.Unit != "" {
			subject += "/" + c.Unit
		}
		entry := said(e.now(), audit.ExportFull, subject)
		entry.Detail, entry.Reason = "with id, receipt and times, as "+c.Format, c.Reason
		entry.Concerns(c.Period, c.Unit)
		if err := note(ctx, s, entry); err != nil {
			abandon()
			return err
		}
	}
	rows, others, err := c.write(ctx, w, s, d)
	if err == nil {
		err = done()
	} else {
		abandon()
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(e.Err, "%d rows\n", rows)
	if erased != nil {
		fmt.Fprintf(e.Err, "note: comments and respondent fields of period %s were removed on %s (kept for %d months): their columns are empty\n", c.Period, erased.Day, erased.Months)
	}
	if others > 0 {
		fmt.Fprintf(e.Err, "note: %d answers to another form than the period's are left out\n", others)
	}
	if c.Out == "" || c.Out == "-" || export.Format(c.Format).Traits().HoldsCodebook {
		return nil
	}
	return c.codebook(e, form)
}

// write returns how many rows it wrote, and how many responses to other forms it
// left out: their answers would stand under questions that were not asked.
func (c *exportCommand) write(ctx context.Context, w io.Writer, s survey.Reader, d *survey.Directory) (rows, others int64, err error) {
	form := d.Form(c.Period)
	dir := ""
	if export.Format(c.Format).Traits().NeedsDir {
		// What a workbook does not hold in memory are answers too: they go with
		// the directory, also where the export breaks off.
		if dir, err = os.MkdirTemp("", "persepsi-export-"); err != nil { // its owner's alone
			return 0, 0, fmt.Errorf("make a directory for the export: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	out, err := export.New(w, export.Format(c.Format), form, c.extent(), dir)
	if err != nil {
		return 0, 0, err
	}
	reading := s.Responses(ctx, survey.Filter{Period: c.Period, Unit: d.UnitKey(c.Unit)}, func(r *survey.Response) error {
		if r.Form != form.ID {
			others++
			return nil
		}
		return out.Write(d.Present(r))
	})
	rows, err = out.Close()
	return rows, others, cmp.Or(reading, err)
}

// codebook writes what the columns mean beside an export.
func (c *exportCommand) codebook(e *environment, form *survey.Form) error {
	name := strings.TrimSuffix(c.Out, filepath.Ext(c.Out)) + ".codebook.csv"
	w, done, abandon, err := e.file(name)
	if err != nil {
		return err
	}
	if err := export.Codebook(w, form, c.extent()); err != nil {
		abandon()
		return err
	}
	return done()
}
