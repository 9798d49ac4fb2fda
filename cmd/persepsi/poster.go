package main

import (
	"context"
	"fmt"
	"strings"

	"persepsi/analytics"
	"persepsi/internal/cache"
	"persepsi/internal/poster"
	"persepsi/internal/report"
	"persepsi/internal/sheet"
	"persepsi/survey"
)

type posterCommand struct {
	Point     string `help:"The poster of one point." placeholder:"CODE" shown:"none" xor:"which"`
	Unit      string `help:"Those of a unit." placeholder:"U" shown:"none" xor:"which"`
	Agency    string `help:"Those of an agency." placeholder:"A" shown:"none" xor:"which"`
	All       bool   `help:"Those of the city." xor:"which"`
	Size      string `help:"${enum}: a tent is an A5 to be folded." enum:"a4,a6,tent" default:"a4"`
	Lang      string `help:"Language of the poster, ${enum}; one line is in the other." enum:"id,en" default:"id"`
	PublicURL string `name:"public-url" help:"Address under which citizens reach the service; it stands in the symbol." placeholder:"URL" shown:"none, and no poster is made"`
	Out       string `required:"" help:"PDF file to write." placeholder:"FILE"`
}

// Run writes the posters into one file, in the order of offices, and names the closed points
// that got none.
func (c *posterCommand) Run(ctx context.Context, e *environment) error {
	if c.Point == "" && c.Unit == "" && c.Agency == "" && !c.All {
		return misused("name whose posters: --point, --unit, --agency or --all")
	}
	base, err := printedURL(c.PublicURL)
	if err != nil {
		return err
	}
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // only read
	if err := c.check(d); err != nil {
		return err
	}
	open, closed := poster.Select(d, c.Agency, c.Unit, c.Point)
	var names []string
	for _, p := range closed {
		names = append(names, fmt.Sprintf("%s (%s, %s)", p.Point.Code, survey.Printable(p.Unit.Name), survey.Printable(p.Point.Name)))
	}
	shut := strings.Join(names, "; ")
	switch {
	case len(open) == 0 && shut == "":
		return survey.Errorf(survey.NotFound, "there is no point to make a poster of")
	case len(open) == 0:
		return survey.Errorf(survey.Closed, "closed, so without a poster: %s", shut)
	case shut != "":
		fmt.Fprintf(e.Err, "note: closed, so without a poster: %s\n", shut)
	}
	order := poster.Order{Directory: d, Places: open, Address: base, Size: poster.Size(c.Size), Lang: c.Lang, At: e.now()}
	if order.Size == poster.Tent {
		if order.Results, err = e.newest(ctx, s, d); err != nil {
			return err
		}
	}
	w, done, abandon, err := e.file(c.Out)
	if err != nil {
		return err
	}
	if err := poster.Write(w, order); err != nil {
		abandon()
		return err
	}
	return done()
}

// newest returns what finds the results that the backs of tents tell.
func (e *environment) newest(ctx context.Context, s *store, d *survey.Directory) (func(unit string) (*sheet.Input, error), error) {
	figures, err := report.NewBuilder(report.NewBoard(s), func() *survey.Directory { return d }, cache.New(0), e.now)
	if err != nil {
		return nil, err
	}
	if err := figures.Refresh(ctx); err != nil {
		return nil, err
	}
	grades, err := analytics.LoadGrades()
	if err != nil {
		return nil, err
	}
	return func(unit string) (*sheet.Input, error) { return sheet.Last(figures.Figures(), grades, unit) }, nil
}

// check names the flag of a point, unit or agency that there isn't.
func (c *posterCommand) check(d *survey.Directory) error {
	if _, ok := d.Point(c.Point); !ok && c.Point != "" {
		return survey.Errorf(survey.NotFound, "--point: there is no point %q", survey.Printable(c.Point))
	}
	if _, ok := d.Unit(c.Unit); !ok && c.Unit != "" {
		return survey.Unknown("--unit", "unit", c.Unit, d.Units())
	}
	if _, ok := d.Agency(c.Agency); !ok && c.Agency != "" {
		return survey.Unknown("--agency", "agency", c.Agency, d.Agencies())
	}
	return nil
}
