package export

import (
	"fmt"
	"io"

	"persepsi/analytics"
	"persepsi/internal/evidence"
	"persepsi/internal/lke"
	"persepsi/internal/report"
)

// lkeBook is an LKE workbook that is being written.
type lkeBook struct {
	*book
	LKEBook
	results *report.Results
	table   *analytics.LKETable
	keys    []string
	rows    map[string]int // of every sheet of a unit, by key
	weights map[string]float64
	remarks map[string][]lke.SheetCell // by the keys of their rows
	places  []lkePlace
}

// LKEBook is what an LKE workbook is written of beside results.
type LKEBook struct {
	Key func(unit string) string // returns what a unit's entries are stored by
	// Evidence is what units show beside their figures, by their keys.
	Evidence map[string][]evidence.Entry
	// Base is the address under which people reach the service, without a slash at its end,
	// for links to files; empty: there is none, and files are named without a link.
	Base string
}

// lkePlace is where a unit's figures stand.
type lkePlace struct {
	unit      *report.UnitResult
	name      string // of the sheet, in a formula's quotes
	wbk, wbbm string // the cells of the verdicts
}

// XLSX writes the LKE workbook of results: a summary of all units and a sheet for each, in
// the columns of the LKE. What the survey tells is filled in and locked; what evaluators enter
// is open, and read back by internal/lkebook. All else is live formulas.
func (of *LKEBook) XLSX(w io.Writer, r *report.Results, say Say) error {
	table, err := analytics.LoadLKE()
	if err != nil {
		return err
	}
	b := &lkeBook{
		book: newBook(say), LKEBook: *of, results: r, table: table, keys: lke.SheetKeys(table), rows: map[string]int{}, weights: lke.SheetWeights(table), remarks: map[string][]lke.SheetCell{},
	}
	defer b.file.Close() // only memory
	for i, k := range b.keys {
		b.rows[k] = lke.SheetRowFirst + i
	}
	for _, c := range lke.SheetCells(table) {
		if c.Remark() {
			b.remarks[c.Key] = append(b.remarks[c.Key], c)
		}
	}
	if err = b.write(); err == nil {
		err = b.end(w)
	}
	if err != nil {
		return fmt.Errorf("write the LKE workbook: %w", err)
	}
	return nil
}

func (b *lkeBook) write() error {
	heads := b.summaryHeads()
	widths := make([]float64, len(heads))
	for i := range widths {
		widths[i] = 9
	}
	widths[0], widths[1], widths[2], widths[len(heads)-3], widths[len(heads)-2] = 5, 30, 28, 14, 14
	summary, err := b.add(page{title: b.say("lkebook.summary"), widths: widths, frozen: 4, fixed: 3, foot: b.foot(), before: b.protect})
	if err != nil {
		return err
	}
	if err := summary.title(b.say("lkebook.title"), b.line(), b.say("lkebook.summary.is")); err != nil {
		return err
	}
	if err := summary.heads(30, heads...); err != nil {
		return err
	}
	for _, u := range b.results.Units {
		if err := b.unit(u); err != nil {
			return fmt.Errorf("unit %s: %w", u.Unit, err)
		}
	}
	for i, p := range b.places {
		if err := summary.write(0, b.summaryRow(i+1, p)...); err != nil {
			return err
		}
	}
	return nil
}

func (b *lkeBook) foot() string { return b.results.CityName + " – " + b.results.PeriodName }

func (b *lkeBook) line() string {
	out := b.results.CityName + " · " + b.results.PeriodName + " · " + b.say("sheet.state."+b.results.State)
	if b.results.Demo {
		out += " · " + b.say("sheet.demo")
	}
	return out
}

// protect locks a sheet: what is not open can't be changed by a slip. There is no password,
// for it would protect nothing: what is read back is checked.
func (b *lkeBook) protect(name string) error {
	return b.file.ProtectSheet(name, protection())
}

func (b *lkeBook) summaryHeads() []string {
	return []string{
		b.say("sheet.number"), b.say("sheet.agency"), b.say("sheet.unit"), "IPAK", "I.a", "I.b", "I", "IPKP", "II", b.say("lkebook.row.hasil"), b.say("lke.row.pengungkit"),
		b.say("lke.row.total"), "WBK", "WBBM", b.say("lkebook.version"),
	}
}

// summaryRow points to the figures on a unit's sheet.
func (b *lkeBook) summaryRow(n int, p lkePlace) []value {
	u := p.unit
	points := func(key string, of *analytics.LKEFigure) value {
		out := value{look: look{line: true, format: formatFigure}, formula: reference(p.name, lke.ColumnPoints, b.rows[key])}
		if out.content = ""; of != nil {
			out.content = of.Points
		}
		return out
	}
	index := func(key, code string) value {
		out := value{look: look{line: true, format: formatFine}, formula: reference(p.name, lke.ColumnAnswer, b.rows[key])}
		if out.content = ""; u.Indexes[code] != nil {
			out.content = u.Indexes[code].Value
		}
		return out
	}
	version := 0
	if u.Evaluation != nil {
		version = u.Evaluation.Version
	}
	return []value{
		number(n, formatCount), wrapped(u.AgencyName), wrapped(u.UnitName),
		index(lke.RowIPAK, analytics.IPAK), points(lke.RowIPAK, figureOf(u.LKE.IA)), points(lke.RowLevel, figureOf(u.LKE.IB)), points(lke.RowClean, figureOf(u.LKE.I)),
		index(lke.RowIPKP, analytics.IPKP), points(lke.RowService, figureOf(u.LKE.II)), points(lke.RowResult, u.LKE.Hasil), points(lke.Total, u.LKE.Pengungkit),
		points(lke.RowTotal, u.LKE.Total),
		{b.verdict(u.LKE.WBK), look{line: true, center: true}, "'" + p.name + "'!" + p.wbk},
		{b.verdict(u.LKE.WBBM), look{line: true, center: true}, "'" + p.name + "'!" + p.wbbm},
		number(version, formatCount),
	}
}

// reference is a formula that shows a cell of another sheet, nothing where that is empty.
func reference(name string, column, row int) string {
	cell := "'" + name + "'!" + at(column, row)
	return "IF(" + cell + `="","",` + cell + ")"
}

// verdict says the outcome of tests as the formulas do.
func (b *lkeBook) verdict(v analytics.Verdict) string {
	switch {
	case v.Missing():
		return b.say("sheet.verdict.missing")
	case v.OK():
		return b.say("sheet.verdict.passed")
	}
	return b.say("sheet.verdict.failed")
}
