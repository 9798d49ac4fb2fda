package analytics

import "fmt"

// LKETable holds the rows and minima of the evaluation sheet.
type LKETable struct {
	Version   int              `yaml:"version"`
	ValidFrom string           `yaml:"valid_from"`
	Source    string           `yaml:"source"`
	IndexMax  Ratio            `yaml:"index_max"` // IPAK and IPKP run to 4
	IAMax     Ratio            `yaml:"ia_max"`
	IBMax     Ratio            `yaml:"ib_max"`
	IIMax     Ratio            `yaml:"ii_max"`
	Levels    map[string]Ratio `yaml:"levels"` // share of I.b by level of capaian kinerja
	Areas     []LKEArea        `yaml:"areas"`
	WBK       minima           `yaml:"wbk"`
	WBBM      minima           `yaml:"wbbm"`
}

// LKEArea is one of the six pengungkit areas.
type LKEArea struct {
	Code string `yaml:"code"`
	Name string `yaml:"name"`
	Max  Ratio  `yaml:"max"`
}

// minimum is one threshold; Check marks a figure that is in wide use but whose
// source was not seen.
type minimum struct {
	Value Ratio `yaml:"value"`
	Check bool  `yaml:"check"`
}

type minima struct {
	Total      minimum `yaml:"total"`
	Pengungkit minimum `yaml:"pengungkit"`
	AreaShare  minimum `yaml:"area_share"`
	I          minimum `yaml:"i"`
	IA         minimum `yaml:"ia"`
	IB         minimum `yaml:"ib"`
	II         minimum `yaml:"ii"`

	// lacking are the rows as they are where no points are known, which is so for most rows
	// of most units: all share these.
	lacking map[string]*Test
}

// LoadLKE reads the shipped table.
func LoadLKE() (*LKETable, error) {
	t := new(LKETable)
	if err := load("lke.yaml", t); err != nil {
		return nil, err
	}
	numbers := []Ratio{t.IndexMax, t.IAMax, t.IBMax, t.IIMax}
	for _, level := range t.Levels {
		numbers = append(numbers, level)
	}
	for _, area := range t.Areas {
		numbers = append(numbers, area.Max)
	}
	for _, m := range []*minima{&t.WBK, &t.WBBM} {
		numbers = append(numbers, m.Total.Value, m.Pengungkit.Value, m.AreaShare.Value, m.I.Value, m.IA.Value, m.IB.Value, m.II.Value)
	}
	for _, x := range numbers {
		if !x.Known() {
			return nil, fmt.Errorf("table lke.yaml: a number is missing")
		}
	}
	for _, m := range []*minima{&t.WBK, &t.WBBM} {
		lacking := map[string]*Test{}
		for _, x := range t.judge(m, values{}).Tests {
			lacking[x.Row] = x
		}
		m.lacking = lacking
	}
	return t, nil
}

// indexMinimum is a level's minimum for an index, on 0-4.
type indexMinimum struct {
	level          string
	minimum, truth float64 // truth is shortBy below
}

// minimaOf returns the minima of the sheet for an index, WBK's first, as their points
// make them: 15.75 of 17.5 points are IPAK 3.60. None but for IPAK and IPKP, and none of
// no table.
func (t *LKETable) minimaOf(code string) []indexMinimum {
	if t == nil {
		return nil
	}
	of := func(level string, points, most Ratio) indexMinimum {
		index := points.Mul(t.IndexMax).Quo(most)
		return indexMinimum{level: level, minimum: index.Float64(), truth: index.Sub(NewRatio(shortBy, 100)).Float64()}
	}
	switch code {
	case IPAK:
		return []indexMinimum{of("wbk", t.WBK.IA.Value, t.IAMax), of("wbbm", t.WBBM.IA.Value, t.IAMax)}
	case IPKP:
		return []indexMinimum{of("wbk", t.WBK.II.Value, t.IIMax), of("wbbm", t.WBBM.II.Value, t.IIMax)}
	}
	return nil
}
