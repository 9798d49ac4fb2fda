// Package demo makes the demonstration city: invented agencies, two closed
// periods and a running one, and some 20,000 answers of differing quality. The
// same day gives the same city.
package demo

import (
	"context"
	"embed" // the city is data
	"fmt"
	"time"

	"go.yaml.in/yaml/v3"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/audit"
	"persepsi/survey"
)

//go:embed city.yaml
var cityFile []byte

// The arms and logos are invented like all else: drawn in the SVG files beside them.
//
//go:embed look/*.png
var look embed.FS

//go:embed comments.yaml
var commentFile []byte

// Store is what the demonstration is written to.
type Store interface {
	survey.Appender
	survey.Reader
	survey.CatalogueStore
	// RecordCatalogue stores the city with what the audit tells of it.
	RecordCatalogue(ctx context.Context, c *survey.Catalogue, said ...audit.Entry) error
	// Settle brings the tallies up to date.
	Settle(ctx context.Context) (changed int, err error)
	// RecordEvaluation adds an entry of an evaluator with what the audit tells of it.
	RecordEvaluation(ctx context.Context, e analytics.Evaluation, said ...audit.Entry) error
	access.PersonStore
	// RecordPerson adds a person with what the audit tells of it.
	RecordPerson(ctx context.Context, p access.Person, said ...audit.Entry) error
	access.KeyReader
	// RecordRevocation ends a key for good.
	RecordRevocation(ctx context.Context, id string, at time.Time, said ...audit.Entry) error
}

// instrument is the questionnaire of every demonstration period: one form, three indexes.
const instrument = "terpadu-16"

// Fill declares the demonstration city in an empty store, answers its periods
// and adds a person for each role that it lets anybody in as. A store that holds the
// demonstration already keeps its answers and people and gets what it lacks: the
// periods that began since, and the people. Conflict: the store holds a real city.
func Fill(ctx context.Context, s Store, lib *survey.Library, methods *survey.Methods, now time.Time) error {
	have, err := s.Catalogue(ctx)
	if err != nil {
		return err
	}
	if have.Version > 0 && !have.City.Demo {
		return survey.Errorf(survey.Conflict, "--demo: the store holds %s; give the demonstration a directory of its own (--data DIR)", have.City.Name)
	}
	base := *have
	base.City.Demo = true
	text, err := declaration(now)
	if err != nil {
		return err
	}
	refuse := func() (string, error) { return "", fmt.Errorf("every point of the demonstration has a code") }
	applied, err := survey.Apply(&base, text, lib, methods, refuse, nil, 0, survey.Files(look.ReadFile))
	if err != nil {
		return fmt.Errorf("declare the demonstration: %w", err)
	}
	if applied.Changed {
		d, err := survey.NewDirectory(applied.Catalogue, lib, methods)
		if err != nil {
			return err
		}
		if err := answer(ctx, s, d, have, now); err != nil {
			return err
		}
	}
	if err := revokeKeys(ctx, s, now); err != nil {
		return err
	}
	// Last of all: people whom anybody may be belong to a demonstration alone.
	return addPeople(ctx, s, now)
}

// answer answers the periods that a store lacks, declares the city there and
// brings the tallies up to date.
func answer(ctx context.Context, s Store, d *survey.Directory, have *survey.Catalogue, now time.Time) error {
	var comments struct {
		Content []string `yaml:"content"`
		Unhappy []string `yaml:"unhappy"`
	}
	err := yaml.Unmarshal(commentFile, &comments)
	if err != nil {
		return fmt.Errorf("read the demonstration's comments: %w", err)
	}
	samples, err := analytics.LoadSamples()
	if err != nil {
		return err
	}
	// The answers come first: a crash leaves a store that is filled again, and
	// ids make that store nothing twice.
	for _, p := range d.Catalogue().Periods {
		if hasPeriod(have, p.Code) {
			continue
		}
		g := &generator{directory: d, period: &p, form: d.Form(p.Code), now: now, samples: samples, content: comments.Content, unhappy: comments.Unhappy}
		if err := g.fill(ctx, s); err != nil {
			return fmt.Errorf("answer the demonstration: %w", err)
		}
	}
	entry := audit.Entry{
		At: now, Actor: "serve --demo", Action: audit.Apply, Subject: fmt.Sprintf("catalogue %d", d.Catalogue().Version),
		Detail: "the demonstration city, with invented answers and evaluators' entries",
	}
	entry.Declare(have, d.Catalogue(), survey.Diff(have, d.Catalogue()))
	if err := s.RecordCatalogue(ctx, d.Catalogue(), entry); err != nil {
		return err
	}
	_, err = s.Settle(ctx)
	return err
}

