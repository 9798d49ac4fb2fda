package survey

import (
	"maps"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// declaredPopulation is the number of people that a unit served: alone, or by service.
type declaredPopulation struct {
	total int
	// services is nil where the file names one number.
	services map[string]int
}

// population reads the numbers of people served by unit.
func (p *declarationParser) population(to *map[string]declaredPopulation) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		*to = map[string]declaredPopulation{}
		p.pairs(path, n, func(path, unit string, n *yaml.Node) {
			if resolved(n).Kind != yaml.MappingNode {
				(*to)[unit] = declaredPopulation{total: p.people(path, n, "must be a whole number, or numbers by service")}
				return
			}
			d := declaredPopulation{services: map[string]int{}}
			p.pairs(path, n, func(path, service string, n *yaml.Node) {
				d.services[service] = p.people(path, n, "must be a whole number")
				d.total += d.services[service]
			})
			if len(d.services) == 0 {
				p.fault(path, n, "required", "names no service")
			}
			(*to)[unit] = d
		})
	}
}

// mostPeople bounds the number of people that were served: of some numbers the sum fits.
const mostPeople = 1_000_000_000

// people returns a number of people; of one that there cannot be 0, and its fault is told.
func (p *declarationParser) people(path string, n *yaml.Node, rule string) int {
	v, err := strconv.Atoi(resolved(n).Value)
	switch {
	case err != nil:
		p.fault(path, n, "wrong_type", "%s", rule)
	case v < 0:
		p.fault(path, n, "out_of_range", "must not be negative")
	case v > mostPeople:
		p.fault(path, n, "out_of_range", "must be at most %d", mostPeople)
	default:
		return v
	}
	return 0
}

// served writes the numbers of people served that the file names. One number takes the
// place of numbers by service.
func (m *merger) served(p *Period, d declaredPeriod) {
	for _, code := range sortedKeys(d.population) {
		declared := d.population[code]
		unit, known := m.unitCode(code)
		if !known {
			continue // its fault is told
		}
		services := m.servedBy(d.path+".population."+code, m.unitNamed(unit), declared.services)
		if old, ok := p.Population[unit]; !ok || old != declared.total {
			if p.Population == nil {
				p.Population = map[string]int{}
			}
			p.Population[unit] = declared.total
			m.changed = true
		}
		if maps.Equal(p.Served[unit], services) {
			continue
		}
		m.changed = true
		if services == nil {
			delete(p.Served, unit) // a copy: see clone
			continue
		}
		if p.Served == nil {
			p.Served = map[string]map[string]int{}
		}
		p.Served[unit] = services
	}
}

// servedBy returns numbers by service with the codes that these have now; nil for none.
func (m *merger) servedBy(path string, unit *Unit, services map[string]int) map[string]int {
	if services == nil {
		return nil
	}
	out := map[string]int{}
	var known []string
	for i := range unit.Services {
		known = append(known, unit.Services[i].Code)
	}
	for _, code := range sortedKeys(services) {
		s, ok := unit.Service(code)
		if !ok {
			m.fault(path+"."+Printable(code), "unknown_service", "%s", unknownName("service", code, known))
			continue
		}
		if _, twice := out[s.Code]; twice {
			m.fault(path+"."+code, "duplicate_code", "%s is named already, as %s", s.Code, code)
			continue
		}
		out[s.Code] = services[code]
	}
	return out
}

// renameServed gives a unit's service its new code in the numbers of people served.
func (m *merger) renameServed(unit, old, code string) {
	for i := range m.out.Periods {
		if of := m.out.Periods[i].Served[unit]; of != nil {
			if people, ok := of[old]; ok {
				delete(of, old) // a copy: see clone
				of[code] = people
			}
		}
	}
}

// cloneServed copies the numbers of people served by unit and service.
func cloneServed(of map[string]map[string]int) map[string]map[string]int {
	out := maps.Clone(of)
	for unit := range out {
		out[unit] = maps.Clone(out[unit])
	}
	return out
}

// dumpPopulation returns the numbers of people served as a file has them.
func dumpPopulation(p *Period) map[string]any {
	out := map[string]any{}
	for unit, people := range p.Population {
		if services := p.Served[unit]; services != nil {
			out[unit] = services
		} else {
			out[unit] = people
		}
	}
	return out
}
