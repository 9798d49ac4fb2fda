package view

import (
	"slices"
	"strings"

	"persepsi/analytics"
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

// Hundred reports whether the index is told out of 100, not out of 4.
func (x *NamedIndex) Hundred() bool { return x.Code == analytics.IKM }

// plainAspects are the aspects, by index, that the messages have a name for which
// reads as something good: "Bebas pungutan liar: nilai terendah".
func plainAspects() map[string][]string {
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
	if index == analytics.IKM && slices.Contains(plainAspects()[index], aspect) {
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

// Length is that of its bar, 0..100: the mean in hundredths of 4.
func (a NamedAspect) Length() float64 {
	if a.Value100 == nil {
		return 0
	}
	return *a.Value100
}

func (x *NamedIndex) aspect(a *analytics.AspectResult) NamedAspect {
	out := NamedAspect{AspectResult: a, Below: a.N > 0 && a.Mutu > "B", Low: slices.Contains(x.marked(), a)}
	if i := slices.IndexFunc(x.Aspects, func(o analytics.AspectResult) bool { return o.Code == a.Code }); i >= 0 && i < len(x.Asks) {
		out.asks = x.Asks[i]
	}
	if x.Shipped && slices.Contains(plainAspects()[x.Code], a.Code) {
		out.Plain, out.Official = x.Code+"."+a.Code, x.Code == analytics.IKM
	}
	return out
}

// Rows returns the aspects in their order.
func (x *NamedIndex) Rows() []NamedAspect {
	out := make([]NamedAspect, len(x.Aspects))
	for i := range x.Aspects {
		out[i] = x.aspect(&x.Aspects[i])
	}
	return out
}

// Lowest returns the lowest aspects.
func (x *NamedIndex) Lowest() []NamedAspect {
	out := make([]NamedAspect, len(x.Weakest))
	for i, a := range x.Weakest {
		out[i] = x.aspect(a)
	}
	return out
}

// Alone reports whether there is no more than one aspect, which is the lowest and the
// highest.
func (x *NamedIndex) Alone() bool { return x.AspectsAnswered < 2 }

// Undecided reports whether no aspect is told apart from the lowest one.
func (x *NamedIndex) Undecided() bool { return len(x.Weakest) == x.AspectsAnswered }

// mostNamed is how many lowest aspects are named; of more only the lowest is.
const mostNamed = 3

// Named reports whether all of the lowest aspects are named.
func (x *NamedIndex) Named() bool { return len(x.Weakest) <= mostNamed }

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

// Improved is what a unit did about the results of a period.
type Improved struct {
	List []Improvement
	// Period is whose results they were about, nil where it is that of the page.
	Period *survey.Period
}

// Improvement is one of them; About is its aspect as the page names it, nil: none.
type Improvement struct {
	survey.Improvement
	About survey.Text
}

// Itself reports whether the unit's name says by itself that it is a service: "service
// at Pelayanan Perizinan" says it twice.
func (r *Result) Itself() bool {
	name := strings.ToLower(r.Place.Unit.Name)
	return strings.HasPrefix(name, "pelayanan") || strings.HasPrefix(name, "layanan") || strings.HasPrefix(name, "unit pelayanan")
}
