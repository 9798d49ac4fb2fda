package report

import (
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"persepsi/analytics"
	"persepsi/survey"
)

// Reporter makes results out of the board's totals. What it computed of a unit
// it keeps until that unit's tally changes, in the form that it was asked for:
// a text is much smaller than the values that it was made of. Safe for
// concurrent use.
type Reporter struct {
	grades  *analytics.Grades
	lke     *analytics.LKETable
	samples *analytics.Samples

	// building lets one caller compute; those who ask meanwhile wait for what
	// it finds.
	building sync.Mutex
	serial   atomic.Uint64 // of the newest text

	mu        sync.Mutex
	units     map[unitKey]*unitEntry
	explained map[unitKey]*unitEntry // values with explanations: at most mostExplained
	groups    map[Scope]groupEntry
	texts     map[Scope]textEntry
}

// mostExplained bounds what is kept of values with their explanations, some
// 40 KB each: only a unit's page asks for them, which is kept itself.
const mostExplained = 128

type unitKey struct {
	period, unit    string
	public, explain bool
	text            bool
}

type unitEntry struct {
	catalogue *survey.Catalogue
	tally     *analytics.Tally
	version   int         // of the evaluation
	result    *UnitResult // where values were asked for
	text      JSONPiece   // where the text was asked for
	values    map[string]analytics.Ratio
}

// basis tells what results were computed from: while it is the same, so are
// they.
type basis struct {
	catalogue *survey.Catalogue
	board     uint64 // generation: the board itself would be kept alive
}

type groupEntry struct {
	basis
	results *Results
}

type textEntry struct {
	basis
	header Results // without its units
	rest   Rest
}

// Scope says which results are asked for, and for whom.
type Scope struct {
	Period string
	Agency string // empty: every agency
	Unit   string // empty: every unit
	// Public leaves out what only evaluators and managers may see.
	Public bool
	// Explain adds to each index how it came about.
	Explain bool
}

// NewReporter loads the tables of grades and of the LKE.
func NewReporter() (*Reporter, error) {
	grades, err := analytics.LoadGrades()
	if err != nil {
		return nil, err
	}
	lke, err := analytics.LoadLKE()
	if err != nil {
		return nil, err
	}
	samples, err := analytics.LoadSamples()
	if err != nil {
		return nil, err
	}
	return &Reporter{
		grades: grades, lke: lke, samples: samples,
		units: map[unitKey]*unitEntry{}, explained: map[unitKey]*unitEntry{}, groups: map[Scope]groupEntry{}, texts: map[Scope]textEntry{},
	}, nil
}

// asked is a scope that exists.
type asked struct {
	Scope
	basis
	period *survey.Period
	board  *periodBoard
	at     time.Time // the board holds everything acknowledged before
}

// ErrNotLoaded tells that there are no figures yet because the store has been
// away since the start: nobody may take that for there being no answers.
var ErrNotLoaded = &survey.Error{Code: survey.Unavailable, Message: "the figures could not be loaded since the service started", RetryAfter: 10 * time.Second}

// find checks a scope. Errors: NotFound for a period, agency or unit that
// doesn't exist; ErrNotLoaded.
func (r *Reporter) find(d *survey.Directory, b *Board, s Scope) (*asked, error) {
	period, ok := d.Period(s.Period)
	if !ok {
		return nil, survey.Errorf(survey.NotFound, "there is no period %q", survey.Printable(s.Period))
	}
	if _, ok := d.Agency(s.Agency); s.Agency != "" && !ok {
		return nil, survey.Errorf(survey.NotFound, "there is no agency %q", survey.Printable(s.Agency))
	}
	if place, ok := d.Unit(s.Unit); s.Unit != "" && (!ok || s.Agency != "" && place.Agency.Code != s.Agency) {
		return nil, survey.Errorf(survey.NotFound, "there is no unit %q", survey.Printable(s.Unit))
	}
	if !b.Loaded() {
		return nil, ErrNotLoaded
	}
	at := b.generatedAt() // before the board is read: it may be newer
	board := b.period(s.Period)
	return &asked{s, basis{d.Catalogue(), board.generation}, period, board, at}, nil
}

// Results returns the results of a scope. Errors: NotFound for a period, agency
// or unit that doesn't exist; ErrNotLoaded.
func (r *Reporter) Results(d *survey.Directory, b *Board, s Scope) (*Results, error) {
	a, err := r.find(d, b, s)
	if err != nil {
		return nil, err
	}
	known := func() *Results {
		r.mu.Lock()
		defer r.mu.Unlock()
		entry, ok := r.groups[s]
		if !ok || entry.basis != a.basis {
			return nil
		}
		fresh := *entry.results
		return &fresh
	}
	out := known()
	if out == nil {
		r.building.Lock()
		defer r.building.Unlock()
		out = known()
	}
	if out == nil {
		if out, _, err = r.build(d, a, false); err != nil {
			return nil, err
		}
		if s.Unit == "" {
			kept := *out
			r.mu.Lock()
			r.groups[s] = groupEntry{a.basis, &kept}
			r.mu.Unlock()
		}
	}
	out.GeneratedAt = a.at
	return out, nil
}

func (b *Board) generatedAt() time.Time { return b.At().UTC().Truncate(time.Millisecond) }

