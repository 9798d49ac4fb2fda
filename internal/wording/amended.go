package wording

import (
	"strconv"
	"strings"

	"persepsi/survey"
)

// Amended says a line of an amendment, which Change.String of the survey wrote, in words.
// names are as Result.Names. A line that is none of those stays as it is.
func (s *Speaker) Amended(line string, names map[string]string) (string, error) {
	verb, rest, _ := strings.Cut(line, " ")
	path, values, ok := strings.Cut(rest, ": ")
	parts := strings.Split(path, ".")
	if !ok || len(parts) < 3 {
		return line, nil
	}
	if verb == "moved" {
		return s.Say("amended.moved", "Unit", called(parts[len(parts)-1], names), "Agency", called(strings.TrimPrefix(values, "from "), names))
	}
	field, of := parts[2], strings.Join(parts[3:], ".")
	before, after := "", values
	switch verb {
	case "added":
	case "changed":
		before, after, _ = strings.Cut(values, " → ")
	case "removed":
		before, after = values, ""
	default:
		return line, nil
	}
	what, err := s.amendedWhat(field, of, names)
	if what == "" || err != nil {
		return line, err
	}
	return s.Say("amended."+verb, "What", what, "Before", s.amendedValue(field, before, names), "After", s.amendedValue(field, after, names))
}

// amendedWhat names what of a period was changed; empty: nothing that amends one.
func (s *Speaker) amendedWhat(field, of string, names map[string]string) (string, error) {
	switch field {
	case "population":
		unit, service, one := strings.Cut(of, ".")
		if one {
			return s.Say("amended.served", "Unit", called(unit, names), "Service", service)
		}
		return s.Say("amended.population", "Unit", called(unit, names))
	case "methods":
		return s.Say("amended.methods", "Index", strings.ToUpper(of))
	case "units", "from", "to":
		return s.Say("amended." + field)
	default:
		return "", nil
	}
}

// amendedValue writes a value of a field as people read it.
func (s *Speaker) amendedValue(field, value string, names map[string]string) string {
	switch field {
	case "population":
		if n, err := strconv.ParseInt(value, 10, 64); err == nil {
			return s.Whole(n)
		}
	case "from", "to":
		if day, err := survey.ParseDate(value); err == nil {
			if text, err := s.Date(day); err == nil {
				return text
			}
		}
	case "methods":
		for _, ref := range []string{value, value + "@1"} {
			if text, err := s.Say("result.by." + ref); err == nil {
				return text
			}
		}
	case "units":
		units := strings.Split(value, ", ")
		for i := range units {
			units[i] = called(units[i], names)
		}
		return strings.Join(units, ", ")
	}
	return value
}

// called returns the name of a code, the code where it has none any more.
func called(code string, names map[string]string) string {
	if name := names[code]; name != "" {
		return name
	}
	return code
}

// AmendedNames returns the names that a period's amendments are told by: those of units by
// code, and of agencies by `agencies.CODE`. nil where it was not amended.
func AmendedNames(d *survey.Directory, p *survey.Period) map[string]string {
	if p == nil || len(p.Amendments) == 0 {
		return nil
	}
	out := map[string]string{}
	for i := range d.Catalogue().Agencies {
		a := &d.Catalogue().Agencies[i]
		out["agencies."+a.Code] = a.Name
		for j := range a.Units {
			out[a.Units[j].Code] = a.Units[j].Name
		}
	}
	return out
}
