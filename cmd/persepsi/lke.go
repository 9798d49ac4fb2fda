package main

import (
	"context"
	"path/filepath"
	"strings"

	"persepsi/internal/evidence"
	"persepsi/internal/export"
	"persepsi/internal/report"
	"persepsi/survey"
)

type lkeCommand struct {
	Write  lkeWrite  `cmd:"" default:"withargs" help:"Write the LKE workbook of a period. The word write may be left out."`
	Flat   lkeFlat   `cmd:"" help:"Write the indicators as a flat table, CSV or XLSX, in the columns of another application."`
	Import lkeImport `cmd:"" help:"Read a workbook back and take what was entered in it: all or none."`
}

type lkeWrite struct {
	Period    string `required:"" help:"The survey period." placeholder:"P"`
	Agency    string `help:"One agency." placeholder:"A" shown:"all"`
	PublicURL string `name:"public-url" help:"Address under which people reach the service: links to files of evidence lead there." placeholder:"URL" shown:"none, and files are named without a link"`
	Out       string `help:"File to write." placeholder:"FILE.xlsx" shown:"standard output"`
}

// Run writes the workbook.
func (c *lkeWrite) Run(ctx context.Context, e *environment) error {
	base := ""
	if c.PublicURL != "" {
		var err error
		if base, err = publicURL(c.PublicURL); err != nil {
			return err
		}
	}
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // nothing is left to be written
	if err := (&resultsCommand{Period: c.Period, Agency: c.Agency}).check(d); err != nil {
		return err
	}
	results, err := e.results(ctx, s, d, report.Scope{Audience: report.Live, Period: c.Period, Agency: c.Agency})
	if err != nil {
		return err
	}
	proofs, err := evidence.ListPeriod(ctx, s, c.Period)
	if err != nil {
		return err
	}
	say, err := words()
	if err != nil {
		return err
	}
	w, done, abandon, err := e.file(c.Out)
	if err != nil {
		return err
	}
	if err := (&export.LKEBook{Key: d.UnitKey, Evidence: proofs, Base: base}).XLSX(w, results, say); err != nil {
		abandon()
		return err
	}
	return done()
}

type lkeFlat struct {
	Period  string `required:"" help:"The survey period." placeholder:"P"`
	Agency  string `help:"One agency." placeholder:"A" shown:"all"`
	Mapping string `help:"A YAML file that says which value goes into which column." placeholder:"FILE.yaml" shown:"satker, tahun, ipak, capaian_kinerja, ipkp" type:"path"`
	Out     string `help:"File to write." placeholder:"FILE.csv|.xlsx" shown:"standard output, as CSV"`
}

// maxMapping is how large a mapping may be.
const maxMapping = 1 << 20

// Run writes the flat table.
func (c *lkeFlat) Run(ctx context.Context, e *environment) error {
	var data []byte
	if c.Mapping != "" {
		var err error
		if data, err = readFile(c.Mapping, maxMapping); err != nil {
			return err
		}
		if len(data) > maxMapping {
			return survey.Errorf(survey.TooLarge, "--mapping: %s is larger than %d kB", c.Mapping, maxMapping>>10)
		}
		if data == nil {
			data = []byte{} // an empty file is no mapping
		}
	}
	mapping, err := export.ReadMapping(data)
	if err != nil {
		return err
	}
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // nothing is left to be written
	if err := (&resultsCommand{Period: c.Period, Agency: c.Agency}).check(d); err != nil {
		return err
	}
	results, err := e.results(ctx, s, d, report.Scope{Audience: report.Live, Period: c.Period, Agency: c.Agency})
	if err != nil {
		return err
	}
	period, _ := d.Period(c.Period)
	say, err := words()
	if err != nil {
		return err
	}
	w, done, abandon, err := e.file(c.Out)
	if err != nil {
		return err
	}
	year := period.To.Time().Year()
	if strings.EqualFold(filepath.Ext(c.Out), ".xlsx") {
		err = export.FlatXLSX(w, results, year, mapping, say)
	} else {
		err = export.FlatCSV(w, results, year, mapping)
	}
	if err != nil {
		abandon()
		return err
	}
	return done()
}
