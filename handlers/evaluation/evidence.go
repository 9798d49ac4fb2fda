package evaluation

import (
	"errors"
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/evidence"
	"persepsi/internal/permalink"
	"persepsi/survey"
)

var evidencePath = permalink.Evidence(":unit")

// changed is the parameter with the number of the entry that was just added or withdrawn.
const changed = "berubah"

// evidencePages are what units show beside their figures.
type evidencePages struct {
	site    *web.Site
	units   *unitPages // who may open the sheet of one
	entries *evidence.Entries
	turns   turns
}

func (s *evidencePages) mount(area *web.Area) {
	area.Get(evidencePath, access.ReadEvidence, s.evidencePage)
	area.Post(evidencePath, access.WriteEvidence, s.addEvidence)
	area.Get(evidencePath+"/:n", access.ReadEvidence, s.evidenceFile)
	area.Post(evidencePath+"/:n/tarik", access.WriteEvidence, s.withdrawEvidence)
}

// openEvidence finds the unit that a request is about and its entries. NotFound: likewise.
func (s *evidencePages) openEvidence(c *fiber.Ctx) (*unitRequest, []evidence.Entry, error) {
	o, err := s.units.open(c)
	if err != nil {
		return nil, nil, err
	}
	if err := s.site.Require(c, o.on()); err != nil { // who may read the sheet may know that it is there
		return nil, nil, err
	}
	list, err := evidence.List(c.UserContext(), s.entries.Store, o.place())
	return o, list, err
}

func (o *unitRequest) place() evidence.Place {
	return evidence.Place{Period: o.period.Code, Unit: o.Unit.Key()}
}

// evidencePage is GET /lke/{unit}/eviden: what a unit shows beside its figures.
func (s *evidencePages) evidencePage(c *fiber.Ctx) error {
	o, list, err := s.openEvidence(c)
	if err != nil {
		return err
	}
	data, err := s.newEvidence(c, o, list)
	if err != nil {
		return err
	}
	data.Done, _ = strconv.Atoi(c.Query(changed))
	return s.site.Page(c, "lkeevidence", data)
}

func (s *evidencePages) newEvidence(c *fiber.Ctx, o *unitRequest, list []evidence.Entry) (*view.EvidencePage, error) {
	form, err := uuid.NewV7()
	if err != nil {
		return nil, err
	}
	data := &view.EvidencePage{
		Frame: s.site.FormFrame(c, "proof.title"), Place: o.Place, Period: o.period, Writes: s.site.May(c, access.WriteEvidence, o.on()), Rows: s.entries.Rows, Form: form.String(),
		MostFiles: evidence.MostFiles, MostMB: evidence.MostBytes >> 20, FileMB: evidence.MostFile >> 20,
	}
	data.Title = o.Unit.Name + " – " + data.Title
	every := s.site.May(c, access.WriteLKE, o.on())
	bytes := int64(0)
	for _, row := range s.entries.Rows {
		group := view.EvidenceGroup{Row: row}
		for i := range list {
			e := &view.EvidenceEntry{Entry: list[i], Address: permalink.Evidence(o.Unit.Code) + "/" + strconv.Itoa(list[i].N), Moment: list[i].At.In(o.directory.Zone())}
			if e.Row != row {
				continue
			}
			if e.There = e.HasFile(s.site.Now()); e.File != nil {
				e.Size = view.Size(data.Lang, e.File.Bytes)
			}
			if e.There {
				data.Files++
				bytes += e.File.Bytes
			}
			if e.Holds() {
				e.Mine = data.Writes && (every || e.By == web.ActorOf(c).By())
			} else {
				e.Gone, e.There = e.Withdrawn.At.In(o.directory.Zone()), e.There && every
			}
			group.Entries = append(group.Entries, e)
		}
		if len(group.Entries) > 0 {
			data.Groups = append(data.Groups, group)
		}
	}
	data.MB = view.Size(data.Lang, bytes)
	return data, nil
}

