package survey

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// Declaration returns a catalogue as the text of an apply file that declares it:
// applied to that catalogue it changes nothing, and applied to an empty one it makes
// one of the same. What no file declares isn't in it: its version, amendments, and
// whether it is a demonstration.
func Declaration(c *Catalogue) ([]byte, error) {
	out := dumpedFile{City: dumpedCity{Name: c.City.Name, TimeZone: c.City.TimeZone, Least: c.City.Least}}
	for i := range c.Agencies {
		out.Agencies = append(out.Agencies, dumpAgency(&c.Agencies[i]))
	}
	for i := range c.Periods {
		out.Periods = append(out.Periods, dumpPeriod(&c.Periods[i]))
	}
	for i := range c.Earlier {
		out.Earlier = append(out.Earlier, dumpEarlier(&c.Earlier[i]))
	}
	var text bytes.Buffer
	enc := yaml.NewEncoder(&text)
	enc.SetIndent(2)
	if err := enc.Encode(&out); err != nil {
		return nil, fmt.Errorf("write a declaration: %w", err)
	}
	if err := enc.Close(); err != nil {
		return nil, fmt.Errorf("write a declaration: %w", err)
	}
	return text.Bytes(), nil
}

type dumpedFile struct {
	City     dumpedCity      `yaml:"city"`
	Agencies []dumpedAgency  `yaml:"agencies,omitempty"`
	Periods  []dumpedPeriod  `yaml:"periods,omitempty"`
	Earlier  []dumpedEarlier `yaml:"earlier,omitempty"`
}

type dumpedCity struct {
	Name     string `yaml:"name"`
	TimeZone string `yaml:"time_zone"`
	Least    int    `yaml:"least,omitempty"`
}

type dumpedAgency struct {
	Code  string       `yaml:"code"`
	Name  string       `yaml:"name"`
	Units []dumpedUnit `yaml:"units,omitempty"`
}

type dumpedUnit struct {
	Code     string       `yaml:"code"`
	Name     string       `yaml:"name"`
	Services []dumpedItem `yaml:"services,omitempty"`
	Points   []dumpedItem `yaml:"points,omitempty"`
}

// dumpedItem is a service or a point.
type dumpedItem struct {
	Code   string `yaml:"code"`
	Name   string `yaml:"name"`
	Closed bool   `yaml:"closed,omitempty"`
	Remote bool   `yaml:"remote,omitempty"`
}

type dumpedPeriod struct {
	Code       string            `yaml:"code"`
	Name       string            `yaml:"name"`
	From       string            `yaml:"from"`
	To         string            `yaml:"to"`
	Instrument []string          `yaml:"instrument,flow"`
	Methods    map[string]string `yaml:"methods,omitempty"`
	Population map[string]int    `yaml:"population,omitempty"`
	Units      []string          `yaml:"units,omitempty"`
	Overlaps   []string          `yaml:"overlaps,omitempty"`
}

func dumpAgency(a *Agency) dumpedAgency {
	out := dumpedAgency{Code: a.Code, Name: a.Name}
	for i := range a.Units {
		u := &a.Units[i]
		unit := dumpedUnit{Code: u.Code, Name: u.Name}
		for _, s := range u.Services {
			unit.Services = append(unit.Services, dumpedItem{Code: s.Code, Name: s.Name, Closed: s.Closed})
		}
		for _, p := range u.Points {
			unit.Points = append(unit.Points, dumpedItem(p))
		}
		out.Units = append(out.Units, unit)
	}
	return out
}

func dumpPeriod(p *Period) dumpedPeriod {
	return dumpedPeriod{
		Code: p.Code, Name: p.Name, From: p.From.String(), To: p.To.String(), Instrument: p.Instruments,
		Methods: p.Methods, Population: p.Population, Units: p.Units, Overlaps: p.Overlaps,
	}
}
