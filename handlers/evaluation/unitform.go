package evaluation

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/lke"
	"persepsi/survey"
)

// typed returns an entry's values as they stand in a form of the page's language.
func (s *unitPages) typed(c *fiber.Ctx, values map[string]string) map[string]string {
	out := map[string]string{}
	for field, v := range values {
		out[field] = view.Typed(web.Asked(c, "lang"), v)
	}
	return out
}

// sent is a form that came back: as it was typed, and what it enters.
type sent struct {
	typed map[string]string
	draft lke.Draft
}

// points matches a number of points as a form takes it, with a comma or a point.
var points = regexp.MustCompile(`^[0-9]{1,3}([.,][0-9]{1,8})?$`)

// read reads the form of a unit's sheet: the fields that it has, and no other.
func (s *unitPages) read(c *fiber.Ctx, o *unitRequest) (*sent, error) {
	args := c.Request().PostArgs()
	field := func(name string) string { return strings.TrimSpace(string(args.Peek(name))) }
	actor := web.ActorOf(c).By()
	out := &sent{typed: map[string]string{}, draft: lke.Draft{
		Period: o.period.Code, Unit: o.Unit.Key(), Actor: actor, Who: actor, Why: field("why"), Pengungkit: &lke.Pengungkit{Areas: map[string]string{}},
	}}
	if text := field("version"); text != "" {
		version, err := strconv.Atoi(text)
		if err != nil {
			return nil, survey.Errorf(survey.Malformed, "the version is no number")
		}
		out.draft.Version = &version
	}
	level := field(lke.Achievement)
	out.typed[lke.Achievement], out.draft.Achievement = level, &level
	number := func(name string) string {
		text := field(name)
		out.typed[name] = text
		if text != "" && !points.MatchString(text) {
			out.draft.Faults = append(out.draft.Faults, survey.Fault{Field: name, Code: "wrong_type", Message: "must be a number of points such as 8.75"})
			return ""
		}
		return strings.Replace(text, ",", ".", 1)
	}
	out.draft.Pengungkit.Total = number(lke.Total)
	for _, a := range s.table.Areas {
		out.draft.Pengungkit.Areas[a.Code] = number(lke.AreaPrefix + a.Code)
	}
	return out, nil
}

// faulty shows a form again, with each fault at its field: 422.
func (s *unitPages) faulty(c *fiber.Ctx, o *unitRequest, form *sent, refusal error) error {
	data, err := s.again(c, o, form)
	if err != nil {
		return err
	}
	var e *survey.Error
	if !errors.As(refusal, &e) {
		return refusal
	}
	faults := map[string]bool{}
	for _, f := range e.Faults {
		faults[f.Field] = true
	}
	lang := data.Lang
	for i := range data.Fields {
		f := &data.Fields[i]
		if !faults[f.Name] {
			continue
		}
		switch {
		case f.Level != nil:
			f.Fault = s.site.Pages.Say(lang, "lke.fault.level")
		case f.Area:
			f.Fault = s.site.Pages.Say(lang, "lke.fault.points", "Max", view.Typed(lang, f.Max))
		default:
			f.Fault = s.site.Pages.Say(lang, "lke.fault.total", "Max", view.Typed(lang, f.Max))
		}
		data.Summary = append(data.Summary, view.FaultLine{Anchor: f.Name, Name: s.site.Pages.Say(lang, "lke.row."+f.Row), Text: f.Fault})
	}
	if faults["why"] {
		data.WhyFault = s.site.Pages.Say(lang, "lke.fault.why", "Least", lke.LeastWords, "Most", lke.MostWords)
		data.Summary = append(data.Summary, view.FaultLine{Anchor: "why", Name: s.site.Pages.Say(lang, "lke.unit.why"), Text: data.WhyFault})
	}
	if len(data.Summary) == 0 {
		return refusal // what is wrong was not typed into this form
	}
	data.Heading = s.site.Pages.Say(lang, "form.faults.one")
	if n := len(data.Summary); n > 1 {
		data.Heading = s.site.Pages.Say(lang, "form.faults.many", "N", n)
	}
	data.Title = data.Heading + " – " + data.Title
	c.Status(fiber.StatusUnprocessableEntity)
	return s.site.Page(c, "lkeunit", data)
}

// clash shows a form again beside what others stored while it was filled in: 409. Sent
// once more it replaces that.
func (s *unitPages) clash(c *fiber.Ctx, o *unitRequest, form *sent) error {
	data, err := s.again(c, o, form)
	if err != nil {
		return err
	}
	now := o.newest()
	stored := lke.Values(&now)
	read := *form.draft.Version
	data.Clash = true
	for i, step := range o.steps {
		if step.Version > read {
			data.Newer = append(data.Newer, data.History[i])
		}
	}
	changed := lke.LastChange(o.steps, read)
	for i := range data.Fields {
		f := &data.Fields[i]
		step := changed[f.Name]
		if step == nil || strings.Replace(f.Value, ",", ".", 1) == stored[f.Name] {
			continue
		}
		f.Theirs, f.Now = &data.History[now.Version-step.Version], view.Typed(data.Lang, stored[f.Name])
	}
	data.Title = s.site.Pages.Say(data.Lang, "lke.clash.title") + " – " + data.Title
	c.Status(fiber.StatusConflict)
	return s.site.Page(c, "lkeunit", data)
}

// again is the sheet with what was typed into its form.
func (s *unitPages) again(c *fiber.Ctx, o *unitRequest, form *sent) (*view.UnitSheet, error) {
	data, err := s.newUnitSheet(c, o, form.typed)
	if err != nil {
		return nil, err
	}
	data.Why = form.draft.Why
	return data, nil
}

// fields returns what is entered, with the values that stand in the form.
func (s *unitPages) fields(typed map[string]string, stored *analytics.Evaluation) []view.EntryField {
	level := view.EntryField{Name: lke.Achievement, Row: "I.b", Value: typed[lke.Achievement], Max: short(s.table.IBMax)}
	for _, code := range slices.Sorted(maps.Keys(s.table.Levels)) {
		level.Level = append(level.Level, view.LevelOption{Level: code, Points: short(s.table.Levels[code].Mul(s.table.IBMax))})
	}
	out := []view.EntryField{level}
	all := analytics.NewRatio(0, 1)
	for _, a := range s.table.Areas {
		name := lke.AreaPrefix + a.Code
		out = append(out, view.EntryField{Name: name, Row: name, Area: true, Value: typed[name], Max: short(a.Max)})
		all = all.Add(a.Max)
	}
	// A total without its areas comes from elsewhere; there is no field for one otherwise.
	if stored.Pengungkit != "" || typed[lke.Total] != "" {
		out = append(out, view.EntryField{Name: lke.Total, Row: lke.Total, Value: typed[lke.Total], Max: short(all)})
	}
	return out
}

// short writes points with as many of two decimals as they need: 8 or 7.5.
func short(x analytics.Ratio) string {
	return strings.TrimSuffix(strings.TrimRight(analytics.Shown(x, 2), "0"), ".")
}
