package analytics

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"time"

	"persepsi/survey"
)

// Reporter makes results out of the board's totals. What it computed of a unit
// it keeps until that unit's tally changes. Safe for concurrent use.
type Reporter struct {
	grades  *Grades
	lke     *LKETable
	samples *Samples

	// building lets one caller compute; those who ask meanwhile wait for what
	// it finds.
	building sync.Mutex

	mu     sync.Mutex
	units  map[unitKey]unitEntry
	groups map[Scope]groupEntry
}

type unitKey struct {
	period, unit    string
	public, explain bool
}

type unitEntry struct {
	catalogue *survey.Catalogue
	tally     *Tally
	version   int // of the evaluation
	result    *UnitResult
}

type groupEntry struct {
	catalogue *survey.Catalogue
	board     uint64 // generation: the board itself would be kept alive
	results   *Results
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
	grades, err := LoadGrades()
	if err != nil {
		return nil, err
	}
	lke, err := LoadLKE()
	if err != nil {
		return nil, err
	}
	samples, err := LoadSamples()
	if err != nil {
		return nil, err
	}
	return &Reporter{grades: grades, lke: lke, samples: samples, units: map[unitKey]unitEntry{}, groups: map[Scope]groupEntry{}}, nil
}

// Samples gives the sample sizes.
func (r *Reporter) Samples() *Samples { return r.samples }

// LKE gives the table of the evaluation sheet.
func (r *Reporter) LKE() *LKETable { return r.lke }

// Grades gives the grade tables.
func (r *Reporter) Grades() *Grades { return r.grades }

// Results gives the results of a scope. Errors: NotFound for a period, agency
// or unit that doesn't exist.
func (r *Reporter) Results(d *survey.Directory, b *Board, s Scope) (*Results, error) {
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
	board := b.period(s.Period)
	if known := r.known(d, b, board, s); known != nil {
		return known, nil
	}
	r.building.Lock()
	defer r.building.Unlock()
	if known := r.known(d, b, board, s); known != nil {
		return known, nil
	}
	results, err := r.build(d, period, board, s)
	if err != nil {
		return nil, err
	}
	results.GeneratedAt = b.generatedAt()
	r.mu.Lock()
	r.groups[s] = groupEntry{catalogue: d.Catalogue(), board: board.generation, results: results}
	r.mu.Unlock()
	return results, nil
}

// known gives the results of a scope where they were computed from the same
// tallies, nil else.
func (r *Reporter) known(d *survey.Directory, b *Board, board *periodBoard, s Scope) *Results {
	r.mu.Lock()
	entry, ok := r.groups[s]
	r.mu.Unlock()
	if !ok || entry.board != board.generation || entry.catalogue != d.Catalogue() {
		return nil
	}
	fresh := *entry.results
	fresh.GeneratedAt = b.generatedAt()
	return &fresh
}

func (b *Board) generatedAt() time.Time { return b.At().UTC().Truncate(time.Millisecond) }

func (r *Reporter) build(d *survey.Directory, period *survey.Period, board *periodBoard, s Scope) (*Results, error) {
	form := d.Form(period.Code)
	table := r.grades.At(period.To)
	out := &Results{
		Period: period.Code, PeriodName: period.Name, Instrument: form.ID,
		CityName: d.City().Name, Demo: d.City().Demo, Units: []*UnitResult{},
	}
	chosen, err := chooseMethods(d, period, form)
	if err != nil {
		return nil, err
	}
	calc := &calculation{form: form, chosen: chosen, methods: d.Methods(), table: table, period: period, explain: s.Explain}
	city := calc.newGroup("", d.City().Name)
	for a := range d.Catalogue().Agencies {
		agency := &d.Catalogue().Agencies[a]
		if s.Agency != "" && s.Agency != agency.Code {
			continue
		}
		own := calc.newGroup(agency.Code, agency.Name)
		for u := range agency.Units {
			unit := &agency.Units[u]
			if !period.Covers(unit.Code) || s.Unit != "" && s.Unit != unit.Code {
				continue
			}
			result, err := r.unit(d, calc, board, agency, unit, s)
			if err != nil {
				return nil, err
			}
			out.Units = append(out.Units, result)
			for _, g := range []*group{own, city} {
				if err := g.add(unit.Code, board.totals[unit.Code], result); err != nil {
					return nil, err
				}
			}
		}
		if s.Unit == "" && own.units > 0 {
			out.Agencies = append(out.Agencies, own.result())
		}
	}
	if s.Unit == "" && s.Agency == "" {
		out.City = city.result()
	}
	return out, out.writeGroups()
}

