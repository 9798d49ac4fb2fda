package desk

import (
	"crypto/sha256"
	"encoding/json"

	"persepsi/analytics"
)

// digest tells two things apart that are shown.
type digest [sha256.Size]byte

// digestOf returns the digest of all that is shown of a unit. An index goes by what it is
// told by, for it is many times as long.
func digestOf(u *Unit) digest {
	shown := *u
	shown.Indexes, shown.Attention = nil, nil
	items := make([]Item, len(u.Attention))
	for i, item := range u.Attention {
		item.Fall = nil // tells of an index
		items[i] = item
	}
	return digestOfAll(shown, indexDigests(u.Indexes), items)
}

func digestOfGroup(g *Group) digest {
	shown := *g
	shown.Indexes, shown.Rankings = nil, nil
	return digestOfAll(shown, indexDigests(g.Indexes), rankDigests(g.Rankings))
}

func digestOfAll(parts ...any) digest {
	text, err := json.Marshal(parts)
	if err != nil { // numbers and texts can be written
		panic(err)
	}
	return sha256.Sum256(text)
}

// indexDigest is what an index is told by.
type indexDigest struct {
	Code             string
	Figure           figureDigest
	Could            []string
	Change           *analytics.Change
	Before           *figureDigest
	Period           *Period
	Aspect, Was, Now string
}

type figureDigest struct {
	Value       float64
	CI95        [2]float64
	Mutu        string
	Method      string
	GradeTable  string
	N, Answered int64
	Needed      *int
	Fault       string
	Adequate    bool
	Aspects     []aspectDigest
	UnitMean    *float64
	Stratified  *analytics.StratifiedIndex
	Chances     *analytics.Chances
}

type aspectDigest struct {
	Code     string
	N        int64
	Mean     *float64
	Withheld bool
}

func digestOfFigure(x *analytics.Index) figureDigest {
	out := figureDigest{
		Value: x.Value, CI95: x.CI95, Mutu: x.Mutu, Method: x.Method, GradeTable: x.GradeTable, N: x.N, Answered: x.Answered, Needed: x.Needed,
		Fault: x.SampleFault, Adequate: x.Adequate, UnitMean: x.UnitMean, Stratified: x.Stratified, Chances: x.Chances,
	}
	for _, a := range x.Aspects {
		out.Aspects = append(out.Aspects, aspectDigest{a.Code, a.N, a.Mean, a.Withheld})
	}
	return out
}

func indexDigests(list []Index) []indexDigest {
	out := make([]indexDigest, len(list))
	for i, x := range list {
		out[i] = indexDigest{Code: x.Code, Figure: digestOfFigure(x.Figure), Could: x.Could}
		if c := x.Change; c != nil {
			before := digestOfFigure(c.Before)
			out[i].Change, out[i].Before, out[i].Period = &c.Change, &before, c.Period
			out[i].Aspect, out[i].Was, out[i].Now = c.Aspect, c.AspectBefore, c.AspectNow
		}
	}
	return out
}
