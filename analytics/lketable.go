package analytics

import "fmt"

// LKETable holds the rows and minima of the evaluation sheet.
type LKETable struct {
	Version   int                 `yaml:"version"`
	ValidFrom string              `yaml:"valid_from"`
	Source    string              `yaml:"source"`
	IndexMax  rational            `yaml:"index_max"` // IPAK and IPKP run to 4
	IAMax     rational            `yaml:"ia_max"`
	IBMax     rational            `yaml:"ib_max"`
	IIMax     rational            `yaml:"ii_max"`
	Levels    map[string]rational `yaml:"levels"` // share of I.b by level of capaian kinerja
	Areas     []LKEArea           `yaml:"areas"`
	WBK       minima              `yaml:"wbk"`
	WBBM      minima              `yaml:"wbbm"`
}

// LKEArea is one of the six pengungkit areas.
type LKEArea struct {
	Code string   `yaml:"code"`
	Name string   `yaml:"name"`
	Max  rational `yaml:"max"`
}

// minimum is one threshold; Check marks a figure that is in wide use but whose
// source was not seen.
type minimum struct {
	Value rational `yaml:"value"`
	Check bool     `yaml:"check"`
}

type minima struct {
	Total      minimum `yaml:"total"`
	Pengungkit minimum `yaml:"pengungkit"`
	AreaShare  minimum `yaml:"area_share"`
	I          minimum `yaml:"i"`
	IA         minimum `yaml:"ia"`
	IB         minimum `yaml:"ib"`
	II         minimum `yaml:"ii"`
}

// LoadLKE reads the shipped table.
func LoadLKE() (*LKETable, error) {
	t := new(LKETable)
	if err := load("lke.yaml", t); err != nil {
		return nil, err
	}
	for _, x := range []rational{t.IndexMax, t.IAMax, t.IBMax, t.IIMax, t.WBK.Total.Value, t.WBBM.II.Value} {
		if x.Rat == nil {
			return nil, fmt.Errorf("table lke.yaml: a number is missing")
		}
	}
	return t, nil
}
