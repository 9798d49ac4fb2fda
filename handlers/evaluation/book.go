package evaluation

import (
	"context"
	"io"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/evidence"
	"persepsi/internal/export"
	"persepsi/internal/report"
	"persepsi/internal/wording"
	"persepsi/survey"
)

// What files are sent as.
const (
	xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	csvType  = "text/csv; charset=utf-8"
)

const (
	// mostFiles is how many files are made or being sent at once. One at a time is made: that
	// of a city takes one core some seconds, and answers come in meanwhile.
	mostFiles = 8
	// makeWithin is how long one may wait for its turn and be made.
	makeWithin = 30 * time.Second
)

// periodRequest is a period as /lke shows it to who asks.
type periodRequest struct {
	period    *survey.Period
	lang      string
	directory *survey.Directory
	figures   *report.Figures
	scope     report.Scope
}

// request returns the period that a request asks for. NotFound: there is none.
func (s *cityPages) request(c *fiber.Ctx) (*periodRequest, error) {
	f := s.figures.Figures()
	data, err := newSheet(s.site, c, f.Directory())
	if err != nil {
		return nil, err
	}
	if data.Period == nil {
		return nil, survey.Errorf(survey.NotFound, "there is no such sheet")
	}
	scope := scopeOf(c, bound(web.ActorOf(c), c.Query(part)))
	scope.Period = data.Period.Code
	return &periodRequest{data.Period, data.Lang, f.Directory(), f, scope}, nil
}

// scopeOf returns what of a part of the city somebody sees on these pages, in any period.
func scopeOf(c *fiber.Ctx, on access.Scope) report.Scope {
	out := report.Scope{Audience: report.Managed}
	out.Agency, out.Unit = on.Codes()
	if access.Allow(web.ActorOf(c), access.ReadLive, on) {
		out.Audience = report.Live
	}
	return out
}

// say returns the words of a language for what is written.
func say(lang string) (export.Say, error) {
	words, err := wording.Load()
	if err != nil {
		return nil, err
	}
	return export.Spoken(words.In(lang)), nil
}

// workbook is GET /lke.xlsx: the LKE workbook of what /lke shows who asks, with the evidence
// that they may see.
func (s *cityPages) workbook(c *fiber.Ctx) error {
	o, err := s.request(c)
	if err != nil {
		return err
	}
	return s.queue.Send(c, "lke-"+o.period.Code+".xlsx", xlsxType, func(ctx context.Context, w io.Writer) error {
		r, err := o.figures.Results(o.scope)
		if err != nil {
			return err
		}
		kept, err := evidence.ListPeriod(ctx, s.evidence, o.period.Code)
		if err != nil {
			return err
		}
		book := &export.LKEBook{Key: o.directory.UnitKey, Evidence: map[string][]evidence.Entry{}, Base: s.base(c)}
		for _, u := range r.Units {
			if s.site.May(c, access.ReadEvidence, web.ScopeOf(o.directory, report.Scope{Unit: u.Unit})) {
				book.Evidence[book.Key(u.Unit)] = kept[book.Key(u.Unit)]
			}
		}
		say, err := say(o.lang)
		if err != nil {
			return err
		}
		return book.XLSX(w, r, say)
	})
}

// base is the address that links in a file lead to: the configured one or, of a file that
// nobody else gets, the one that this request came to.
func (s *cityPages) base(c *fiber.Ctx) string {
	if address, _, err := s.site.Address(c); err == nil {
		return address
	}
	return s.site.Peers.Address(c)
}

// results is GET /hasil.xlsx: the workbook of results of what /lke shows who asks, with how
// they came about.
func (s *cityPages) results(c *fiber.Ctx) error {
	o, err := s.request(c)
	if err != nil {
		return err
	}
	o.scope.Explain = true
	return s.queue.Send(c, "hasil-"+o.period.Code+".xlsx", xlsxType, func(_ context.Context, w io.Writer) error {
		r, err := o.figures.Results(o.scope)
		if err != nil {
			return err
		}
		say, err := say(o.lang)
		if err != nil {
			return err
		}
		return export.ResultsXLSX(w, r, o.directory.Zone(), say)
	})
}

// flatTable is GET /lke.csv: the flat table of what /lke shows who asks.
func (s *cityPages) flatTable(c *fiber.Ctx) error {
	o, err := s.request(c)
	if err != nil {
		return err
	}
	return s.queue.Send(c, "lke-"+o.period.Code+".csv", csvType, func(_ context.Context, w io.Writer) error {
		r, err := o.figures.Results(o.scope)
		if err != nil {
			return err
		}
		columns, err := export.ReadMapping(nil)
		if err != nil {
			return err
		}
		return export.FlatCSV(w, r, o.period.To.Time().Year(), columns)
	})
}
