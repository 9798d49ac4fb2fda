package view

import (
	"strconv"
	"strings"

	"persepsi/survey"
)

// amended says a line of an amendment, which Change.String of the survey wrote, in words.
// names are as Result.Names. A line that is none of those stays as it is.
func (s *speaker) amended(line string, names map[string]string) (string, error) {
	verb, rest, _ := strings.Cut(line, " ")
	path, values, ok := strings.Cut(rest, ": ")
	parts := strings.Split(path, ".")
	if !ok || len(parts) < 3 {
		return line, nil
	}
	if verb == "moved" {
		return s.say("amended.moved", "Unit", called(parts[len(parts)-1], names), "Agency", called(strings.TrimPrefix(values, "from "), names))
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
	return s.say("amended."+verb, "What", what, "Before", s.amendedValue(field, before, names), "After", s.amendedValue(field, after, names))
}

// amendedWhat names what of a period was changed; empty: nothing that amends one.
func (s *speaker) amendedWhat(field, of string, names map[string]string) (string, error) {
	switch field {
	case "population":
		unit, service, one := strings.Cut(of, ".")
		if one {
			return s.say("amended.served", "Unit", called(unit, names), "Service", service)
		}
		return s.say("amended.population", "Unit", called(unit, names))
	case "methods":
		return s.say("amended.methods", "Index", strings.ToUpper(of))
	case "units", "from", "to":
		return s.say("amended." + field)
	default:
		return "", nil
	}
}

// amendedValue writes a value of a field as people read it.
func (s *speaker) amendedValue(field, value string, names map[string]string) string {
	switch field {
	case "population":
		if n, err := strconv.ParseInt(value, 10, 64); err == nil {
			return s.whole(n)
		}
	case "from", "to":
		if day, err := survey.ParseDate(value); err == nil {
			if text, err := s.date(day); err == nil {
				return text
			}
		}
	case "methods":
		for _, ref := range []string{value, value + "@1"} {
			if text, err := s.say("result.by." + ref); err == nil {
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
