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
	for _, p := range c.pictures() {
		if !p.Known() {
			return nil, Errorf(Conflict, "the store has lost a picture (%s); declare it again, or take it away", p.summary())
		}
	}
	pictures := pictureDumper{map[string]*yaml.Node{}}
	out := dumpedFile{City: dumpedCity{
		Name: c.City.Name, TimeZone: c.City.TimeZone, Least: c.City.Least, Notice: dumpNotice(&c.City.Notice), Hours: c.City.Hours.dump(), Holidays: dumpHolidays(c.City.Holidays),
		Colour: c.City.Colour, Arms: pictures.dump(c.City.Arms),
	}}
	for i := range c.Agencies {
		agency := dumpAgency(&c.Agencies[i])
		agency.Logo = pictures.dump(c.Agencies[i].Logo)
		out.Agencies = append(out.Agencies, agency)
	}
	for i := range c.Periods {
		out.Periods = append(out.Periods, dumpPeriod(&c.Periods[i]))
	}
	out.Instruments = c.Instruments
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
	City     dumpedCity     `yaml:"city"`
	Agencies []dumpedAgency `yaml:"agencies,omitempty"`
	// An instrument is written as it is kept.
	Instruments []Instrument    `yaml:"instruments,omitempty"`
	Periods     []dumpedPeriod  `yaml:"periods,omitempty"`
	Earlier     []dumpedEarlier `yaml:"earlier,omitempty"`
}

type dumpedCity struct {
	Name     string          `yaml:"name"`
	TimeZone string          `yaml:"time_zone"`
	Least    int             `yaml:"least,omitempty"`
	Notice   dumpedNotice    `yaml:"notice,omitempty"`
	Hours    *yaml.Node      `yaml:"hours,omitempty"`
	Holidays []dumpedHoliday `yaml:"holidays,omitempty"`
	Colour   string          `yaml:"colour,omitempty"`
	Arms     *yaml.Node      `yaml:"arms,omitempty"`
}

type dumpedAgency struct {
	dumpedItem `yaml:",inline"`
	Hours      *yaml.Node   `yaml:"hours,omitempty"`
	Logo       *yaml.Node   `yaml:"logo,omitempty"`
	Units      []dumpedUnit `yaml:"units,omitempty"`
}

type dumpedUnit struct {
	dumpedItem `yaml:",inline"`
	Hours      *yaml.Node   `yaml:"hours,omitempty"`
	Services   []dumpedItem `yaml:"services,omitempty"`
	Points     []dumpedItem `yaml:"points,omitempty"`
}

// dumpedItem is a service or a point, and what agencies and units have of them.
type dumpedItem struct {
	Code   string   `yaml:"code"`
	Was    []string `yaml:"was,omitempty,flow"`
	Name   string   `yaml:"name"`
	Closed bool     `yaml:"closed,omitempty"`
	Remote bool     `yaml:"remote,omitempty"`
}

type dumpedPeriod struct {
	Code       string                         `yaml:"code"`
	Name       string                         `yaml:"name"`
	From       string                         `yaml:"from"`
	To         string                         `yaml:"to"`
	Instrument []string                       `yaml:"instrument,flow"`
	Methods    map[string]string              `yaml:"methods,omitempty"`
	Population map[string]any                 `yaml:"population,omitempty"`
	Units      []string                       `yaml:"units,omitempty"`
	Overlaps   []string                       `yaml:"overlaps,omitempty"`
	Improved   map[string][]dumpedImprovement `yaml:"improved,omitempty"`
}

func dumpAgency(a *Agency) dumpedAgency {
	out := dumpedAgency{dumpedItem: dumpedItem{Code: a.Code, Was: a.Former, Name: a.Name, Closed: a.Closed}, Hours: a.Hours.dump()}
	for i := range a.Units {
		u := &a.Units[i]
		unit := dumpedUnit{dumpedItem: dumpedItem{Code: u.Code, Was: u.Former, Name: u.Name, Closed: u.Closed}, Hours: u.Hours.dump()}
		for _, s := range u.Services {
			unit.Services = append(unit.Services, dumpedItem{Code: s.Code, Was: s.Former, Name: s.Name, Closed: s.Closed})
		}
		for _, p := range u.Points {
			unit.Points = append(unit.Points, dumpedItem{Code: p.Code, Was: p.Former, Name: p.Name, Closed: p.Closed, Remote: p.Remote})
		}
		out.Units = append(out.Units, unit)
	}
	return out
}

type dumpedImprovement struct {
	Aspect string `yaml:"aspect,omitempty"`
	Text   Text   `yaml:"text"`
	Done   string `yaml:"done"`
}

func dumpPeriod(p *Period) dumpedPeriod {
	improved := map[string][]dumpedImprovement{}
	for unit, list := range p.Improved {
		for _, i := range list {
			improved[unit] = append(improved[unit], dumpedImprovement{i.Aspect, i.Text, i.Done.String()})
		}
	}
	return dumpedPeriod{
		Code: p.Code, Name: p.Name, From: p.From.String(), To: p.To.String(), Instrument: p.Instruments,
		Methods: p.Methods, Population: dumpPopulation(p), Units: p.Units, Overlaps: p.Overlaps, Improved: improved,
	}
}
