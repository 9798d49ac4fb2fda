package export

import (
	"cmp"
	"slices"
	"strings"

	"persepsi/survey"
)

// heading is what many rows have in common: one copy is kept for all of them.
type heading struct {
	period, unit, service, point, form, lang string
	mode                                     survey.Mode

	rank int // among all headings, in their order
}

func (h *heading) is(r *survey.Response) bool {
	return h.service == r.Service && h.lang == r.Lang && h.mode == r.Mode && h.form == r.Form && h.period == r.Period
}

func (h *heading) compare(o *heading) int {
	return cmp.Or(
		strings.Compare(h.period, o.period), strings.Compare(h.unit, o.unit), strings.Compare(h.service, o.service), strings.Compare(h.point, o.point),
		strings.Compare(h.form, o.form), cmp.Compare(h.mode, o.mode), strings.Compare(h.lang, o.lang),
	)
}

// headings are all headings that were met.
type headings struct {
	list    []*heading
	byPlace map[[2]string][]*heading // unit and point: a place has few
	ranked  int                      // how many of the list have their rank
}

func newHeadings() headings { return headings{byPlace: map[[2]string][]*heading{}} }

// of returns the heading of a response.
func (h *headings) of(r *survey.Response) *heading {
	place := [2]string{r.Unit, r.Point}
	for _, known := range h.byPlace[place] {
		if known.is(r) {
			return known
		}
	}
	fresh := &heading{period: r.Period, unit: r.Unit, service: r.Service, point: r.Point, form: r.Form, lang: r.Lang, mode: r.Mode}
	h.byPlace[place] = append(h.byPlace[place], fresh)
	h.list = append(h.list, fresh)
	return fresh
}

// rank numbers the headings in their order, which is looked at once instead of with each two rows.
func (h *headings) rank() {
	if h.ranked == len(h.list) {
		return
	}
	slices.SortFunc(h.list, (*heading).compare)
	for i, one := range h.list {
		one.rank = i
	}
	h.ranked = len(h.list)
}