func hasPeriod(c *survey.Catalogue, code string) bool {
	for i := range c.Periods {
		if c.Periods[i].Code == code {
			return true
		}
	}
	return false
}

// declaration adds the last two half-years and the running one to the city.
func declaration(now time.Time) ([]byte, error) {
	zone, err := time.LoadLocation(survey.DefaultTimeZone)
	if err != nil {
		return nil, fmt.Errorf("time zone of the demonstration: %w", err)
	}
	var city map[string]any
	if err := yaml.Unmarshal(cityFile, &city); err != nil {
		return nil, fmt.Errorf("read the demonstration city: %w", err)
	}
	population := map[string]any{}
	for i, unit := range units(city) {
		population[unit.code] = served(populations[i%len(populations)], unit.services)
	}
	local := now.In(zone)
	if about, ok := city["city"].(map[string]any); ok {
		about["holidays"] = holidays(local.Year()-1, local.Year())
	}
	half := (int(local.Month()) - 1) / 6
	var periods []map[string]any
	for back := 2; back >= 0; back-- {
		n := local.Year()*2 + half - back
		year, h := n/2, n%2
		from := survey.NewDate(year, time.Month(h*6+1), 1)
		to := survey.NewDate(year, time.Month(h*6+7), 0)
		done, err := improved(back, to, survey.DateOf(now, zone))
		if err != nil {
			return nil, err
		}
		periods = append(periods, map[string]any{
			"code": fmt.Sprintf("%d-s%d", year, h+1), "name": fmt.Sprintf("Semester %s %d", [2]string{"I", "II"}[h], year),
			"from": from.String(), "to": to.String(), "instrument": instrument, "population": population, "improved": done,
		})
	}
	city["periods"] = periods
	out, err := yaml.Marshal(city)
	if err != nil {
		return nil, fmt.Errorf("declare the demonstration: %w", err)
	}
	return out, nil
}

// populations are the numbers of people served in a half-year, from a busy
// counter to a quiet one.
var populations = [...]int{2400, 260, 410, 1350, 180, 320, 3100, 2200, 900, 640, 150, 5200, 800, 1700, 2600}

// served shares the people served among a unit's services as those are chosen; the
// number alone where there is one service, or none.
func served(people int, services []string) any {
	if len(services) < 2 {
		return people
	}
	out, left := map[string]int{}, people
	for _, code := range services[1:] {
		out[code] = left * 3 / 10
		left -= out[code]
	}
	out[services[0]] = left
	return out
}

// holidays lists the national holidays that fall on the same day of every year.
func holidays(from, to int) (out []map[string]any) {
	for year := from; year <= to; year++ {
		for _, h := range []struct {
			month time.Month
			day   int
			name  string
		}{{1, 1, "Tahun Baru Masehi"}, {5, 1, "Hari Buruh"}, {6, 1, "Hari Lahir Pancasila"}, {8, 17, "Hari Kemerdekaan"}, {12, 25, "Hari Raya Natal"}} {
			out = append(out, map[string]any{"date": survey.NewDate(year, h.month, h.day).String(), "name": h.name})
		}
	}
	return out
}

type declaredUnit struct {
	code     string
	services []string
}

func units(city map[string]any) []declaredUnit {
	var out []declaredUnit
	agencies, _ := city["agencies"].([]any)
	for _, a := range agencies {
		agency, _ := a.(map[string]any)
		list, _ := agency["units"].([]any)
		for _, u := range list {
			unit, _ := u.(map[string]any)
			one := declaredUnit{}
			one.code, _ = unit["code"].(string)
			services, _ := unit["services"].([]any)
			for _, s := range services {
				service, _ := s.(map[string]any)
				code, _ := service["code"].(string)
				one.services = append(one.services, code)
			}
			out = append(out, one)
		}
	}
	return out
}
