package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"persepsi/survey"
)

// The periods of a city made for measuring, and their instrument.
const (
	PastPeriod    = "lalu"
	RunningPeriod = "kini"

	instrument = "terpadu-16"
)

const (
	unitsPerAgency = 20
	periodDays     = 182
	runningSince   = 91 // days of the running period that have answers
)

// City says which city to make. The same city has the same codes and answers.
type City struct {
	Answers int64
	Units   int
	Seed    uint64
	// Today is the first day without answers: generated ones end the day
	// before, half-way through the running period.
	Today survey.Date
}

// name tells on every page that the city is made up, and is how a store is
// recognised as one of ours.
func (c City) name() string {
	return fmt.Sprintf("Kota Ukur (buatan: %d jawaban, %d unit, benih %d)", c.Answers, c.Units, c.Seed)
}

// ours reports whether a catalogue is of a city made for measuring, whichever.
func ours(c *survey.Catalogue) bool {
	return strings.HasPrefix(c.City.Name, "Kota Ukur (buatan: ")
}

func (c City) first() survey.Date { return c.Today - runningSince - periodDays }

// catalogue returns the city. It isn't applied from a file: that serves people,
// who name their faults, and takes its time with a thousand points.
func (c City) catalogue(lib *survey.Library, newCode CodeMaker) (*survey.Catalogue, error) {
	ref, err := lib.Resolve(instrument)
	if err != nil {
		return nil, fmt.Errorf("declare the city: %w", err)
	}
	codes := c.codes(newCode)
	out := &survey.Catalogue{Version: 1, City: survey.City{Name: c.name(), TimeZone: survey.DefaultTimeZone}}
	population := map[string]int{}
	for u := range c.Units {
		if u%unitsPerAgency == 0 {
			n := u/unitsPerAgency + 1
			out.Agencies = append(out.Agencies, survey.Agency{Code: fmt.Sprintf("dinas-%02d", n), Name: fmt.Sprintf("Dinas Ukur %02d", n)})
		}
		unit := survey.Unit{
			Code: unitCode(u), Name: fmt.Sprintf("Unit Layanan %04d", u+1),
			Services: []survey.Service{{Code: "baru", Name: "Permohonan baru"}, {Code: "ubah", Name: "Perubahan"}},
		}
		for _, name := range []string{"Loket 1", "Loket 2"} {
			code, err := codes()
			if err != nil {
				return nil, fmt.Errorf("declare the city: %w", err)
			}
			unit.Points = append(unit.Points, survey.Point{Code: code, Name: name})
		}
		agency := &out.Agencies[len(out.Agencies)-1]
		agency.Units = append(agency.Units, unit)
		population[unit.Code] = 40 * int(unitWeight(c.Seed, u))
	}
	for _, p := range []survey.Period{
		{Code: PastPeriod, Name: "Periode lalu", From: c.first()},
		{Code: RunningPeriod, Name: "Periode berjalan", From: c.first() + periodDays},
	} {
		p.To, p.Instruments, p.Population = p.From+periodDays-1, []string{ref}, population
		out.Periods = append(out.Periods, p)
	}
	return out, nil
}

func unitCode(u int) string { return fmt.Sprintf("unit-%04d", u+1) }

// CodeMaker makes a point code out of random bytes.
type CodeMaker func(random *rand.ChaCha8) (string, error)

// codes returns point codes that can't be guessed without the seed, each once.
func (c City) codes(newCode CodeMaker) func() (string, error) {
	var seed [32]byte
	copy(seed[:], fmt.Sprintf("points of seed %d", c.Seed))
	random, given := rand.NewChaCha8(seed), map[string]bool{}
	return func() (string, error) {
		for {
			code, err := newCode(random)
			if err != nil || !given[code] {
				given[code] = true
				return code, err
			}
		}
	}
}

// fits reports by an error whether a store with this catalogue may hold the
// city: Conflict where it holds anything else.
func (City) fits(have, want *survey.Catalogue) error {
	if have.Version == 0 {
		return nil
	}
	if !ours(have) {
		return survey.Errorf(survey.Conflict, "the store holds %s; give the generated answers a store of their own", have.City.Name)
	}
	if have.City.Name != want.City.Name {
		return survey.Errorf(survey.Conflict, "the store holds another generated city, %s", have.City.Name)
	}
	a, errA := json.Marshal(have)
	b, errB := json.Marshal(want)
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		return survey.Errorf(survey.Conflict, "the store holds %s, but in another shape than this program's", have.City.Name)
	}
	return nil
}

// begun returns the day of Today when the city in a store was made.
func begun(have *survey.Catalogue, now time.Time) (survey.Date, error) {
	for i := range have.Periods {
		if have.Periods[i].Code == RunningPeriod {
			return have.Periods[i].From + runningSince, nil
		}
	}
	zone, err := time.LoadLocation(survey.DefaultTimeZone)
	if err != nil {
		return 0, fmt.Errorf("time zone of the city: %w", err)
	}
	return survey.DateOf(now, zone), nil
}
