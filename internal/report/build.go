package report

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"persepsi/analytics"
	"persepsi/survey"
)

// maker makes snapshots: all arithmetic and writing is done here. One goroutine
// at a time uses it.
type maker struct {
	now     func() time.Time
	grades  *analytics.Grades
	bases   *analytics.Bases
	lke     *analytics.LKETable
	samples *analytics.Samples
	serial  atomic.Uint64
	zipper  *gzip.Writer
}

func newMaker(now func() time.Time) (*maker, error) {
	grades, err := analytics.LoadGrades()
	if err != nil {
		return nil, err
	}
	bases, err := analytics.LoadBases()
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
	zipper, err := gzip.NewWriterLevel(nil, zipLevel)
	if err != nil {
		return nil, err
	}
	return &maker{now: now, grades: grades, bases: bases, lke: lke, samples: samples, zipper: zipper}, nil
}

// zipLevel compresses the text of a city of 600 units, 5.4 MB, in 40 ms to
// 0.47 MB; the level that gzip takes by itself needs 70 ms for 0.43 MB.
const zipLevel = 5

// unitEntry is a unit's result with what it was made of.
type unitEntry struct {
	key     string // of the unit
	result  *UnitResult
	tally   *analytics.Tally
	all     *analytics.Tally // of all answers, whichever of them tally holds
	version int              // of the evaluation
	undone  int64            // answers that were taken out
}

// snapshot makes the snapshot of a period. What old holds of what did not change
// is taken over; nil where there is none.
func (m *maker) snapshot(d *survey.Directory, period *survey.Period, totals *Totals, old *Snapshot, at time.Time) *Snapshot {
	form := d.Form(period.Code)
	out := &Snapshot{directory: d, totals: totals, strays: strays(period, form, totals)}
	for i := range d.Catalogue().Agencies {
		for u := range d.Catalogue().Agencies[i].Units {
			if t := totals.of(d.Catalogue().Agencies[i].Units[u].Key(), form); t != nil {
				out.answers += t.N
			}
		}
	}
	chosen, err := analytics.ChooseMethods(d, period, form)
	if err != nil {
		out.faults = [audiences]error{err, err, err}
		return out
	}
	b := &viewMaker{maker: m, directory: d, period: period, totals: totals, calc: &analytics.Calculation{
		Form: form, Chosen: chosen, Methods: d.Methods(), Grades: m.grades.At(period.To), Samples: m.samples, Bases: m.bases, LKE: m.lke, Period: period,
	}}
	for audience, c := range cuts(totals) {
		b.old = nil
		if old != nil {
			b.old = old.views[audience]
		}
		if old != nil && old.directory == d && b.old != nil {
			b.kin = append(b.kin, b.old)
		}
		v, err := b.view(c, at)
		if err != nil {
			out.faults[audience] = fmt.Errorf("period %s: %w", period.Code, err)
			continue
		}
		out.views[audience] = v
		b.kin = append(b.kin, v)
	}
	return out
}

// strays tells of answers to another form than the period's. They are stored,
// and no figure of the period can hold them.
func strays(period *survey.Period, form *survey.Form, totals *Totals) error {
	n := map[string]int64{}
	for of, t := range totals.Units {
		if of.Form != form.ID {
			n[of.Form] += t.N
		}
	}
	var out []error
	for _, other := range slices.Sorted(maps.Keys(n)) {
		out = append(out, fmt.Errorf("period %s: %d answers are to the form %s and in no figure, for its form is %s", period.Code, n[other], other, form.ID))
	}
	return errors.Join(out...)
}

// viewMaker makes the views of one snapshot.
type viewMaker struct {
	*maker
	directory *survey.Directory
	period    *survey.Period
	totals    *Totals
	calc      *analytics.Calculation
	old       *View   // of the same audience, nil where there is none
	kin       []*View // computed by the same rules, from other totals perhaps
}

func (b *viewMaker) view(c cut, at time.Time) (*View, error) {
	d := b.directory
	v := &View{
		Serial: b.serial.Add(1), live: c.live, calc: b.calc, position: map[string]int{}, agencies: map[string]agencyView{},
		all: Results{
			Period: b.period.Code, PeriodName: b.period.Name, Instrument: b.calc.Form.ID, Form: b.calc.Form, GeneratedAt: at.UTC().Truncate(time.Millisecond),
			Amendments: b.period.Amendments, CityName: d.City().Name, Demo: d.City().Demo, Units: []*UnitResult{}, State: "released",
		},
	}
	if c.live {
		v.all.State, v.all.AsOf = "live", &v.all.GeneratedAt
	}
	for i := range d.Catalogue().Agencies {
		agency := &d.Catalogue().Agencies[i]
		from := len(v.units)
		for u := range agency.Units {
			unit := &agency.Units[u]
			place := survey.Place{Agency: agency, Unit: unit}
			if !b.period.Covers(unit.Code) || place.ClosedBefore(b.period) && b.unanswered(unit.Key()) {
				continue
			}
			entry, err := b.unit(c, agency, unit)
			if err != nil {
				return nil, err
			}
			for _, code := range unit.Codes() {
				v.position[code] = len(v.units)
			}
			v.units = append(v.units, entry)
			v.all.Units = append(v.all.Units, entry.result)
			if at := entry.result.AsOf; !c.live && at != nil && (v.all.AsOf == nil || at.After(*v.all.AsOf)) {
				v.all.AsOf = at
			}
		}
		for _, code := range agency.Codes() {
			v.agencies[code] = agencyView{from: from, to: len(v.units)}
		}
	}
	if err := b.group(v); err != nil {
		return nil, err
	}
	v.plain = sync.OnceValues(func() ([]byte, error) { return v.all.AppendJSON(nil) })
	return v, b.write(v)
}

