package report

import "persepsi/analytics"

// Group is an agency or the city, with the units that its figures are made of.
type Group struct {
	*analytics.GroupResult
	units []*UnitResult
}

// NoFigure is why a unit without an index is in no figure of its group: it has no
// answers, or its figures are withheld. The other reasons for which one is left out of
// the figure per citizen are listed at analytics.Index.SampleFault.
const NoFigure = "no_figure"

// LeftOut returns the reasons for which a unit can be left out of the figure per
// citizen, in the order in which they are told.
func LeftOut() []string {
	return []string{NoFigure, analytics.PopulationUnknown, analytics.PopulationZero, analytics.PopulationBelowN}
}

// Groups returns the agencies as they are declared and, where the results are those of
// the whole city, this as the last. There are none where they are a unit's.
func (r *Results) Groups() []Group {
	if r.Agencies == nil {
		return nil
	}
	var out []Group
	for _, g := range r.Agencies {
		own := Group{GroupResult: g}
		for _, u := range r.Units {
			if u.Agency == g.Agency {
				own.units = append(own.units, u)
			}
		}
		out = append(out, own)
	}
	if r.City != nil {
		out = append(out, Group{r.City, r.Units})
	}
	return out
}

// Makeup tells what the figures of a group's index are made of.
type Makeup struct {
	Units int // with a figure: those that the unweighted mean of the units holds
	// N is the number of respondents who answered all aspects at the units that the
	// figure per citizen holds.
	N int64
	// Missing are the units that the figure per citizen does not hold, by the reasons of
	// LeftOut. Without such a figure they are all.
	Missing map[string]int
	// Part tells of those of Units that lack aspects.
	Part Part
}

// Part tells of the units of a group whose index is of a part of its aspects alone.
type Part struct {
	Units int
	// Least is how many of All aspects the index is of where it is of the fewest.
	Least, All int
}

// Makeup returns what an index is made of.
func (g Group) Makeup(code string) Makeup {
	out := Makeup{Missing: map[string]int{}}
	for _, u := range g.units {
		x := u.Indexes[code]
		switch {
		case x == nil:
			out.Missing[NoFigure]++
			continue
		case x.SampleFault != "":
			out.Missing[x.SampleFault]++
		default:
			out.N += x.N
		}
		out.Units++
		if x.Partial() {
			if out.Part.Units++; out.Part.Units == 1 || x.AspectsAnswered < out.Part.Least {
				out.Part.Least = x.AspectsAnswered
			}
			out.Part.All = x.AspectsAll
		}
	}
	return out
}

// LeftOut is the sum of Missing.
func (m Makeup) LeftOut() int {
	n := 0
	for _, units := range m.Missing {
		n += units
	}
	return n
}
