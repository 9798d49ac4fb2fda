package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/lke"
	"persepsi/internal/report"
	"persepsi/survey"
)

// indicator is one row of the common upload into the LKE, with its tests.
type indicator struct {
	Tahun      int                          `json:"tahun"`
	Satker     string                       `json:"satker"`
	SatkerName string                       `json:"satker_name"`
	Agency     string                       `json:"agency"`
	IPAK       *float64                     `json:"ipak"`
	Capaian    *string                      `json:"capaian_kinerja"`
	IPKP       *float64                     `json:"ipkp"`
	Pengungkit *float64                     `json:"pengungkit"`
	Population *int                         `json:"population"`                 // people served; null where it was not declared
	Fault      string                       `json:"population_fault,omitempty"` // what is wrong with it
	Indexes    map[string]*sureness         `json:"indexes"`                    // by code; null where there are no answers
	Points     map[string]*float64          `json:"points"`
	Tests      map[string]analytics.Verdict `json:"tests"`
	Missing    []string                     `json:"missing"`
	Version    int                          `json:"version"` // of the evaluator's entry; 0: none yet
}

// sureness tells how far an index of a row can be relied on.
type sureness struct {
	Value           float64    `json:"value"`
	N               int64      `json:"n"`
	Needed          *int       `json:"needed"`
	Adequate        bool       `json:"adequate"`
	SampleFault     string     `json:"sample_fault,omitempty"`
	CI95            [2]float64 `json:"ci95"`
	AspectsAnswered int        `json:"aspects_answered"`
	AspectsAll      int        `json:"aspects_all"`
	Basis           string     `json:"basis"`
}

func surenessOf(x *analytics.Index) *sureness {
	if x == nil {
		return nil
	}
	return &sureness{
		Value: x.Value, N: x.N, Needed: x.Needed, Adequate: x.Adequate, SampleFault: x.SampleFault, CI95: x.CI95,
		AspectsAnswered: x.AspectsAnswered, AspectsAll: x.AspectsAll, Basis: x.Regulation,
	}
}

func newIndicator(year int, u *report.UnitResult) indicator {
	row := indicator{
		Tahun: year, Satker: u.Unit, SatkerName: u.UnitName, Agency: u.Agency, Missing: []string{},
		Points: map[string]*float64{
			"I.a": rowPoints(u.LKE.IA), "I.b": rowPoints(u.LKE.IB), "I": rowPoints(u.LKE.I), "II": rowPoints(u.LKE.II),
			"hasil": figurePoints(u.LKE.Hasil), "pengungkit": figurePoints(u.LKE.Pengungkit), "total": figurePoints(u.LKE.Total),
		},
		Tests:      map[string]analytics.Verdict{"wbk": u.LKE.WBK, "wbbm": u.LKE.WBBM},
		Population: u.Sample.Population, Fault: u.Sample.Fault, Indexes: map[string]*sureness{},
	}
	for code, x := range u.Indexes {
		row.Indexes[code] = surenessOf(x)
	}
	row.Pengungkit = row.Points["pengungkit"]
	if x := u.Indexes[analytics.IPAK]; x != nil {
		row.IPAK = &x.Value
	}
	if x := u.Indexes[analytics.IPKP]; x != nil {
		row.IPKP = &x.Value
	}
	if u.LKE.IB != nil {
		row.Capaian = &u.LKE.IB.Level
	}
	if u.Evaluation != nil {
		row.Version = u.Evaluation.Version
	}
	for _, t := range u.LKE.WBK.Tests {
		if t.Missing {
			row.Missing = append(row.Missing, t.Row)
		}
	}
	return row
}

func rowPoints(r *analytics.LKERow) *float64 {
	if r == nil {
		return nil
	}
	return &r.Points
}

func figurePoints(f *analytics.LKEFigure) *float64 {
	if f == nil {
		return nil
	}
	return &f.Points
}

// indicators is GET /api/v1/zi/indicators?period=.
func (s *resources) indicators(c *fiber.Ctx) error {
	f := s.Figures.Figures()
	scope := report.Scope{Period: c.Query("period"), Agency: c.Query("agency"), Unit: c.Query("unit")}
	if scope.Period == "" {
		return missing("period")
	}
	asked := []report.Scope{scope}
	if scope.Agency == "" && scope.Unit == "" { // all that the key is for
		asked = nil
		for _, on := range web.ActorOf(c).Scopes(access.ReadLKE) {
			one := scope
			one.Agency, one.Unit = on.Codes()
			asked = append(asked, one)
		}
	}
	rows := []indicator{}
	for _, one := range asked {
		on := web.ScopeOf(f.Directory(), one)
		if err := s.site.Require(c, on); err != nil {
			return err
		}
		one.Audience = s.audience(c, on)
		some, err := indicatorRows(f, one)
		if err != nil {
			return err
		}
		rows = append(rows, some...)
	}
	return c.JSON(rows)
}

