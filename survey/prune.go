package survey

import "strings"

// Omission is something declared that an apply file does not name.
type Omission struct {
	// Path names it as an apply file does, by codes.
	Path, Name string
}

// dateClosed notes on which day agencies and units were closed.
func (m *merger) dateClosed() {
	date := func(closed bool, on *Date) {
		switch {
		case !closed:
			*on = 0
		case *on == 0:
			*on = m.today
		}
	}
	for i := range m.out.Agencies {
		a := &m.out.Agencies[i]
		date(a.Closed, &a.ClosedOn)
		for j := range a.Units {
			date(a.Units[j].Closed, &a.Units[j].ClosedOn)
		}
	}
}

// name notes that the file names something.
func (m *merger) name(parts ...string) { m.named[strings.Join(parts, ".")] = true }

func (m *merger) isNamed(parts ...string) bool { return m.named[strings.Join(parts, ".")] }

// unnamed notes what is declared, open and not named by the file, or closes it; of
// what lies within each other only the outermost.
func (m *merger) unnamed(f *declaration, prune bool) {
	if prune && len(f.agencies) == 0 {
		m.fault("agencies", "required", "names no agency: pruning would close the whole city")
		return
	}
	leave := func(path, name string, closed *bool) {
		switch {
		case *closed:
		case prune:
			*closed, m.changed = true, true
		default:
			m.omitted = append(m.omitted, Omission{path, name})
		}
	}
	for i := range m.out.Agencies {
		a := &m.out.Agencies[i]
		agency := "agencies." + a.Code
		if !m.isNamed("agencies", a.Code) {
			leave(agency, a.Name, &a.Closed)
			continue
		}
		for j := range a.Units {
			u := &a.Units[j]
			unit := agency + ".units." + u.Code
			if !m.isNamed("units", u.Code) {
				leave(unit, u.Name, &u.Closed)
				continue
			}
			for k := range u.Services {
				if s := &u.Services[k]; !m.isNamed("services", u.Code, s.Code) {
					leave(unit+".services."+s.Code, s.Name, &s.Closed)
				}
			}
			for k := range u.Points {
				if p := &u.Points[k]; !m.isNamed("points", foldCode(p.Code)) {
					leave(unit+".points."+p.Code, p.Name, &p.Closed)
				}
			}
		}
	}
	m.dateClosed()
	declared := map[string]bool{}
	for i := range f.periods {
		declared[f.periods[i].code] = true
	}
	for i := range m.out.Periods {
		if p := &m.out.Periods[i]; !declared[p.Code] {
			m.omitted = append(m.omitted, Omission{"periods." + p.Code, p.Name})
		}
	}
}