// unit gives one unit's result: the kept one where nothing changed.
func (r *Reporter) unit(d *survey.Directory, calc *calculation, board *periodBoard, agency *survey.Agency, unit *survey.Unit, s Scope) (*UnitResult, error) {
	key := unitKey{calc.period.Code, unit.Code, s.Public, s.Explain}
	tally := board.totals[unit.Code]
	evaluation, entered := board.evaluations[unit.Code]
	r.mu.Lock()
	old, ok := r.units[key]
	r.mu.Unlock()
	if ok && old.catalogue == d.Catalogue() && old.tally == tally && old.version == evaluation.Version {
		return old.result, nil
	}
	out := &UnitResult{
		Agency: agency.Code, AgencyName: agency.Name, Unit: unit.Code, UnitName: unit.Name,
		Responses: countResponses(tally), Indexes: map[string]*Index{},
	}
	out.Sample = r.samples.of(calc.period, unit.Code, out.Responses.Valid)
	population := int64(calc.period.Population[unit.Code])
	for i := range calc.form.Indexes {
		out.Indexes[calc.form.Indexes[i].Code] = calc.index(tally, i, population)
	}
	input := LKEInput{}
	if x := out.Indexes[IPAK]; x != nil {
		input.IPAK = x.ExactMean
	}
	if x := out.Indexes[IPKP]; x != nil {
		input.IPKP = x.ExactMean
	}
	if entered && !s.Public {
		if err := input.enter(evaluation); err != nil {
			return nil, fmt.Errorf("evaluation of unit %s: %w", unit.Code, err)
		}
		out.Evaluation = &evaluation
	}
	if !s.Public {
		out.Signals = signals(tally)
	}
	var err error
	if out.LKE, err = r.lke.Score(input); err != nil {
		return nil, fmt.Errorf("LKE of unit %s: %w", unit.Code, err)
	}
	if out.json, err = json.Marshal(out); err != nil {
		return nil, fmt.Errorf("write results of unit %s: %w", unit.Code, err)
	}
	r.mu.Lock()
	r.units[key] = unitEntry{catalogue: d.Catalogue(), tally: tally, version: evaluation.Version, result: out}
	r.mu.Unlock()
	return out, nil
}

// Breakdown gives the cells of a unit's tally by one dimension, computed by
// the period's methods. Invalid for an unknown dimension; nothing for no tally.
func (r *Reporter) Breakdown(d *survey.Directory, period *survey.Period, t *Tally, by string) ([]CellResult, error) {
	if t == nil {
		t = NewTally(d.Form(period.Code))
	}
	methods, err := chooseMethods(d, period, t.Form())
	if err != nil {
		return nil, err
	}
	return t.Breakdown(by, methods)
}

// enter adds an evaluator's entry to what the survey gave.
func (in *LKEInput) enter(e Evaluation) error {
	in.Achievement = e.Achievement
	if e.Pengungkit != "" {
		x, ok := points(e.Pengungkit)
		if !ok {
			return survey.Faulty("the entry has faults", []survey.Fault{{Field: "pengungkit", Code: "wrong_type", Message: notPoints}})
		}
		in.Pengungkit = x
	}
	for code, text := range e.Areas {
		x, ok := points(text)
		if !ok {
			return survey.Faulty("the entry has faults", []survey.Fault{{Field: "pengungkit." + survey.Printable(code), Code: "wrong_type", Message: notPoints}})
		}
		if in.Areas == nil {
			in.Areas = map[string]*big.Rat{}
		}
		in.Areas[code] = x
	}
	return nil
}

const notPoints = "must be a number of points such as 47.875"

// points reads a number of points as it is written: without an exponent, which
// could stand for more digits than there is memory.
func points(text string) (*big.Rat, bool) {
	if len(text) > 20 || strings.ContainsAny(text, "eEpPxX/_") {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// Check gives the faults of an evaluator's entry before it is stored.
func (r *Reporter) Check(e Evaluation) error {
	var in LKEInput
	if err := in.enter(e); err != nil {
		return err
	}
	_, err := r.lke.Score(in)
	return err
}

// signals counts the answers to the unscored questions: by option, with the
// missing ones first.
func signals(t *Tally) map[string][]int64 {
	if t == nil {
		return nil
	}
	out := map[string][]int64{}
	for q := range t.form.Questions {
		if !t.form.Questions[q].Scored {
			out[t.form.Questions[q].Code] = append([]int64(nil), t.hist[q]...)
		}
	}
	return out
}
