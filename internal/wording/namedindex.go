package wording

import (
	"slices"

	"persepsi/analytics"
	"persepsi/internal/report"
	"persepsi/survey"
)

// NamedIndex is an index with its code, and what its page says beside it.
type NamedIndex struct {
	Code string
	*analytics.Index
	// Weakest are its lowest aspects, as analytics.Weakest has them.
	Weakest []*analytics.AspectResult
	// Grades are the limits of its grade table.
	Grades []analytics.Grade
	// Shipped tells that its aspects are those of an instrument of the program, whose
	// plain names the messages know.
	Shipped bool
	Over    bool // its period's last day is past
	// Population is how many people were served, nil where it is not known.
	Population *int
	// Asks are the positions of each aspect's questions in the form.
	Asks [][]int
}

// NameIndex returns an index that a unit has a figure of with what is said beside it. over
// tells that its period's last day is past.
func NameIndex(d *survey.Directory, form *survey.Form, code string, u *report.UnitResult, grades *analytics.Grades, over bool) *NamedIndex {
	x := u.Indexes[code]
	out := &NamedIndex{Code: code, Index: x, Over: over, Shipped: true, Population: u.Sample.Population, Asks: form.Index(code).Positions}
	if table := grades.ByRef(x.GradeTable); table != nil {
		out.Grades = table.Limits()
	}
	if u.Released != nil {
		out.Weakest = analytics.Weakest(u.Released.Tally, form.Index(code), x)
	}
	of := form.InstrumentOf(code)
	for i := range d.Catalogue().Instruments { // the city's own
		out.Shipped = out.Shipped && d.Catalogue().Instruments[i].Code != of.Code
	}
	return out
}

// Hundred reports whether the index is told out of 100, not out of 4.
func (x *NamedIndex) Hundred() bool { return x.Code == analytics.IKM }

// PlainAspects are the aspects, by index, that the messages have a name for which
// reads as something good: "Bebas pungutan liar: nilai terendah".
func PlainAspects() map[string][]string {
	return map[string][]string{
		analytics.IKM:  {"produk"},
		analytics.IPKP: {"respon"},
		analytics.IPAK: {
			"diskriminasi", "kecurangan", "imbalan", "pungli", "percaloan",
			"manipulasi_aturan", "penyalahgunaan_jabatan", "jual_pengaruh", "transaksi_biaya", "biaya_tambahan", "hadiah", "perbuatan_curang", "transaksi_rahasia",
		},
	}
}

// PlainAspect returns the key of the plainer name that an aspect of an instrument of the
// program has where a regulation prescribes its own, after `aspect.`; empty: none.
func PlainAspect(index, aspect string) string {
	if index == analytics.IKM && slices.Contains(PlainAspects()[index], aspect) {
		return index + "." + aspect
	}
	return ""
}

// NamedAspect is an aspect of an index as its page names it.
type NamedAspect struct {
	*analytics.AspectResult
	// Plain is the key of a plainer name, after `aspect.`; empty: its own is plain.
	Plain string
	// Official tells that a regulation prescribes its own name, which then stands
	// beside the plain one.
	Official bool
	Low      bool // one of those that are named as the lowest
	Below    bool // its own grade is below B
	asks     []int
}

// Shown returns its mean rounded half up to two decimals.
func (a NamedAspect) Shown() string { return analytics.Shown(a.Exact, 2) }

// Length is how long its bar is, 0..100: the mean in hundredths of 4.
func (a NamedAspect) Length() float64 {
	if a.Value100 == nil {
		return 0
	}
	return *a.Value100
}

// Aspect returns an aspect of the index by the name that it has beside it.
func (x *NamedIndex) Aspect(a *analytics.AspectResult) NamedAspect {
	out := NamedAspect{AspectResult: a, Below: a.N > 0 && a.Mutu > "B", Low: slices.Contains(x.marked(), a)}
	if i := slices.IndexFunc(x.Aspects, func(o analytics.AspectResult) bool { return o.Code == a.Code }); i >= 0 && i < len(x.Asks) {
		out.asks = x.Asks[i]
	}
	if x.Shipped && slices.Contains(PlainAspects()[x.Code], a.Code) {
		out.Plain, out.Official = x.Code+"."+a.Code, x.Code == analytics.IKM
	}
	return out
}

// Rows returns the aspects in their order.
func (x *NamedIndex) Rows() []NamedAspect {
	out := make([]NamedAspect, len(x.Aspects))
	for i := range x.Aspects {
		out[i] = x.Aspect(&x.Aspects[i])
	}
	return out
}

// Lowest returns the lowest aspects.
func (x *NamedIndex) Lowest() []NamedAspect {
	out := make([]NamedAspect, len(x.Weakest))
	for i, a := range x.Weakest {
		out[i] = x.Aspect(a)
	}
	return out
}

// Alone reports whether there is no more than one aspect, which is the lowest and the
// highest.
func (x *NamedIndex) Alone() bool { return x.AspectsAnswered < 2 }

// Undecided reports whether no aspect is told apart from the lowest one.
func (x *NamedIndex) Undecided() bool { return len(x.Weakest) == x.AspectsAnswered }

// MostNamed is how many lowest aspects are named; of more only the lowest is.
const MostNamed = 3

// Named reports whether all of the lowest aspects are named.
func (x *NamedIndex) Named() bool { return len(x.Weakest) <= MostNamed }

// marked are the lowest aspects that the sentence on them names, so that the table marks
// no other: none where all are as low, one alone of too many.
func (x *NamedIndex) marked() []*analytics.AspectResult {
	switch {
	case x.Undecided():
		return nil
	case !x.Named():
		return x.Weakest[:1]
	}
	return x.Weakest
}

// Census reports whether as many people answered as were served: nobody is left who
// could have answered otherwise. More than were served is a fault of the number.
func (x *NamedIndex) Census() bool {
	return x.SampleFault == "" && x.Population != nil && *x.Population > 0 && x.Answered == int64(*x.Population)
}

// Partly reports whether some respondents answered a part of the index alone.
func (x *NamedIndex) Partly() bool { return x.Answered > x.N }

// Below returns the aspects of an index whose own grade is below B, the lowest first.
func (x *NamedIndex) Below() []NamedAspect {
	out := slices.DeleteFunc(x.Rows(), func(a NamedAspect) bool { return !a.Below })
	slices.SortStableFunc(out, func(a, b NamedAspect) int { return a.Exact.Cmp(b.Exact) })
	return out
}

// Same reports whether two aspects are of the same questions, or called and shown alike.
func (a NamedAspect) Same(b NamedAspect) bool {
	if len(a.asks) > 0 && slices.Equal(a.asks, b.asks) {
		return true
	}
	return a.Plain == b.Plain && a.Name.In(survey.Languages()[0]) == b.Name.In(survey.Languages()[0]) && a.Exact.Cmp(b.Exact) == 0
}