// build computes the results of a scope: with the units' values, or with their
// texts. The caller holds building.
func (r *Reporter) build(d *survey.Directory, a *asked, texts bool) (*Results, []*unitEntry, error) {
	form := d.Form(a.period.Code)
	out := &Results{
		Period: a.period.Code, PeriodName: a.period.Name, Instrument: form.ID,
		CityName: d.City().Name, Demo: d.City().Demo, Units: []*UnitResult{},
	}
	var units []*unitEntry
	chosen, err := analytics.ChooseMethods(d, a.period, form)
	if err != nil {
		return nil, nil, err
	}
	calc := &analytics.Calculation{
		Form: form, Chosen: chosen, Methods: d.Methods(), Grades: r.grades.At(a.period.To), Period: a.period, Explain: a.Explain,
	}
	city := calc.NewGroup("", d.City().Name)
	for i := range d.Catalogue().Agencies {
		agency := &d.Catalogue().Agencies[i]
		if a.Agency != "" && a.Agency != agency.Code {
			continue
		}
		own := calc.NewGroup(agency.Code, agency.Name)
		for u := range agency.Units {
			unit := &agency.Units[u]
			if !a.period.Covers(unit.Code) || a.Unit != "" && a.Unit != unit.Code {
				continue
			}
			entry, err := r.unit(calc, a, agency, unit, texts)
			if err != nil {
				return nil, nil, err
			}
			units = append(units, entry)
			if !texts {
				out.Units = append(out.Units, entry.result)
			}
			for _, g := range []*analytics.Group{own, city} {
				if err := g.Add(unit.Code, a.board.totals[unit.Code], entry.values); err != nil {
					return nil, nil, err
				}
			}
		}
		if a.Unit == "" && own.Units > 0 {
			out.Agencies = append(out.Agencies, own.Result())
		}
	}
	if a.Unit == "" && a.Agency == "" {
		out.City = city.Result()
	}
	return out, units, nil
}

// unit returns one unit's results: the kept ones where nothing changed.
func (r *Reporter) unit(calc *analytics.Calculation, a *asked, agency *survey.Agency, unit *survey.Unit, text bool) (*unitEntry, error) {
	key := unitKey{calc.Period.Code, unit.Code, a.Public, a.Explain, text}
	evaluation, entered := a.board.evaluations[unit.Code]
	fresh := unitEntry{catalogue: a.catalogue, tally: a.board.totals[unit.Code], version: evaluation.Version}
	if old := r.kept(key); old != nil && old.catalogue == fresh.catalogue && old.tally == fresh.tally && old.version == fresh.version {
		return old, nil
	}
	var given *analytics.Evaluation
	if entered {
		given = &evaluation
	}
	result, err := r.compute(calc, a, agency, unit, given)
	if err != nil {
		return nil, err
	}
	fresh.values = map[string]analytics.Ratio{}
	for code, x := range result.Indexes {
		if x != nil {
			fresh.values[code] = x.ExactValue
		}
	}
	if text {
		written, err := json.Marshal(result)
		if err != nil {
			return nil, fmt.Errorf("write results of unit %s: %w", unit.Code, err)
		}
		fresh.text = JSONPiece{unit.Code, written, r.serial.Add(1)}
	} else {
		fresh.result = result
	}
	r.keep(key, &fresh)
	return &fresh, nil
}

func (r *Reporter) kept(key unitKey) *unitEntry {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.of(key)[key]
}

// of returns the map that a unit's results are kept in.
func (r *Reporter) of(key unitKey) map[unitKey]*unitEntry {
	if key.explain && !key.text {
		return r.explained
	}
	return r.units
}

func (r *Reporter) keep(key unitKey, e *unitEntry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for other := range r.explained {
		if len(r.explained) < mostExplained {
			break
		}
		delete(r.explained, other)
	}
	r.of(key)[key] = e
}

func (r *Reporter) compute(calc *analytics.Calculation, a *asked, agency *survey.Agency, unit *survey.Unit, evaluation *analytics.Evaluation) (*UnitResult, error) {
	tally := a.board.totals[unit.Code]
	out := &UnitResult{
		Agency: agency.Code, AgencyName: agency.Name, Unit: unit.Code, UnitName: unit.Name,
		Responses: analytics.CountResponses(tally), Indexes: map[string]*analytics.Index{},
	}
	out.Sample = r.samples.Of(calc.Period, unit.Code, out.Responses.Valid)
	population := int64(calc.Period.Population[unit.Code])
	for i := range calc.Form.Indexes {
		out.Indexes[calc.Form.Indexes[i].Code] = calc.Index(tally, i, population)
	}
	input := analytics.LKEInput{}
	if x := out.Indexes[analytics.IPAK]; x != nil {
		input.IPAK = x.ExactMean
	}
	if x := out.Indexes[analytics.IPKP]; x != nil {
		input.IPKP = x.ExactMean
	}
	if evaluation != nil && !a.Public {
		if err := input.Enter(*evaluation); err != nil {
			return nil, fmt.Errorf("evaluation of unit %s: %w", unit.Code, err)
		}
		out.Evaluation = evaluation
	}
	if !a.Public {
		out.Signals = tally.Signals()
	}
	var err error
	if out.LKE, err = r.lke.Score(input); err != nil {
		return nil, fmt.Errorf("LKE of unit %s: %w", unit.Code, err)
	}
	return out, nil
}

// Breakdown returns the cells of a unit's tally by one dimension, computed by
// the period's methods. Invalid for an unknown dimension; nothing for no tally.
func (r *Reporter) Breakdown(d *survey.Directory, period *survey.Period, t *analytics.Tally, by string) ([]analytics.CellResult, error) {
	if t == nil {
		t = analytics.NewTally(d.Form(period.Code))
	}
	methods, err := analytics.ChooseMethods(d, period, t.Form())
	if err != nil {
		return nil, err
	}
	return t.Breakdown(by, methods)
}

// Check returns the faults of an evaluator's entry before it is stored.
func (r *Reporter) Check(e analytics.Evaluation) error {
	var in analytics.LKEInput
	if err := in.Enter(e); err != nil {
		return err
	}
	_, err := r.lke.Score(in)
	return err
}
