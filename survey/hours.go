package survey

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Opening says when a place is open on a kind of day: OpenAt, ClosedAt, hours as
// HH:MM-HH:MM, or nothing where what it lies in decides.
type Opening string

// Openings without hours.
const (
	OpenAt   Opening = "open"   // on that day, at hours that nobody declared
	ClosedAt Opening = "closed" // all day
)

// Span returns the minutes of the day, from midnight on, at which it opens and closes;
// false where no hours are declared.
func (o Opening) Span() (from, to int, ok bool) {
	first, last, ok := strings.Cut(string(o), "-")
	if !ok {
		return 0, 0, false
	}
	return minuteOf(first), minuteOf(last), true
}

// minuteOf reads HH:MM as Opening has it.
func minuteOf(s string) int {
	t, _ := strconv.Atoi(s[:2])
	m, _ := strconv.Atoi(s[3:])
	return t*60 + m
}

// Hours are the openings of a city, agency or unit by weekday, Sunday first, and last
// those of a holiday.
type Hours [8]Opening

const holidayHours = 7 // the place of holidays in Hours

// dayNames are the days as an apply file names them.
var dayNames = [len(Hours{})]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat", "holiday"}

// week is the order in which days are written.
var week = [...]int{1, 2, 3, 4, 5, 6, 0, holidayHours}

// defaultHours is for a city that declares no hours: offices are open from Monday to
// Friday. Where one is open on Saturdays too and nobody says so, silence is noticed a day
// later; the other way round every Saturday and Sunday would be an alarm.
var defaultHours = Hours{ClosedAt, OpenAt, OpenAt, OpenAt, OpenAt, OpenAt, ClosedAt, ClosedAt}

// Holiday is a day on which the city's offices are closed, unless their hours say
// otherwise of holidays.
type Holiday struct {
	Date Date   `json:"date"`
	Name string `json:"name"`
}

var hoursPattern = regexp.MustCompile(`^[0-9]{1,2}:[0-5][0-9]-[0-9]{1,2}:[0-5][0-9]$`)

// hours reads openings by day, or days such as mon-fri.
func (p *declarationParser) hours(to *map[int]Opening) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		*to = map[int]Opening{}
		p.pairs(path, n, func(path, key string, n *yaml.Node) {
			days, ok := daysOf(key)
			if !ok {
				p.fault(path, n, "unknown_day", "is no day (known: %s, and several as mon-fri)", strings.Join(namesOf(week[:]), ", "))
				return
			}
			opening, ok := p.opening(path, n)
			if !ok {
				return
			}
			for _, day := range days {
				if _, twice := (*to)[day]; twice {
					p.fault(path, n, "duplicate_day", "names %s, which is named already", dayNames[day])
					return
				}
				(*to)[day] = opening
			}
		})
	}
}

// opening reads one opening; empty text takes away what was declared.
func (p *declarationParser) opening(path string, n *yaml.Node) (Opening, bool) {
	n = resolved(n)
	text := strings.ReplaceAll(strings.ReplaceAll(n.Value, " ", ""), ".", ":")
	switch {
	case n.Kind != yaml.ScalarNode || n.Tag == "!!null":
	case text == "" || text == string(OpenAt) || text == string(ClosedAt):
		return Opening(text), true
	default:
		if !hoursPattern.MatchString(text) {
			break
		}
		first, last, _ := strings.Cut(text, "-")
		o := Opening(fmt.Sprintf("%05s-%05s", first, last))
		if from, to, _ := o.Span(); from >= to || to > 24*60 {
			p.fault(path, n, "ends_before_start", "must end later than it begins, on the same day (up to 24:00)")
			return "", false
		}
		return o, true
	}
	p.fault(path, n, "wrong_hours", "must be hours such as 08:00-16:00, open, closed, or '' for what the city or agency says")
	return "", false
}