func indicatorRows(f *report.Figures, scope report.Scope) ([]indicator, error) {
	results, err := f.Results(scope)
	if err != nil {
		return nil, err
	}
	period, _ := f.Directory().Period(scope.Period)
	rows := make([]indicator, len(results.Units))
	for i, u := range results.Units {
		rows[i] = newIndicator(period.To.Time().Year(), u)
	}
	return rows, nil
}

// entryBody is the body of PUT /api/v1/zi/indicators.
type entryBody struct {
	Period     string          `json:"period"`
	Unit       string          `json:"unit"`
	Capaian    string          `json:"capaian_kinerja"`
	Pengungkit json.RawMessage `json:"pengungkit"`
	Who        string          `json:"who"`
	Why        string          `json:"why"`
	Version    *int            `json:"version"` // the entry that was read and that this one replaces; 0: none
}

// acceptedEntry answers an entry that is stored while the unit's row cannot be made yet.
type acceptedEntry struct {
	Satker  string `json:"satker"`
	Version int    `json:"version"`
}

// setIndicators is PUT /api/v1/zi/indicators?period=: it adds an evaluator's
// entry, with who and why, and answers with the unit's new row; 202 where that is still to be
// made.
func (s *resources) setIndicators(c *fiber.Ctx) error {
	body, err := readEntry(c)
	if err != nil {
		return err
	}
	f := s.Figures.Figures()
	scope := report.Scope{Period: body.Period, Unit: body.Unit}
	if err := s.site.Require(c, web.ScopeOf(f.Directory(), scope)); err != nil {
		return err
	}
	scope.Audience = s.audience(c, web.ScopeOf(f.Directory(), scope))
	results, err := f.Results(scope)
	if err != nil {
		return err
	}
	if len(results.Units) != 1 {
		return survey.Faulty("the entry has faults; nothing was stored", []survey.Fault{{Field: "unit", Code: "unknown_unit", Message: "takes no part in this period"}})
	}
	draft := body.draft()
	draft.Unit, draft.Actor = f.Directory().UnitKey(body.Unit), web.ActorOf(c).By()
	entry, err := s.Entries.Record(c.UserContext(), draft)
	if err != nil {
		return err
	}
	f, held := s.Figures.Await(c.UserContext(), entry)
	if !held { // it is stored all the same: to send it again would be a conflict
		return c.Status(fiber.StatusAccepted).JSON(acceptedEntry{Satker: body.Unit, Version: entry.Version})
	}
	rows, err := indicatorRows(f, scope)
	if err != nil {
		return err
	}
	return c.JSON(rows[0])
}

func readEntry(c *fiber.Ctx) (*entryBody, error) {
	dec := json.NewDecoder(bytes.NewReader(c.Request().Body()))
	dec.DisallowUnknownFields()
	body := new(entryBody)
	if err := dec.Decode(body); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return nil, survey.Faulty("the entry has faults", []survey.Fault{{Field: wrong.Field, Code: "wrong_type", Message: "has a wrong type"}})
		}
		if field, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
			return nil, survey.Faulty("the entry has faults", []survey.Fault{{Field: survey.Printable(strings.Trim(field, `"`)), Code: "unknown_field", Message: "is not known here"}})
		}
		return nil, &survey.Error{Code: survey.Malformed, Message: "the body is not a JSON object", Cause: err}
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, survey.Errorf(survey.Malformed, "there is something after the JSON object")
	}
	if body.Period == "" {
		body.Period = c.Query("period")
	}
	if body.Unit == "" {
		body.Unit = c.Query("unit")
	}
	return body, nil
}

// draft returns what a body enters for a unit that is still to be named.
func (b *entryBody) draft() lke.Draft {
	out := lke.Draft{Period: b.Period, Who: b.Who, Why: b.Why, Version: b.Version}
	if b.Capaian != "" {
		out.Achievement = &b.Capaian
	}
	if len(b.Pengungkit) == 0 {
		return out
	}
	var areas map[string]json.Number
	var total json.Number
	switch {
	case json.Unmarshal(b.Pengungkit, &total) == nil && b.Pengungkit[0] != '"':
		out.Pengungkit = &lke.Pengungkit{Total: total.String()}
	case json.Unmarshal(b.Pengungkit, &areas) == nil:
		out.Pengungkit = &lke.Pengungkit{Areas: map[string]string{}}
		for code, n := range areas {
			out.Pengungkit.Areas[code] = n.String()
		}
	default:
		out.Faults = []survey.Fault{{Field: lke.Total, Code: "wrong_type", Message: "must be a number or an object of the six areas"}}
	}
	return out
}
