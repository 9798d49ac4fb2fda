package report

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"persepsi/analytics"
	"persepsi/survey"
)

// maker makes snapshots: all arithmetic and writing is done here. One goroutine at a time
// uses it, but for the first snapshots of periods: see Builder.snapshots.
type maker struct {
	now     func() time.Time
	grades  *analytics.Grades
	bases   *analytics.Bases
	lke     *analytics.LKETable
	samples *analytics.Samples
	serial  atomic.Uint64
	zipper  *gzip.Writer
	rest    *rest // of who makes snapshots now
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
	out.expires = b.expiry()
	all := cuts(totals)
	for audience, c := range slices.Backward(all[:]) { // Live first: what others see may be cut from it
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
			b.rest.take()
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
	b.rest.take()
	v.plain = &text{write: v.all.AppendJSON}
	v.explained = &text{write: func(into []byte) ([]byte, error) { return v.Results(Scope{Explain: true}).AppendJSON(into) }}
	return v, b.write(v)
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

// write makes the city's texts where somebody asked for those before.
func (b *viewMaker) write(v *View) error {
	if b.old == nil {
		v.demand, v.plain.demand, v.explained.demand = &demand{now: b.now}, &demand{now: b.now}, &demand{now: b.now}
		return nil
	}
	v.demand, v.plain.demand, v.explained.demand = b.old.demand, b.old.plain.demand, b.old.explained.demand
	if v.plain.demand.recent() {
		if _, err := v.plain.ready(); err != nil {
			return err
		}
	}
	if !v.demand.recent() {
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