// daysOf returns the days that a key of an apply file names.
func daysOf(key string) ([]int, bool) {
	at := func(name string) int {
		return slices.IndexFunc(week[:], func(day int) bool { return dayNames[day] == name })
	}
	first, last, several := strings.Cut(key, "-")
	from := at(first)
	if from < 0 {
		return nil, false
	}
	if !several {
		return week[from : from+1], true
	}
	to := at(last)
	if to <= from || dayNames[week[to]] == "holiday" {
		return nil, false
	}
	return week[from : to+1], true
}

func namesOf(days []int) []string {
	out := make([]string, len(days))
	for i, day := range days {
		out[i] = dayNames[day]
	}
	return out
}

// hours writes the days that the file names.
func (m *merger) hours(to *Hours, declared map[int]Opening) {
	for day, opening := range declared {
		set(m, &to[day], &opening)
	}
}

// hours adds a level's openings.
func (l *leaves) hours(owner, path string, h *Hours) {
	for _, day := range week {
		if h[day] != "" {
			*l = append(*l, leaf{path: path + ".hours." + dayNames[day], value: string(h[day]), owner: owner})
		}
	}
}

// dump returns the openings as a file has them; nil where there are none.
func (h *Hours) dump() *yaml.Node {
	out := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
	for _, day := range week {
		if h[day] != "" {
			out.Content = append(out.Content, scalarNode(dayNames[day]), scalarNode(string(h[day])))
		}
	}
	if len(out.Content) == 0 {
		return nil
	}
	return out
}

func scalarNode(text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
}

// in returns the openings with those of what the level lies in where it says nothing.
func (h *Hours) in(outer Hours) Hours {
	for day, opening := range h {
		if opening != "" {
			outer[day] = opening
		}
	}
	return outer
}

// declaredHoliday is a holiday in an apply file.
type declaredHoliday struct {
	path    string
	date    *Date
	name    *string
	removed *bool
}

func (p *declarationParser) holiday(path string, n *yaml.Node) declaredHoliday {
	d := declaredHoliday{path: path}
	p.mapping(path, n, fields{"date": p.date(&d.date), "name": p.text(&d.name), "removed": p.flag(&d.removed)})
	if resolved(n).Kind == yaml.MappingNode {
		p.requiredKeys(path, n, "date")
	}
	return d
}

// holidaysOnce finds holidays that are there twice in the file.
func (p *declarationParser) holidaysOnce(list []declaredHoliday) {
	seen := map[Date]string{}
	for _, d := range list {
		if d.date == nil {
			continue
		}
		if first, twice := seen[*d.date]; twice {
			p.faults = appendFault(p.faults, d.path+".date", "duplicate_date", "%s is declared at %s already", d.date, first)
			continue
		}
		seen[*d.date] = d.path
	}
}

// holidays adds, renames and takes away holidays; those that the file doesn't name stay.
func (m *merger) holidays(list []declaredHoliday) {
	for _, d := range list {
		if d.date == nil {
			continue // its fault is told
		}
		at, known := slices.BinarySearchFunc(m.out.City.Holidays, *d.date, func(h Holiday, day Date) int { return int(h.Date) - int(day) })
		removed := d.removed != nil && *d.removed
		switch {
		case removed && known:
			m.out.City.Holidays = slices.Delete(m.out.City.Holidays, at, at+1)
			m.changed = true
		case removed:
		case known:
			set(m, &m.out.City.Holidays[at].Name, d.name)
		case d.name == nil:
			m.fault(d.path+".name", "required", "is required")
		default:
			m.out.City.Holidays = slices.Insert(m.out.City.Holidays, at, Holiday{*d.date, *d.name})
			m.changed = true
		}
	}
}

// holidays adds those of a city.
func (l *leaves) holidays(list []Holiday) {
	for _, h := range list {
		l.add("", "city.holidays."+h.Date.String(), h.Name)
	}
}

type dumpedHoliday struct {
	Date string `yaml:"date"`
	Name string `yaml:"name"`
}

func dumpHolidays(list []Holiday) []dumpedHoliday {
	var out []dumpedHoliday
	for _, h := range list {
		out = append(out, dumpedHoliday{h.Date.String(), h.Name})
	}
	return out
}
