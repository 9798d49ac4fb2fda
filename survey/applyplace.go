package survey

import (
	"fmt"
	"slices"
)

// agencies merges the agencies of a file: first the agencies themselves, then their
// units, then what units have, so that what is renamed or moves is in its place when
// something is said of it.
func (m *merger) agencies(list []declaredAgency) error {
	m.declare(list)
	for i := range list {
		m.agency(&list[i].declaredItem)
		if at := m.agencyAt(list[i].code); at >= 0 {
			m.hours(&m.out.Agencies[at].Hours, list[i].hours)
			m.picture(&m.out.Agencies[at].Logo, list[i].logo)
		}
	}
	for i := range list {
		for j := range list[i].units {
			m.unit(&list[i].declaredItem, &list[i].units[j].declaredItem)
		}
	}
	for i := range list {
		for j := range list[i].units {
			d := &list[i].units[j]
			u := m.unitNamed(d.code)
			if u == nil {
				continue // its fault is told
			}
			m.hours(&u.Hours, d.hours)
			for k := range d.services {
				m.service(u, &d.services[k])
			}
			for k := range d.points {
				if err := m.point(d.code, &d.points[k]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// common merges what agencies, units, services and points have. What the file names
// is open unless it says otherwise.
func (m *merger) common(d *declaredItem, name *string, closed *bool) {
	set(m, name, d.name)
	if *name == "" && !d.wrong {
		m.fault(d.path+".name", "required", "is required")
	}
	is := d.closed != nil && *d.closed
	set(m, closed, &is)
}

func (m *merger) agency(d *declaredItem) {
	if d.code == "" {
		return // its fault is told
	}
	was, ok := m.identify(d, &lookup{
		kind: "agency", find: m.agencyCode, declared: m.declared.agencies,
		known: func() []string { return sortedKeys(m.agencyOf) },
	})
	if !ok {
		return
	}
	a := find(m, &m.out.Agencies, func(a *Agency) *string { return &a.Code }, was, d)
	if m.rename(&a.Code, &a.Former, d) {
		for i := range a.Units {
			for _, code := range a.Units[i].Codes() {
				m.unitOf[code] = unitAt{a.Code, a.Units[i].Code}
			}
		}
	}
	for _, code := range a.Codes() {
		m.agencyOf[code] = a.Code
	}
	m.name("agencies", a.Code)
	m.common(d, &a.Name, &a.Closed)
}

func (m *merger) unit(agency, d *declaredItem) {
	to := m.agencyAt(agency.code)
	if d.code == "" || to < 0 {
		return
	}
	was, ok := m.identify(d, &lookup{
		kind: "unit", find: m.unitCode, declared: m.declared.units,
		known: func() []string { return sortedKeys(m.unitOf) },
	})
	if !ok {
		return
	}
	a := &m.out.Agencies[to]
	if from, known := m.unitOf[was]; known && from.agency != agency.code {
		m.moveUnit(from, a)
	}
	u := find(m, &a.Units, func(u *Unit) *string { return &u.Code }, was, d)
	if old := u.Code; m.rename(&u.Code, &u.Former, d) {
		m.renameInPeriods(old, u.Code)
	}
	for _, code := range u.Codes() {
		m.unitOf[code] = unitAt{a.Code, u.Code}
	}
	for i := range u.Points {
		for _, code := range allCodes(u.Points[i].Code, u.Points[i].Former) {
			m.points[foldCode(code)] = pointAt{u.Points[i].Code, u.Code}
		}
	}
	m.name("units", u.Code)
	m.common(d, &u.Name, &u.Closed)
}

// moveUnit moves a unit with all that it has to the end of another agency's.
func (m *merger) moveUnit(from unitAt, to *Agency) {
	a := &m.out.Agencies[m.agencyAt(from.agency)]
	i := slices.IndexFunc(a.Units, func(u Unit) bool { return u.Code == from.unit })
	to.Units = append(to.Units, a.Units[i])
	a.Units = slices.Delete(a.Units, i, i+1)
	m.changed = true
}

// renameInPeriods gives a unit its new code in what periods and earlier results say of
// units.
func (m *merger) renameInPeriods(old, code string) {
	for i := range m.out.Earlier {
		if m.out.Earlier[i].Unit == old {
			m.out.Earlier[i].Unit = code
		}
	}
	for i := range m.out.Periods {
		p := &m.out.Periods[i]
		if n, ok := p.Population[old]; ok {
			delete(p.Population, old) // a copy: see clone
			p.Population[code] = n
		}
		if of, ok := p.Served[old]; ok {
			delete(p.Served, old) // a copy too
			p.Served[code] = of
		}
		if list, ok := p.Improved[old]; ok {
			delete(p.Improved, old) // a copy too
			p.Improved[code] = list
		}
		if at := slices.Index(p.Units, old); at >= 0 {
			p.Units = slices.Clone(p.Units)
			p.Units[at] = code
		}
	}
}

func (m *merger) service(u *Unit, d *declaredItem) {
	if d.code == "" {
		return
	}
	was, ok := m.identify(d, &lookup{
		kind: "service", declared: m.declared.services[u.Code],
		find: func(code string) (string, bool) {
			if s, ok := u.Service(code); ok {
				return s.Code, true
			}
			return "", false
		},
		known: func() (out []string) {
			for i := range u.Services {
				out = append(out, u.Services[i].Code)
			}
			return out
		},
	})
	if !ok {
		return
	}
	s := find(m, &u.Services, func(s *Service) *string { return &s.Code }, was, d)
	if old := s.Code; m.rename(&s.Code, &s.Former, d) {
		m.renameServed(u.Code, old, s.Code)
	}
	m.name("services", u.Code, s.Code)
	m.common(d, &s.Name, &s.Closed)
}

// point adds or updates a point. One without a code is that of its name at its unit,
// or of the name or code that it had; a new one gets a code that can't be guessed.
func (m *merger) point(unit string, d *declaredItem) error {
	u := m.unitNamed(unit)
	if d.code == "" {
		if d.name == nil {
			m.fault(d.path+".name", "required", "is required")
			return nil
		}
		if err := m.codeFor(u, d); err != nil || d.code == "" {
			return err
		}
	}
	was, ok := m.identify(d, &lookup{
		kind: "point", find: m.pointCode, declared: m.declared.points, same: foldCode,
		known: func() (out []string) {
			for i := range u.Points {
				out = append(out, u.Points[i].Code)
			}
			return out
		},
	})
	if !ok {
		return nil
	}
	if from, known := m.points[foldCode(was)]; known && from.unit != unit {
		m.movePoint(from, u)
	}
	p := find(m, &u.Points, func(p *Point) *string { return &p.Code }, was, d)
	m.rename(&p.Code, &p.Former, d)
	for _, code := range allCodes(p.Code, p.Former) {
		m.points[foldCode(code)] = pointAt{p.Code, unit}
	}
	m.name("points", foldCode(p.Code))
	m.common(d, &p.Name, &p.Closed)
	set(m, &p.Remote, d.remote)
	return nil
}

// movePoint moves a point to the end of another unit's. Its answers stay with the
// unit that they were given for.
func (m *merger) movePoint(from pointAt, to *Unit) {
	u := m.unitNamed(from.unit)
	i := slices.IndexFunc(u.Points, func(p Point) bool { return p.Code == from.code })
	p := u.Points[i]
	p.Moved = &Move{From: u.Key()}
	to.Points = append(to.Points, p)
	u.Points = slices.Delete(u.Points, i, i+1)
	m.moved = append(m.moved, p.Key())
	m.changed = true
}

// codeFor finds the code of a point that has none in the file, or makes one; none
// where that is a fault.
func (m *merger) codeFor(u *Unit, d *declaredItem) error {
	named := func(name string) (code string) {
		for i := range u.Points {
			if p := &u.Points[i]; p.Name == name && (code == "" || !p.Closed) {
				code = p.Code
			}
		}
		return code
	}
	if d.code = named(*d.name); d.code != "" {
		d.was = nil // as it is, or as it was made
		return nil
	}
	for _, was := range d.was {
		if d.code = named(was); d.code == "" {
			if code, ok := m.pointCode(was); ok && m.points[foldCode(code)].unit == u.Code {
				d.code = code
			}
		}
		if d.code != "" {
			d.was = nil
			return nil
		}
	}
	if len(d.was) > 0 && !m.empty {
		var names []string
		for i := range u.Points {
			names = append(names, u.Points[i].Name)
		}
		m.fault(d.path+".was", "unknown_point", "%s", unknownName("point", d.was[0], names))
		return nil
	}
	d.was = nil
	for range 100 {
		code, err := m.newCode()
		if err != nil {
			return fmt.Errorf("make a point code: %w", err)
		}
		if _, taken := m.points[foldCode(code)]; !taken {
			d.code = code
			m.made = append(m.made, code)
			return nil
		}
	}
	return fmt.Errorf("make a point code: every try was taken")
}
