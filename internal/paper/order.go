package paper

import (
	"slices"

	"persepsi/survey"
)

// OrderForm is the order in which the period's own form asks its scored questions.
const OrderForm = "formulir"

// numbered finds the question that a number stands for, and says by which order.
// Where it could be several, or nobody said that the numbers are those of the form,
// it returns none but what may be chosen from, by order.
func (p *Reader) numbered(m meaning) (target, note string, choices map[string]string) {
	choices = map[string]string{}
	for name, order := range dictionary().Orders {
		if unsur := unsurOf(p.Assignment.Form, order); unsur != nil && m.number >= 1 && m.number <= len(unsur) {
			choices[name] = unsur[m.number-1]
		}
	}
	// The numbers of unsur are the same in all lists up to the seventh.
	var same []string
	for _, code := range choices {
		if !slices.Contains(same, code) {
			same = append(same, code)
		}
	}
	if len(same) == 1 && m.series == "u" && p.Order == "" {
		return same[0], say("by_number", "number", m.number), nil
	}
	var scored []string
	for i := range p.Assignment.Form.Questions {
		if q := &p.Assignment.Form.Questions[i]; q.Scored {
			scored = append(scored, q.Code)
		}
	}
	// Where there is an unsur list, U8 means one of it, unless somebody says otherwise.
	if m.number >= 1 && m.number <= len(scored) && (len(choices) == 0 || m.series != "u" || p.Order == OrderForm) {
		choices[OrderForm] = scored[m.number-1]
	}
	if len(choices) == 0 {
		return "", "", nil
	}
	if code, ok := choices[p.Order]; ok {
		return code, say("by_order", "number", m.number, "order", p.Order), nil
	}
	return "", "", choices
}

// unsurOf returns the questions of a list of unsur, nil where the form has no index
// of just these with one question each.
func unsurOf(form *survey.Form, order []string) []string {
	index := form.Index("ikm")
	if index == nil || len(index.Aspects) != len(order) {
		return nil
	}
	var out []string
	for _, code := range order {
		i := slices.IndexFunc(index.Aspects, func(a survey.Aspect) bool { return a.Code == code })
		if i < 0 || len(index.Aspects[i].Questions) != 1 {
			return nil
		}
		out = append(out, index.Aspects[i].Questions[0])
	}
	return out
}
