package analytics

import (
	"bytes"
	"os"
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"
)

// golden are the published figures of testdata/golden.yaml. Numbers are text,
// so that none passes through floating point.
type golden struct {
	SKM []struct {
		ID        string            `yaml:"id"`
		Note      string            `yaml:"note"`
		N         int64             `yaml:"n"`
		Order     []string          `yaml:"order"`
		Sums      []int64           `yaml:"sums"`
		NRR       []string          `yaml:"nrr_4dp"`
		IKM       map[string]string `yaml:"ikm"`
		Published map[string]string `yaml:"published"`
		Mutu      string            `yaml:"mutu"`
	} `yaml:"skm"`
	Both []struct {
		ID       string `yaml:"id"`
		Index    string `yaml:"index"`
		IKM      string `yaml:"ikm"`
		Mutu2004 string `yaml:"mutu_2004"`
		Mutu2017 string `yaml:"mutu_2017"`
	} `yaml:"grades_2004_and_2017"`
	Grades []struct {
		IKM   string `yaml:"ikm"`
		Shown string `yaml:"shown"`
		Mutu  string `yaml:"mutu"`
	} `yaml:"grades_2017"`
	LKE []struct {
		ID      string            `yaml:"id"`
		Note    string            `yaml:"note"`
		Inputs  map[string]string `yaml:"inputs"`
		Areas   map[string]string `yaml:"areas"`
		Points  map[string]string `yaml:"points"`
		Shown   map[string]string `yaml:"shown"`
		WBK     bool              `yaml:"wbk"`
		Failing []string          `yaml:"failing"`
	} `yaml:"lke"`
	SPAK []struct {
		ID         string   `yaml:"id"`
		Instrument string   `yaml:"instrument"`
		Method     string   `yaml:"method"`
		Rows       []string `yaml:"rows"`
		IPAK       string   `yaml:"ipak"`
		Points     string   `yaml:"points"`
	} `yaml:"spak"`
}

func readGolden(t testing.TB) *golden {
	t.Helper()
	data, err := os.ReadFile("testdata/golden.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	out := new(golden)
	if err := dec.Decode(out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestPublishedGradesOfBothTables(t *testing.T) {
	t.Parallel()
	grades, err := LoadGrades()
	if err != nil {
		t.Fatal(err)
	}
	cases := readGolden(t)
	for _, c := range cases.Both {
		ikm := on100(exactly(t, c.Index))
		if got := Shown(ikm, 2); got != c.IKM {
			t.Errorf("%s: got %s, want %s", c.Index, got, c.IKM)
		}
		before, now := grades.Table("kepmenpan-25-2004").Grade(ikm).Mutu, grades.Table("permenpanrb-14-2017").Grade(ikm).Mutu
		if before != c.Mutu2004 || now != c.Mutu2017 {
			t.Errorf("%s: got %s and %s, want %s and %s", c.Index, before, now, c.Mutu2004, c.Mutu2017)
		}
	}
	for _, c := range cases.Grades {
		ikm := exactly(t, c.IKM)
		if shown, mutu := Shown(ikm, 2), grades.Table("permenpanrb-14-2017").Grade(ikm).Mutu; shown != c.Shown || mutu != c.Mutu {
			t.Errorf("%s: got %s %s, want %s %s", c.IKM, shown, mutu, c.Shown, c.Mutu)
		}
	}
}

func TestPublishedSheetsAreReproduced(t *testing.T) {
	t.Parallel()
	for _, c := range readGolden(t).LKE {
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			in := LKEInput{
				IPAK: exactly(t, c.Inputs["ipak"]), IPKP: exactly(t, c.Inputs["ipkp"]),
				Achievement: c.Inputs["capaian"], Pengungkit: exactly(t, c.Inputs["pengungkit"]),
			}
			for code, points := range c.Areas {
				if in.Areas == nil {
					in.Areas = map[string]Ratio{}
				}
				in.Areas[code] = exactly(t, points)
			}
			got := score(t, in)
			figures := map[string]*LKEFigure{
				"I.a": &got.IA.LKEFigure, "I.b": &got.IB.LKEFigure, "I": &got.I.LKEFigure, "II": &got.II.LKEFigure,
				"hasil": got.Hasil, "total": got.Total,
			}
			for row, want := range c.Points {
				if figures[row].Exact.Cmp(exactly(t, want)) != 0 {
					t.Errorf("%s: got %s, want %s", row, figures[row].Exact.String(), want)
				}
			}
			for row, want := range c.Shown {
				if figures[row].Shown != want {
					t.Errorf("%s is shown as %s, want %s", row, figures[row].Shown, want)
				}
			}
			if got.WBK.Passed == nil || *got.WBK.Passed != c.WBK {
				t.Errorf("WBK: got %v, want %v", got.WBK.Passed, c.WBK)
			}
			if rows := failing(got.WBK); !slices.Equal(rows, c.Failing) {
				t.Errorf("failed %v, want %v", rows, c.Failing)
			}
		})
	}
}

func TestPublishedCorruptionSurveysGiveTheirPoints(t *testing.T) {
	t.Parallel()
	methods := testMethods(t)
	for _, c := range readGolden(t).SPAK {
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			form := testForm(t, c.Instrument)
			method, err := methods.For(&form.Indexes[0].Index, c.Method)
			if err != nil {
				t.Fatal(err)
			}
			ipak := indexOf(answersOf(t, form, c.Rows...), 0, method, methods, testTable(t), evidence{}).ExactMean
			if got := Shown(ipak, 6); got != c.IPAK {
				t.Errorf("IPAK: got %s, want %s", got, c.IPAK)
			}
			if got := Shown(score(t, LKEInput{IPAK: ipak}).IA.Exact, 6); got != c.Points {
				t.Errorf("points: got %s, want %s", got, c.Points)
			}
		})
	}
}
