package analytics

import (
	"strconv"
	"strings"

	"persepsi/survey"
)

// Explanation tells how an index came about: in steps for those who read the
// API, and as the numbers between the aspects and the index for pages, which
// say them in their own language.
type Explanation struct {
	Formula  string   `json:"formula"`
	Steps    []string `json:"steps"`
	Rounding string   `json:"rounding"`
	// Basis is the regulation that the index rests on, Source that of the method.
	Basis  string `json:"basis"`
	Source string `json:"source"`

	By       survey.Text `json:"-"` // Source, in every language
	Chosen   survey.Text `json:"-"` // what the period's own method says, where it is meant for another number of aspects
	Weight   string      `json:"-"` // of one aspect, such as 1/9
	Slope    string      `json:"-"` // of the conversion to 0..4, empty where there is none
	Offset   string      `json:"-"`
	Averages []string    `json:"-"` // follows Aspects: on 0..4, six decimals; empty where nobody answered
	Mean     string      `json:"-"` // six decimals
	Factor   string      `json:"-"` // from Mean to the value, empty where it is 1
	Value    string      `json:"-"` // six decimals
	At100    string      `json:"-"` // what is graded, two decimals
}

// explain writes how an index came about.
func explain(x *survey.FormIndex, out *Index, chosen *survey.Method, methods *survey.Methods) *Explanation {
	name := strings.ToUpper(x.Code)
	k := int64(out.AspectsAnswered)
	m := methods.Used(chosen, int(k))
	by := newConversion(m, k)
	e := &Explanation{
		Basis: out.Basis.In("en"), Source: m.Source.In("en"), Rounding: "half up, 2 decimals, for display and for the grade only", By: m.Source,
		Weight: by.weight.String(), Averages: make([]string, len(out.Aspects)),
		Mean: Shown(out.ExactMean, 6), Value: Shown(out.ExactValue, 6), At100: Shown(on100(out.ExactMean), 2),
	}
	weight := "1/k"
	if m.Weight != nil {
		weight = Shown(by.weight, 4)
		e.Weight = weight
	}
	conversion := "NRR"
	if by.slope.Cmp(whole(1)) != 0 || by.offset.Sign() != 0 {
		e.Slope, e.Offset = by.slope.String(), by.offset.String()
		conversion = "(" + e.Slope + " × NRR + " + e.Offset + ")"
	}
	e.Formula = "NRR = Σ/n; mean = Σ " + conversion + " × " + weight + "; " + name + " = mean"
	if x.Code == IKM {
		e.Factor = strconv.Itoa(hundred)
		e.Formula += " × " + e.Factor
	}

	e.Steps = make([]string, 0, len(out.Aspects)+5)
	room := make([]byte, 0, 128) // each step is written here, not formatted: there are thirty to a unit
	for i := range out.Aspects {
		a := &out.Aspects[i]
		step := append(append(room, a.Code...), ": "...)
		if !a.Exact.Known() {
			e.Steps = append(e.Steps, string(append(step, "n = 0, left out"...)))
			continue
		}
		e.Averages[i] = Shown(a.Exact, 6)
		if a.Sum > 0 { // of live figures
			step = append(strconv.AppendInt(step, a.Sum, 10), " / "...)
			step = strconv.AppendInt(step, a.N, 10)
		} else {
			step = strconv.AppendInt(append(step, "n = "...), a.N, 10)
		}
		step = append(step, " → "...)
		e.Steps = append(e.Steps, string(append(step, e.Averages[i]...)))
	}
	if len(out.Aspects) > int(k) {
		e.Steps = append(e.Steps, strconv.FormatInt(k, 10)+" of "+strconv.Itoa(len(out.Aspects))+" aspects have answers")
	}
	if m != chosen {
		e.Chosen = chosen.Source
		e.Steps = append(e.Steps, chosen.Name+" is meant for "+strconv.Itoa(chosen.Aspects)+" aspects: "+m.Name+" is used")
	}
	e.Steps = append(e.Steps,
		"k = "+strconv.FormatInt(k, 10)+", weight = "+by.weight.String(),
		"mean = "+out.ExactMean.String()+" = "+e.Mean)
	if x.Code == IKM {
		e.Steps = append(e.Steps, name+" = "+e.Mean+" × "+e.Factor+" = "+e.Value)
	}
	e.Steps = append(e.Steps, e.Value+" → "+out.Shown, "mutu: "+e.At100+" → "+out.Mutu+" ("+out.GradeTable+")")
	return e
}
