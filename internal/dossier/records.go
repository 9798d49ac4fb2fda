package dossier

import (
	"context"
	"slices"
	"time"

	"persepsi/internal/audit"
	"persepsi/internal/document"
	"persepsi/internal/report"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// told are the actions of the audit that a package tells of: what moved, or could move,
// figures. Not what they moved them by: that tells of figures that are not released.
func told() []string {
	return []string{audit.Amend, audit.Import, audit.UndoImport, audit.Erase}
}

// records are what was changed, brought in and released of a unit in a period.
type records struct {
	amendments []survey.Amendment
	imports    []survey.Import
	audit      []audit.Entry
	steps      []report.IndexHistory // with the releases of each index
}

// records reads the records of a unit.
func (u *unitPart) records(ctx context.Context) (*records, error) {
	out := &records{amendments: u.period.AmendmentsOf(u.place.Unit)}
	if err := u.maker.Facts.Imports(ctx, func(i *survey.Import) error {
		if i.Period == u.period.Code && rowsOf(i, u.place.Unit.Key()) > 0 {
			out.imports = append(out.imports, *i)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	entries, err := u.entries(ctx)
	if err != nil {
		return nil, err
	}
	for i := range entries {
		if e := &entries[i]; len(e.Units) == 0 || slices.ContainsFunc(u.place.Unit.Codes(), func(code string) bool { return slices.Contains(e.Units, code) }) {
			out.audit = append(out.audit, *e)
		}
	}
	for _, x := range u.history.Indexes {
		if len(x.Steps) > 0 {
			out.steps = append(out.steps, x)
		}
	}
	return out, nil
}

// entries returns what the audit has of the period that a package tells of. It is read once,
// for all units of an agency: it is as long as the city's years.
func (p *Dossier) entries(ctx context.Context) ([]audit.Entry, error) {
	if p.audited != nil {
		return p.audited, nil
	}
	filter, all := audit.Filter{Period: p.period.Code}, []audit.Entry{}
	err := p.maker.Audit.AuditLog(ctx, func(e audit.Entry) error {
		if filter.Selects(&e) && slices.Contains(told(), e.Action) {
			e.Changes = nil
			all = append(all, e)
		}
		return nil
	})
	if err == nil {
		p.audited = all
	}
	return all, err
}

// rowsOf is how many rows an import brought of a unit.
func rowsOf(i *survey.Import, unit string) (n int) {
	for _, of := range i.Units {
		if of.Unit == unit {
			n += of.Rows
		}
	}
	return n
}

// stateOf is what became of an import: `counts`, `undone`, or `broken_off`.
func stateOf(i *survey.Import) string {
	switch {
	case i.Undone != nil:
		return "undone"
	case !i.Done:
		return "broken_off"
	}
	return "counts"
}

// stamp writes a moment for programs.
func stamp(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// writeRecords writes what was changed, brought in and released, for programs and to be read.
func (u *unitPart) writeRecords(ctx context.Context, a *archive) error {
	r, err := u.records(ctx)
	if err != nil {
		return err
	}
	rows := [][]any{{"serial", "at", "by", "action", "subject", "reason", "hash"}}
	for i := range r.audit {
		e := &r.audit[i]
		rows = append(rows, []any{e.Serial, stamp(e.At), e.Actor, e.Action, e.Subject, e.Reason, e.Hash})
	}
	if err := u.table(a, "12-catatan-audit.csv", "evidence.what.records.audit", rows); err != nil {
		return err
	}
	rows = [][]any{{"import", "at", "by", "rows_of_unit", "state", "reason", "undone_at", "undone_by", "undone_reason"}}
	for i := range r.imports {
		one := &r.imports[i]
		row := []any{one.Serial, stamp(one.At), one.By, rowsOf(one, u.place.Unit.Key()), stateOf(one), one.Reason, nil, nil, nil}
		if one.Undone != nil {
			row[6], row[7], row[8] = stamp(one.Undone.At), one.Undone.By, one.Undone.Reason
		}
		rows = append(rows, row)
	}
	if err := u.table(a, "12-catatan-impor.csv", "evidence.what.records.imports", rows); err != nil {
		return err
	}
	names := wording.AmendedNames(u.figures.Directory(), u.period)
	rows = [][]any{{"at", "by", "reason", "change", "text"}}
	for _, one := range r.amendments {
		for _, change := range one.Changes {
			text, err := u.s.Amended(change, names)
			if err != nil {
				return err
			}
			rows = append(rows, []any{stamp(one.At), one.By, one.Reason, change, text})
		}
	}
	if err := u.table(a, "12-catatan-perubahan.csv", "evidence.what.records.amendments", rows); err != nil {
		return err
	}
	rows = [][]any{{"release", "as_of", "final", "index", "value", "shown", "mutu", "n", "aspects_answered", "aspects_all"}}
	for _, x := range r.steps {
		for _, s := range x.Steps {
			rows = append(rows, []any{s.Serial, stamp(s.AsOf), s.Final, x.Index, s.Value, s.Shown, s.Mutu, *s.N, s.AspectsAnswered, s.AspectsAll})
		}
	}
	if err := u.table(a, "12-catatan-rilis.csv", "evidence.what.records.releases", rows); err != nil {
		return err
	}
	doc, err := u.recordsDocument(r)
	if err != nil {
		return err
	}
	return u.document(a, "12-catatan.pdf", "evidence.what.records.pdf", doc)
}

// recordsDocument tells the records to people.
func (u *unitPart) recordsDocument(r *records) (*document.Document, error) {
	zone, names := u.figures.Directory().Zone(), wording.AmendedNames(u.figures.Directory(), u.period)
	title := u.say("evidence.records")
	doc := &document.Document{
		Lang: u.s.Lang(), Title: title, Subject: u.place.Unit.Name + ", " + u.period.Name, Author: u.place.Agency.Name, At: u.made(u.place.Unit.Code).In(zone),
		Head: [2]string{title + " · " + u.place.Unit.Name, u.period.Name}, Foot: u.say("evidence.records.foot"),
		PageOf: func(page, pages int) string { return u.say("report.page", "N", page, "Of", pages) },
	}
	if u.figures.Directory().City().Demo {
		doc.Demo = u.say("print.demo")
	}
	var faults []error
	moment := func(at time.Time) string {
		text, err := u.s.Moment(at.In(zone))
		if err != nil {
			faults = append(faults, err)
		}
		return text
	}
	section := func(key string, columns []document.Column, rows []document.Row) {
		blocks := []document.Block{document.Paragraph{Runs: document.Plain(u.say("evidence.records." + key + ".lead"))}}
		if rows == nil {
			blocks = append(blocks, document.Paragraph{Runs: document.Plain(u.say("evidence.records." + key + ".none"))})
		} else {
			blocks = append(blocks, document.Table{Columns: columns, Rows: rows})
		}
		doc.Sections = append(doc.Sections, document.Section{ID: key, Title: u.say("evidence.records." + key), Level: 1, Blocks: blocks})
	}
	column := func(key string, wide float64) document.Column {
		return document.Column{Title: u.say("evidence.records.column." + key), Wide: wide}
	}
	var rows []document.Row
	for _, one := range r.amendments {
		for _, change := range one.Changes {
			text, err := u.s.Amended(change, names)
			if err != nil {
				return nil, err
			}
			rows = append(rows, document.Row{Cells: []string{moment(one.At), text, one.Reason, one.By}})
		}
	}
	section("amendments", []document.Column{column("at", 1.3), column("what", 2.6), column("reason", 2), column("by", 1.1)}, rows)
	rows = nil
	for i := range r.imports {
		one := &r.imports[i]
		state := u.say("evidence.records.state." + stateOf(one))
		if one.Undone != nil {
			state = u.say("evidence.records.undone", "At", moment(one.Undone.At), "By", one.Undone.By, "Reason", one.Undone.Reason)
		}
		rows = append(rows, document.Row{Cells: []string{u.s.Whole(one.Serial), moment(one.At), u.s.Whole(rowsOf(one, u.place.Unit.Key())), state, one.Reason, one.By}})
	}
	section("imports", []document.Column{column("import", .7), column("at", 1.3), column("rows", .7), column("state", 1.8), column("reason", 1.6), column("by", 1)}, rows)
	rows = nil
	for _, x := range r.steps {
		for _, s := range x.Steps {
			kind := "evidence.records.running"
			if s.Final {
				kind = "evidence.records.final"
			}
			rows = append(rows, document.Row{Cells: []string{u.s.NameOf(x.Index), u.s.Whole(s.Serial), moment(s.AsOf), u.s.Shown(s.Shown), s.Mutu, u.s.Whole(*s.N), u.say(kind)}, Strong: s.Final})
		}
	}
	right := func(c document.Column) document.Column {
		c.Align = document.Right
		return c
	}
	section("releases", []document.Column{column("index", .9), right(column("release", .8)), column("asof", 1.8), right(column("value", .8)), column("mutu", .6), right(column("n", .8)), column("state", 1.1)}, rows)
	if len(faults) > 0 {
		return nil, faults[0]
	}
	return doc, nil
}
