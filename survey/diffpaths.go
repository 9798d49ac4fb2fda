package survey

import "strings"

// paths are where the agencies, units, services and points of a catalogue are in it,
// by their keys: what was renamed or moved is found again.
type paths struct{ agencies, units, services, points map[string]string }

func pathsOf(c *Catalogue) *paths {
	p := &paths{map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}}
	for i := range c.Agencies {
		a := &c.Agencies[i]
		p.agencies[a.Key()] = p.agency(a)
		for j := range a.Units {
			u := &a.Units[j]
			p.units[u.Key()] = p.unit(a, u)
			for k := range u.Services {
				p.services[serviceKey(u, &u.Services[k])] = p.service(a, u, &u.Services[k])
			}
			for k := range u.Points {
				p.points[foldCode(u.Points[k].Key())] = p.point(a, u, &u.Points[k])
			}
		}
	}
	return p
}

func serviceKey(u *Unit, s *Service) string { return u.Key() + "\x00" + s.Key() }

func (p *paths) agency(a *Agency) string {
	if path, ok := p.agencies[a.Key()]; ok {
		return path
	}
	return "agencies." + a.Code
}

func (p *paths) unit(a *Agency, u *Unit) string {
	if path, ok := p.units[u.Key()]; ok {
		return path
	}
	return p.agency(a) + ".units." + u.Code
}

func (p *paths) service(a *Agency, u *Unit, s *Service) string {
	if path, ok := p.services[serviceKey(u, s)]; ok {
		return path
	}
	return p.unit(a, u) + ".services." + s.Code
}

func (p *paths) point(a *Agency, u *Unit, o *Point) string {
	if path, ok := p.points[foldCode(o.Key())]; ok {
		return path
	}
	return p.unit(a, u) + ".points." + o.Code
}

// lastOf returns the code at the end of a path; codes have no dots.
func lastOf(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// ownerOf returns the path of what a unit, service or point lies in.
func ownerOf(path string) string {
	path = path[:strings.LastIndexByte(path, '.')]
	return path[:strings.LastIndexByte(path, '.')]
}

// moves lists what of a catalogue has another code, or is elsewhere, by now.
func (p *paths) moves(before *Catalogue) []Change {
	var out []Change
	note := func(path, code, owner string) {
		if now := lastOf(path); now != code {
			out = append(out, Change{Path: path, Before: code, After: now, Kind: ChangeRenamed})
		}
		if owner != "" && ownerOf(path) != owner {
			out = append(out, Change{Path: path, Before: owner, After: ownerOf(path), Kind: ChangeMoved})
		}
	}
	for i := range before.Agencies {
		a := &before.Agencies[i]
		note(p.agency(a), a.Code, "")
		for j := range a.Units {
			u := &a.Units[j]
			note(p.unit(a, u), u.Code, p.agency(a))
			for k := range u.Services {
				note(p.service(a, u, &u.Services[k]), u.Services[k].Code, "")
			}
			for k := range u.Points {
				note(p.point(a, u, &u.Points[k]), u.Points[k].Code, p.unit(a, u))
			}
		}
	}
	return out
}
