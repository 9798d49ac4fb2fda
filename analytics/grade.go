package analytics

import (
	"bytes"
	"embed"
	"fmt"
	"strconv"

	"go.yaml.in/yaml/v3"

	"persepsi/survey"
)

//go:embed data/*.yaml
var tables embed.FS

// load reads one of the embedded tables and refuses keys that the program
// doesn't know.
func load(name string, to any) error {
	data, err := tables.ReadFile("data/" + name)
	if err != nil {
		return fmt.Errorf("read table: %w", err)
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(to); err != nil {
		return fmt.Errorf("read table %s: %w", name, err)
	}
	return nil
}

// Grade is one grade of a table.
type Grade struct {
	Mutu    string // A, B, C or D
	Kinerja string // its word: sangat baik, baik, kurang baik, tidak baik
	From    Ratio  // the lowest IKM, rounded to two decimals, that has it
}

// GradeTable is one version of the grades; old periods keep theirs.
type GradeTable struct {
	Name      string
	Version   int
	Source    string
	ValidFrom survey.Date
	Grades    []Grade // from the best down
}

// Ref returns the table's reference, NAME@VERSION.
func (t *GradeTable) Ref() string { return t.Name + "@" + strconv.Itoa(t.Version) }

// Grades are all grade tables, the newest first.
type Grades struct{ list []*GradeTable }

// LoadGrades reads the shipped tables.
func LoadGrades() (*Grades, error) {
	var rows []struct {
		Name      string `yaml:"name"`
		Version   int    `yaml:"version"`
		Source    string `yaml:"source"`
		ValidFrom string `yaml:"valid_from"`
		Grades    []struct {
			Mutu    string `yaml:"mutu"`
			Kinerja string `yaml:"kinerja"`
			From    string `yaml:"from"`
		} `yaml:"grades"`
	}
	if err := load("grades.yaml", &rows); err != nil {
		return nil, err
	}
	out := &Grades{}
	for _, r := range rows {
		from, err := survey.ParseDate(r.ValidFrom)
		if err != nil {
			return nil, fmt.Errorf("grade table %s: %w", r.Name, err)
		}
		t := &GradeTable{Name: r.Name, Version: r.Version, Source: r.Source, ValidFrom: from}
		for _, g := range r.Grades {
			bound, ok := ParseRatio(g.From)
			if !ok {
				return nil, fmt.Errorf("grade table %s: %q is no number", r.Name, g.From)
			}
			t.Grades = append(t.Grades, Grade{Mutu: g.Mutu, Kinerja: g.Kinerja, From: bound})
		}
		out.list = append(out.list, t)
	}
	return out, nil
}

// At returns the table that was valid on a day; the oldest for days before all.
func (g *Grades) At(day survey.Date) *GradeTable {
	for _, t := range g.list {
		if day >= t.ValidFrom {
			return t
		}
	}
	return g.list[len(g.list)-1]
}

// Table returns a table by name, nil where there is none.
func (g *Grades) Table(name string) *GradeTable {
	for _, t := range g.list {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// Grade grades an IKM (0..100). The printed bounds leave gaps (88.30 … 88.31),
// so the value is rounded half up to two decimals first: 88.305 is an A,
// 88.3049 a B.
func (t *GradeTable) Grade(ikm Ratio) Grade {
	shown := ikm.Round(2)
	for _, g := range t.Grades {
		if shown.Cmp(g.From) >= 0 {
			return g
		}
	}
	return t.Grades[len(t.Grades)-1]
}

// Stability tells how sure a grade is: which other grades the 95 % interval
// touches ("B, could be A").
type Stability struct {
	Grade string   `json:"grade"`
	Could []string `json:"could"` // the other grades within the interval, the best first
}

// Stability grades a value and both ends of its interval, all on 0..100.
func (t *GradeTable) Stability(value Ratio, lo, hi float64) Stability {
	s := Stability{Grade: t.Grade(value).Mutu, Could: []string{}}
	best, worst := t.gradeFloat(hi), t.gradeFloat(lo)
	within := false
	for _, g := range t.Grades {
		within = within || g.Mutu == best
		if within && g.Mutu != s.Grade {
			s.Could = append(s.Could, g.Mutu)
		}
		if g.Mutu == worst {
			break
		}
	}
	return s
}

func (t *GradeTable) gradeFloat(x float64) string {
	r := ratioOfFloat(x)
	if !r.Known() {
		return t.Grades[len(t.Grades)-1].Mutu
	}
	return t.Grade(r).Mutu
}
