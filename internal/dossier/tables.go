package dossier

import (
	"cmp"
	"context"
	"io"
	"slices"

	"persepsi/internal/export"
	"persepsi/internal/reporting"
	"persepsi/internal/sheet"
	"persepsi/survey"
)

// table writes rows as CSV.
func (u *unitPart) table(a *archive, name, what string, rows [][]any) error {
	return u.add(a, name, what, func(w io.Writer) error { return export.Table(w, rows) })
}

// writeSheet writes the publication sheet.
func (u *unitPart) writeSheet(_ context.Context, a *archive) error {
	const name = "03-lembar-publikasi.pdf"
	in, err := sheet.Gather(u.figures, u.grades, u.period.Code, u.place.Unit.Code)
	switch {
	case survey.CodeOf(err) == survey.NotFound:
		u.leave(name, "no_figure")
		return nil
	case err != nil:
		return err
	case u.maker.Reports.Address == "":
		u.leave(name, "no_address")
		return nil
	}
	return u.add(a, name, "evidence.what.sheet", func(w io.Writer) error {
		return sheet.Write(w, in, sheet.Order{Size: sheet.A4, Format: sheet.PDF, Lang: u.s.Lang(), Base: u.maker.Reports.Address})
	})
}

// writeFollowUps writes what the office writes of what is done, in the reports, and what it
// declares to be done.
func (u *unitPart) writeFollowUps(_ context.Context, a *archive) error {
	const name = "05-tindak-lanjut.csv"
	aspect := func(code string) string {
		text, _ := u.form.Aspect(code)
		return u.s.Text(text)
	}
	rows := [][]any{{"from", "aspect", "aspect_name", "found", "action", "by", "until", "status", "done"}}
	for _, in := range u.reports {
		for _, f := range in.Written.FollowUps {
			rows = append(rows, []any{"report_" + string(in.Kind), f.Aspect, aspect(f.Aspect), f.Found, f.Action, f.By, f.Until, f.Status, nil})
		}
	}
	for _, i := range u.period.Improved[u.place.Unit.Code] {
		rows = append(rows, []any{"declared", i.Aspect, aspect(i.Aspect), nil, u.s.Text(i.Text), nil, nil, nil, i.Done.String()})
	}
	if len(rows) == 1 {
		u.leave(name, "nothing")
		return nil
	}
	return u.table(a, name, "evidence.what.followups", rows)
}

// writePeople writes who the respondents are, of the newest release: what they told of
// themselves, groups that are too small hidden.
func (u *unitPart) writePeople(_ context.Context, a *archive) error {
	const name = "07-profil-responden.csv"
	rows := [][]any{{"field", "field_name", "code", "label", "respondents", "hidden"}}
	for _, split := range u.annex.Detail.Splits {
		if split.Title == nil {
			continue
		}
		for _, g := range split.Groups {
			label := u.say("result.untold")
			if g.Label != nil {
				label = u.s.Text(g.Label)
			}
			row := []any{split.By, u.s.Text(split.Title), g.Code, label, nil, "true"}
			if !g.Suppressed {
				row[4], row[5] = g.N, "false"
			}
			rows = append(rows, row)
		}
	}
	if len(rows) == 1 {
		u.leave(name, "no_people")
		return nil
	}
	return u.table(a, name, "evidence.what.people", rows)
}

// writeResults writes the figures: the workbook with live formulas, and the same for
// programs.
func (u *unitPart) writeResults(_ context.Context, a *archive) error {
	return u.writeFigures(a, "08-tabel-olahan.xlsx", "09-hasil")
}

func (u *unitPart) writeFigures(a *archive, book, data string) error {
	if err := u.add(a, book, "evidence.what.workbook", func(w io.Writer) error {
		return export.ResultsXLSX(w, u.results, u.figures.Directory().Zone(), export.Spoken(u.s))
	}); err != nil {
		return err
	}
	if err := u.add(a, data+".csv", "evidence.what.results.rows", func(w io.Writer) error { return export.ResultsCSV(w, u.results) }); err != nil {
		return err
	}
	return u.add(a, data+".json", "evidence.what.results.program", func(w io.Writer) error {
		text, err := u.results.AppendJSON(nil)
		if err == nil {
			_, err = w.Write(append(text, '\n'))
		}
		return err
	})
}

// writeMethod writes what the codes mean, and how the figures came about.
func (u *unitPart) writeMethod(_ context.Context, a *archive) error {
	form := *u.form
	if u.audience != Evaluators { // no file of theirs has the questions without a score
		form.Questions = slices.DeleteFunc(slices.Clone(form.Questions), func(q survey.Question) bool { return !q.Scored })
	}
	if err := u.add(a, "10-kamus-kode.csv", "evidence.what.codebook", func(w io.Writer) error { return export.Codebook(w, &form, export.Trimmed) }); err != nil {
		return err
	}
	doc, err := reporting.MakeMethods(u.s, u.annex)
	if err != nil {
		return err
	}
	return u.document(a, "11-metode.pdf", "evidence.what.method", doc)
}

// writeRows writes the answers, for evaluators: the day, a number instead of the id, and no
// comment, which nobody reads beside scores.
func (u *unitPart) writeRows(ctx context.Context, a *archive) error {
	const name = "13-jawaban.csv"
	if u.audience != Evaluators {
		u.leave(name, "for_evaluators")
		return nil
	}
	if u.erased != nil {
		day, err := u.s.Date(u.erased.Day)
		if err != nil {
			return err
		}
		u.leave(name, "erased", "Day", day)
	}
	var n, others int64
	if err := u.add(a, name, "evidence.what.rows", func(w io.Writer) error {
		out, err := export.New(w, export.CSV, u.form, export.Trimmed, "")
		if err != nil {
			return err
		}
		d := u.figures.Directory()
		reading := u.maker.Facts.Responses(ctx, survey.Filter{Period: u.period.Code, Unit: u.place.Unit.Key()}, func(r *survey.Response) error {
			if r.Form != u.form.ID {
				others++
				return nil
			}
			shown := *d.Present(r)
			shown.Comment = ""
			return out.Write(&shown)
		})
		n, err = out.Close()
		return cmp.Or(reading, err)
	}); err != nil {
		return err
	}
	a.files[len(a.files)-1].Rows = &n
	if others > 0 {
		u.leave(name, "other_form", "N", u.s.Whole(others))
	}
	return nil
}
