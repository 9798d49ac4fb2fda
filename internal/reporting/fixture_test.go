package reporting_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"persepsi/internal/reporting"

	"persepsi/internal/access"
	"persepsi/internal/cache"
	"persepsi/internal/demo"
	"persepsi/internal/desk"
	"persepsi/internal/document"
	"persepsi/internal/projection"
	"persepsi/internal/report"
	"persepsi/internal/sqlite"
	"persepsi/internal/testkit"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// city is the demonstration, with its figures.
type city struct {
	figures *report.Builder
	details *desk.Details
	desk    *desk.Desk
	desks   *desk.Builder
}

// filled is made once, for all tests: that takes seconds.
var filled = sync.OnceValues(func() (c *city, err error) {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "persepsi-reporting")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	lib, err := survey.NewLibrary()
	if err != nil {
		return nil, err
	}
	methods, err := survey.LoadMethods()
	if err != nil {
		return nil, err
	}
	db, err := sqlite.Open(ctx, dir)
	if err != nil {
		return nil, err
	}
	store, now := testkit.Project(db, lib), func() time.Time { return testkit.Noon().Add(time.Second) }
	if err := demo.Fill(ctx, store, lib, methods, testkit.Noon()); err != nil {
		return nil, err
	}
	register, err := survey.NewRegister(ctx, store, lib, methods)
	if err != nil {
		return nil, err
	}
	if err := store.Refresh(ctx); err != nil {
		return nil, err
	}
	if _, err := projection.NewReleaser(store.Projector, 0, func() bool { return true }).Release(ctx, register.Directory(), now()); err != nil {
		return nil, err
	}
	c = &city{}
	if c.figures, err = report.NewBuilder(report.NewBoard(store), register.Directory, cache.New(1<<20), now); err != nil {
		return nil, err
	}
	if c.details, err = desk.NewDetails(c.figures, cache.New(1<<20)); err != nil {
		return nil, err
	}
	c.desks = desk.NewBuilder(c.figures.Figures, store, nil, now)
	if err := errors.Join(c.figures.Refresh(ctx), c.desks.Refresh(ctx)); err != nil {
		return nil, err
	}
	c.desk = c.desks.Desk().For(access.Actor{Name: "x", Grants: []access.Grant{{Role: access.Evaluator, Scope: access.City()}}})
	return c, nil
})

func demonstration(t *testing.T) *city {
	t.Helper()
	c, err := filled()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// input is what a report of a unit of the demonstration is made of: a copy, that may be changed.
func (c *city) input(t *testing.T, kind reporting.Kind, period, unit string) *reporting.Input {
	t.Helper()
	in, err := reporting.Gather(t.Context(), c.figures.Figures(), c.details, c.desk, reporting.Request{Kind: kind, Period: period, Unit: unit, Sums: true})
	if err != nil {
		t.Fatal(err)
	}
	detail, result := *in.Detail, *in.Result
	of := *detail.Unit
	detail.Unit = &of
	in.Detail, in.Result = &detail, &result
	return in
}

func speaker(t *testing.T, lang string) *wording.Speaker {
	t.Helper()
	c, err := wording.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c.In(lang)
}

func made(t *testing.T, lang string, in *reporting.Input) *document.Document {
	t.Helper()
	d, err := reporting.Make(speaker(t, lang), in)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// outline writes all that a document says as plain text.
func outline(d *document.Document) string {
	var out strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&out, format+"\n", args...) }
	line("%s | %s | %s | %s", d.Lang, d.Title, d.Subject, d.Author)
	line("colour: %s", d.Colour)
	line("head: %s | %s; foot: %s; %s; contents: %s; draft: %s", d.Head[0], d.Head[1], d.Foot, d.PageOf(7, 24), d.Contents, d.Draft)
	if c := d.Cover; c != nil {
		line("cover: %s | %s | %s | %s | %s", c.City, c.Office, c.Title, c.Of, c.When)
		for _, p := range []*document.Picture{c.Arms, c.Logo} {
			if p != nil {
				line("  picture: %s, %s", p.Type, p.Alt)
			}
		}
		line("  %s", plain(c.Finding))
		if c.Chart != nil {
			line("  chart %v", c.Chart.Table.Rows)
			line("  %s", c.Note)
		}
		for _, b := range c.Basis {
			line("  %s", b)
		}
		if c.Age != nil {
			line("  age %s %v", c.Age.Address, c.Age.Lines)
		}
	}
	for _, s := range d.Sections {
		line("%s %s (%s)", strings.Repeat("#", s.Level), s.Title, s.ID)
		for _, b := range s.Blocks {
			block(line, b)
		}
	}
	return out.String()
}

func block(line func(string, ...any), b document.Block) {
	switch b := b.(type) {
	case document.Paragraph:
		line("%s%s", map[bool]string{true: "> "}[b.Quote], plain(b.Runs))
	case document.List:
		for _, i := range b.Items {
			line("- %s", plain(i))
		}
	case document.Table:
		line("[%s]", b.Caption)
		var heads []string
		for _, c := range b.Columns {
			heads = append(heads, c.Title)
		}
		line("  %s", strings.Join(heads, " | "))
		for _, r := range b.Rows {
			line("  %s", strings.Join(r.Cells, " | "))
		}
		if b.Note != "" {
			line("  %s", b.Note)
		}
	case document.Figure:
		line("[%s] %s", b.Caption, b.Note)
		for _, r := range b.Chart.Table.Rows {
			line("  %s", strings.Join(r, " | "))
		}
	case document.Facts:
		for _, f := range b.Rows {
			line("  %s: %s", f.Name, plain(f.Value))
		}
	case document.Signatures:
		for _, s := range b.Signers {
			line("  %s; %s; %s", strings.Join(s.Above, ", "), s.Name, strings.Join(s.Below, ", "))
		}
	}
}

func plain(runs []document.Run) string {
	var out strings.Builder
	for _, r := range runs {
		out.WriteString(r.Text)
	}
	return out.String()
}
