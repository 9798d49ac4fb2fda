package analytics

import "persepsi/survey"

// What may be wrong with a number of people served: nobody declared it, it is 0
// although there are answers, or fewer people were served than answered.
const (
	PopulationUnknown = "population_unknown"
	PopulationZero    = "population_zero"
	PopulationBelowN  = "population_below_n"
)

// Population is the number of people that a unit or group served in a period. The
// zero Population is not known.
type Population struct {
	People int64
	// Fault is why People can't be right, whoever answered; empty where nothing
	// speaks against it.
	Fault string
}

// PopulationOf returns the number of people that a unit served, as it was declared.
func PopulationOf(p *survey.Period, unit string) Population {
	switch people, ok := p.Population[unit]; {
	case !ok:
		return Population{}
	case people <= 0:
		return Population{Fault: PopulationZero}
	default:
		return Population{People: int64(people)}
	}
}

// fault returns what is wrong with the number where so many people answered; empty
// where nothing is. As many as were served may have answered.
func (p Population) fault(respondents int64) string {
	switch {
	case p.Fault != "":
		return p.Fault
	case p.People == 0:
		return PopulationUnknown
	case p.People < respondents:
		return PopulationBelowN
	}
	return ""
}