// unanswered reports whether nothing is known of a unit in the period: neither an
// answer nor an evaluator's entry. One that was closed before has no place in its
// results then.
func (b *viewMaker) unanswered(unit string) bool {
	_, entered := b.totals.Evaluations[unit]
	return b.totals.of(unit, b.calc.Form) == nil && b.totals.Released[unit] == nil && !b.totals.Damaged[unit] && !entered
}

// unit returns a unit's entry: the old one where nothing changed, or else with
// the indexes that were computed of the same totals already.
func (b *viewMaker) unit(c cut, agency *survey.Agency, unit *survey.Unit) (*unitEntry, error) {
	evaluation, entered := c.evaluations[unit.Key()]
	evaluation.Unit = unit.Code
	fresh := &unitEntry{key: unit.Key(), version: evaluation.Version, all: c.totals.of(unit.Key(), b.calc.Form), undone: c.totals.undone(unit.Key())}
	var released *analytics.Released
	fresh.tally, released = c.of(unit.Key(), b.calc.Form)
	out := &UnitResult{Agency: agency.Code, AgencyName: agency.Name, Unit: unit.Code, UnitName: unit.Name, Serial: b.serial.Add(1), Released: released}
	fresh.result = out
	scored := false
	for _, v := range b.kin {
		at, ok := v.position[unit.Code]
		if !ok || v.live != c.live || v.units[at].tally != fresh.tally || c.live && v.units[at].all != fresh.all {
			continue
		}
		known := v.units[at]
		if v == b.old && known.version == fresh.version && known.all == fresh.all && known.undone == fresh.undone {
			return known, nil
		}
		out.Indexes = known.result.Indexes
		if !entered && known.result.Evaluation == nil {
			out.LKE, scored = known.result.LKE, true
		}
	}
	b.count(c, fresh)
	if entered {
		out.Evaluation = &evaluation
	}
	if c.signals {
		out.Signals, out.Declined = fresh.all.Signals(), fresh.all.DeclinedByQuestion(b.calc.Form)
	}
	if out.Withheld == "" {
		out.ShownLKE = &out.LKE
		if out.Indexes == nil {
			b.compute(c, fresh)
		}
	}
	out.Sample = b.samples.Of(b.period, out.Unit, out.Responses.Valid, out.Indexes)
	if scored {
		return fresh, nil
	}
	input := analytics.LKEInput{}
	if x := out.Indexes[analytics.IPAK]; x != nil {
		input.IPAK, input.ShortIPAK = x.ExactMean, !x.Adequate
	}
	if x := out.Indexes[analytics.IPKP]; x != nil {
		input.IPKP, input.ShortIPKP = x.ExactMean, !x.Adequate
	}
	if entered {
		if err := input.Enter(evaluation); err != nil {
			return nil, fmt.Errorf("evaluation of unit %s: %w", unit.Code, err)
		}
	}
	var err error
	if out.LKE, err = b.lke.Score(input); err != nil {
		return nil, fmt.Errorf("LKE of unit %s: %w", unit.Code, err)
	}
	return fresh, nil
}

func (b *viewMaker) compute(c cut, e *unitEntry) {
	r := e.result
	r.Indexes = map[string]*analytics.Index{}
	served := analytics.PopulationOf(b.period, r.Unit)
	for i := range b.calc.Form.Indexes {
		code := b.calc.Form.Indexes[i].Code
		x := b.calc.Index(e.tally, i, served)
		if c.live {
			x.Decline(b.calc.Form, &b.calc.Form.Indexes[i], e.all)
		} else {
			x = x.Published()
		}
		if r.Released != nil {
			x.Withhold()
		}
		r.Indexes[code] = x
	}
}

// group pools agencies and city, or takes them over from a view of the same
// totals.
func (b *viewMaker) group(v *View) error {
	for _, o := range b.kin {
		if o.live == v.live && sameTallies(o.units, v.units) {
			v.agencies, v.all.Agencies, v.all.City = o.agencies, o.all.Agencies, o.all.City
			return nil
		}
	}
	city := b.calc.NewGroup("", b.directory.City().Name)
	for i := range b.directory.Catalogue().Agencies {
		agency := &b.directory.Catalogue().Agencies[i]
		a := v.agencies[agency.Code]
		own := b.calc.NewGroup(agency.Code, agency.Name)
		for _, e := range v.units[a.from:a.to] {
			for _, g := range []*analytics.Group{own, city} {
				if err := g.Add(e.result.Unit, e.tally, e.result.Indexes); err != nil {
					return err
				}
			}
		}
		if own.Units > 0 {
			a.groups = []*analytics.GroupResult{v.pooled(own, v.units[a.from:a.to])}
			for _, code := range agency.Codes() {
				v.agencies[code] = a
			}
			v.all.Agencies = append(v.all.Agencies, a.groups...)
		}
	}
	v.all.City = v.pooled(city, v.units)
	return nil
}

func sameTallies(a, b []*unitEntry) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].tally != b[i].tally || a[i].all != b[i].all {
			return false
		}
	}
	return true
}

// write makes the city's text where somebody asked for the one before.
func (b *viewMaker) write(v *View) error {
	if b.old == nil {
		v.demand = &demand{now: b.now}
		return nil
	}
	if v.demand = b.old.demand; !v.demand.recent() {
		return nil
	}
	var zipped bytes.Buffer
	zipped.Grow(len(b.old.zipped) + 4096)
	b.zipper.Reset(&zipped)
	err := v.all.writeJSON(b.zipper)
	if err == nil {
		err = b.zipper.Close()
	}
	if err != nil {
		return fmt.Errorf("compress results: %w", err)
	}
	v.zipped = zipped.Bytes()
	return nil
}