// addEvidence is POST /lke/{unit}/eviden: it stores what the form holds and leads back to the
// list; 422 with each fault at its field, and what was typed.
func (s *evidencePages) addEvidence(c *fiber.Ctx) error {
	o, list, err := s.openEvidence(c)
	if err != nil {
		return err
	}
	if err := s.site.LimitDemo(c, door); err != nil {
		return err
	}
	form := web.UploadOf(c)
	draft := &evidence.Draft{
		Place: o.place(), Row: form.Values["row"], Title: form.Values["title"], Note: form.Values["note"], Link: form.Values["link"],
		Way: form.Values["way"], Day: form.Values["day"], Where: form.Values["where"], Today: o.directory.Today(s.site.Now()), By: web.ActorOf(c).By(),
		LinksOnly: o.directory.City().Demo,
	}
	if id, err := uuid.Parse(form.Values["form"]); err == nil {
		draft.Form = id.String()
	}
	if form.Name != "" {
		draft.File = &evidence.Sent{Name: form.Name, Data: form.File}
	}
	var e evidence.Entry
	err = s.turns.inTurn(c.UserContext(), func() (err error) {
		e, err = s.entries.Add(c.UserContext(), draft)
		return err
	})
	if err != nil {
		return s.refusedEvidence(c, o, list, form.Values, err)
	}
	return s.toEvidence(c, o, e.N)
}

// withdrawEvidence is POST /lke/{unit}/eviden/{n}/tarik: an entry is withdrawn with a reason,
// by who added it or fills in the LKE.
func (s *evidencePages) withdrawEvidence(c *fiber.Ctx) error {
	o, list, err := s.openEvidence(c)
	if err != nil {
		return err
	}
	e, err := numbered(c, list)
	if err != nil {
		return err
	}
	by := web.ActorOf(c).By()
	if e.By != by && !s.site.May(c, access.WriteLKE, o.on()) {
		return survey.Errorf(survey.Forbidden, "an entry is withdrawn by who added it, or by evaluators")
	}
	reason := string(c.Request().PostArgs().Peek("reason"))
	if err := s.entries.Withdraw(c.UserContext(), o.place(), evidence.Withdrawal{N: e.N, By: by, Reason: reason}); err != nil {
		return s.refusedEvidence(c, o, list, map[string]string{"reason": reason, "n": strconv.Itoa(e.N)}, err)
	}
	return s.toEvidence(c, o, e.N)
}

func (s *evidencePages) toEvidence(c *fiber.Ctx, o *unitRequest, n int) error {
	q := url.Values{"period": {o.period.Code}, "lang": {view.Language(c.Query("lang"))}, changed: {strconv.Itoa(n)}}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Redirect(permalink.Evidence(o.Unit.Code)+"?"+q.Encode(), fiber.StatusSeeOther)
}

// refusedEvidence shows the list again with what is wrong, where somebody can put it right.
func (s *evidencePages) refusedEvidence(c *fiber.Ctx, o *unitRequest, list []evidence.Entry, typed map[string]string, refusal error) error {
	var bad *survey.Error
	if !errors.As(refusal, &bad) || len(bad.Faults) == 0 {
		return refusal
	}
	data, err := s.newEvidence(c, o, list)
	if err != nil {
		return err
	}
	data.Typed, data.Faults = typed, map[string]string{}
	if id := typed["form"]; id != "" && !slices.ContainsFunc(bad.Faults, func(f survey.Fault) bool { return f.Code == "sent" }) { // else it is a new form
		data.Form = id
	}
	for _, f := range bad.Faults {
		anchor, code := f.Field, f.Code
		if !slices.Contains(view.EvidenceFaults(), code) {
			code = "damaged"
		}
		if code == "required" && (anchor == "row" || anchor == "way") {
			code = "choose"
		}
		if anchor == "form" {
			anchor = "tambah"
		}
		if anchor == "reason" {
			anchor += "-" + typed["n"]
		}
		text := s.site.Pages.Say(data.Lang, "proof.fault."+code, "MB", data.FileMB, "Files", data.MostFiles, "Together", data.MostMB)
		data.Faults[anchor] = text
		data.Summary = append(data.Summary, view.FaultLine{Anchor: anchor, Name: s.site.Pages.Say(data.Lang, "proof.field."+f.Field), Text: text})
	}
	data.Heading = s.site.Pages.Say(data.Lang, "form.faults.one")
	if n := len(data.Summary); n > 1 {
		data.Heading = s.site.Pages.Say(data.Lang, "form.faults.many", "N", n)
	}
	data.Title = data.Heading + " – " + data.Title
	c.Status(fiber.StatusUnprocessableEntity)
	return s.site.Page(c, "lkeevidence", data)
}

// numbered returns the entry that an address names.
func numbered(c *fiber.Ctx, list []evidence.Entry) (*evidence.Entry, error) {
	n, err := strconv.Atoi(c.Params("n"))
	i := slices.IndexFunc(list, func(e evidence.Entry) bool { return e.N == n })
	if err != nil || i < 0 {
		return nil, survey.Errorf(survey.NotFound, "there is no such entry")
	}
	return &list[i], nil
}
