package desk

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"persepsi/internal/access"
	"persepsi/survey"
)

// place makes a unit in all of its periods, or returns that of before where nothing that it
// was made of changed; nil: it takes part in none.
func (m *deskInput) place(at survey.Place, before *place) *place {
	list := m.resultsOf(at.Unit)
	if len(list) == 0 {
		return nil
	}
	calendar, over := m.directory.Calendar(at), m.today-1
	if calendar.Over(m.today, m.now, m.directory.Zone()) {
		over = m.today
	}
	key := m.keyOfPlace(at, list, over)
	if before != nil && before.key == key {
		return before
	}
	var counted []countedPeriod
	for _, r := range list {
		if c := m.counts[r.period.Code].of(at.Unit.Key()); c != nil && r.period.To >= m.today-lookBack {
			counted = append(counted, countedPeriod{r.period.From, c})
		}
	}
	running := func(day survey.Date) bool {
		return slices.ContainsFunc(list, func(r unitResult) bool { return r.period.Contains(day) })
	}
	s := seriesOf(at.Unit, counted, calendar, running, m.today, over)
	p := &place{scope: access.Unit(at.Agency.Key(), at.Unit.Key()), key: key}
	main := m.mainOf(list)
	for i := range list {
		p.units = append(p.units, m.unit(at, list, i, i == main, s))
	}
	p.main = p.units[main]
	return p
}

// keyOfPlace names all that a unit is made of. The results' serials stand for the
// catalogue too.
func (m *deskInput) keyOfPlace(at survey.Place, list []unitResult, over survey.Date) string {
	var key strings.Builder
	fmt.Fprint(&key, m.today, over)
	for _, r := range list {
		counts, unread := uint64(0), -1
		if c := m.counts[r.period.Code].of(at.Unit.Key()); c != nil {
			counts = c.serial
		}
		if of := m.unread[r.period.Code]; of != nil {
			unread = of[at.Unit.Key()]
		}
		fmt.Fprint(&key, " ", r.Serial, counts, unread)
	}
	return key.String()
}

func sortedKeys[V any](of map[string]V) []string { return slices.Sorted(maps.Keys(of)) }
