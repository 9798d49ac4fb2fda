package analytics

import (
	"fmt"

	"persepsi/survey"
)

// Bases is the table of the regulations that prescribe indexes.
type Bases struct{ list []regulation }

// regulation is a row: the source of an index with this number of aspects; 0: any number.
type regulation struct {
	Index   string      `yaml:"index"`
	Aspects int         `yaml:"aspects"`
	Source  survey.Text `yaml:"source"`
}

// LoadBases reads the shipped table.
func LoadBases() (*Bases, error) {
	out := new(Bases)
	if err := load("bases.yaml", &out.list); err != nil {
		return nil, err
	}
	for _, b := range out.list {
		if b.Index == "" || b.Source["id"] == "" || b.Source["en"] == "" {
			return nil, fmt.Errorf("table bases.yaml: index or source is missing")
		}
	}
	return out, nil
}

// Of returns the regulation that an index rests on; nil for one of a city's own.
// IKM of nine unsur: PermenPANRB 14/2017; of fourteen: KepMenPAN 25/2004; IPKP and
// IPAK: PermenPANRB 90/2021.
func (b *Bases) Of(x *survey.Index) survey.Text {
	if b == nil {
		return nil
	}
	for i := range b.list {
		if r := &b.list[i]; r.Index == x.Code && (r.Aspects == 0 || r.Aspects == len(x.Aspects)) {
			return r.Source
		}
	}
	return nil
}
