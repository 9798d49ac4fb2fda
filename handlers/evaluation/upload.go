package evaluation

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/lke"
	"persepsi/internal/lkebook"
	"persepsi/internal/report"
	"persepsi/survey"
)

// UploadPath takes an LKE workbook.
const UploadPath = "/lke/unggah"

const (
	// UploadLimit is the largest body with a workbook, in bytes: one of 59 units has some 390 KB.
	UploadLimit = 4 << 20
	// EvidenceLimit is the largest body of a form with evidence: its file, and the other fields.
	EvidenceLimit = 8<<20 + web.BodyLimit
)

// fileForms returns the addresses of the area that take files. A demonstration takes links as
// evidence, and no files.
func fileForms() []web.FileForm {
	return []web.FileForm{
		{Route: UploadPath, Limit: UploadLimit, Needs: access.WriteLKE, TooLarge: "upload", Demo: true},
		{Route: evidencePath, Limit: EvidenceLimit, Needs: access.WriteEvidence, TooLarge: "evidence"},
	}
}

// taken is the parameter with the moment, in Unix nanoseconds, at which a workbook's
// entries were stored.
const taken = "diambil"

const (
	// mostReading is how many workbooks and files of evidence are read at once: each may take
	// some megabytes.
	mostReading = 2
	// turnWithin is how long one waits for its turn; its body waits in memory meanwhile.
	turnWithin = 30 * time.Second
)

// mostTold is how many faults a page tells.
const mostTold = 100

// turns has a place for each file that is read at once.
type turns chan struct{}

// uploadPages take entries from a workbook.
type uploadPages struct {
	site    *web.Site
	figures *report.Builder
	entries *lke.Entries
	table   *analytics.LKETable
	names   *entryNames
	turns   turns
}

func (s *uploadPages) mount(area *web.Area) {
	area.Get(UploadPath, access.WriteLKE, s.uploadPage)
	area.Post(UploadPath, access.WriteLKE, s.upload)
}

// uploadPage is GET /lke/unggah: the form for a workbook.
func (s *uploadPages) uploadPage(c *fiber.Ctx) error {
	return s.site.Page(c, "lkeupload", s.newUpload(c))
}

func (s *uploadPages) newUpload(c *fiber.Ctx) *view.Upload {
	return &view.Upload{Frame: s.site.FormFrame(c, "lke.upload.title"), MB: UploadLimit >> 20}
}

// upload is POST /lke/unggah: with a file it shows each difference, and with differences
// that were shown and a reason it takes them. 422, 413 and 409 tell each fault at its sheet
// and cell; nothing is stored then.
func (s *uploadPages) upload(c *fiber.Ctx) error {
	if err := s.site.LimitDemo(c, door); err != nil {
		return err
	}
	form := web.UploadOf(c)
	if seen := form.Values["dilihat"]; seen != "" {
		return s.take(c, seen, strings.TrimSpace(form.Values["why"]))
	}
	data := s.newUpload(c)
	if len(form.File) == 0 {
		return s.refused(c, data, survey.Faulty("no file", []survey.Fault{{Field: "file", Code: "no_file"}}))
	}
	sheets, err := s.readBook(c.UserContext(), form.File)
	if err != nil {
		return s.refused(c, data, err)
	}
	changes, err := s.compare(c, sheets)
	if err != nil {
		return s.refused(c, data, err)
	}
	data.None = len(changes) == 0
	if err := s.show(data, changes); err != nil {
		return err
	}
	return s.site.Page(c, "lkeupload", data)
}

// readBook reads a workbook when its turn comes.
func (s *uploadPages) readBook(ctx context.Context, file []byte) (out []lkebook.Sheet, err error) {
	err = s.turns.inTurn(ctx, func() error {
		out, err = lkebook.Read(file, s.table)
		return err
	})
	return out, err
}

// inTurn reads a file when its turn comes. Unavailable: it waited too long, and nothing was read.
func (t turns) inTurn(ctx context.Context, read func() error) error {
	ctx, cancel := context.WithTimeout(ctx, turnWithin)
	defer cancel()
	select {
	case t <- struct{}{}:
	case <-ctx.Done():
		return &survey.Error{Code: survey.Unavailable, Message: "too many files are being read; try again in a moment", RetryAfter: 10 * time.Second, Cause: ctx.Err()} //nolint:mnd // about what some of them take
	}
	defer func() { <-t }()
	return read()
}

// writable are the periods that have begun and the units that who asks may fill in. What is
// beyond is not there, so that nobody learns of it.
type writable struct {
	*survey.Directory
	today survey.Date
	may   func(unit string) bool
}

func (w writable) Period(code string) (*survey.Period, bool) {
	p, ok := w.Directory.Period(code)
	return p, ok && p.From <= w.today
}

func (w writable) Unit(code string) (survey.Place, bool) {
	place, ok := w.Directory.Unit(code)
	if !ok || !w.may(place.Unit.Code) {
		return survey.Place{}, false
	}
	return place, true
}

// compare returns what sheets change, of those in which something was entered.
func (s *uploadPages) compare(c *fiber.Ctx, sheets []lkebook.Sheet) ([]lkebook.Change, error) {
	d := s.site.Directories.Directory()
	sheets = slices.DeleteFunc(sheets, func(sheet lkebook.Sheet) bool { return len(sheet.Entered) == 0 })
	return lkebook.Compare(c.UserContext(), sheets, writable{d, d.Today(s.site.Now()), func(unit string) bool {
		return s.site.May(c, access.WriteLKE, web.ScopeOf(d, report.Scope{Unit: unit}))
	}}, s.entries.Store)
}

// show puts changes on a page.
func (s *uploadPages) show(data *view.Upload, changes []lkebook.Change) error {
	d := s.site.Directories.Directory()
	for i := range changes {
		change := &changes[i]
		unit := view.UploadUnit{Sheet: survey.Printable(change.Differences[0].Sheet)}
		unit.Place, _ = d.Unit(change.Draft.Unit)
		unit.Period, _ = d.Period(change.Draft.Period)
		last := lke.LastChange(change.Steps, 0)
		for _, x := range change.Differences {
			out := view.UploadDifference{Name: s.names.fieldName(data.Lang, x.Field), Cell: x.Cell, Ours: typedIn(data.Lang, x.Field, x.Ours), Theirs: typedIn(data.Lang, x.Field, x.Theirs)}
			if step := last[x.Field]; step != nil {
				out.Who, out.At = step.Who, step.At.In(d.Zone())
			}
			unit.Differences = append(unit.Differences, out)
		}
		data.Cells += len(unit.Differences)
		data.Units = append(data.Units, unit)
	}
	var err error
	data.Seen, err = lkebook.Seen(changes)
	return err
}

// take stores the differences that were shown, checked anew, and leads back to the sheet.
func (s *uploadPages) take(c *fiber.Ctx, seen, why string) error {
	data := s.newUpload(c)
	sheets, err := lkebook.ReadSeen(seen, s.table)
	if err != nil {
		return err
	}
	changes, err := s.compare(c, sheets)
	if err != nil {
		return s.refused(c, data, err)
	}
	if data.None = len(changes) == 0; data.None { // sent twice, or entered by others alike
		return s.site.Page(c, "lkeupload", data)
	}
	actor := web.ActorOf(c).By()
	entries, err := lkebook.Take(c.UserContext(), s.entries, changes, actor, actor, why)
	if err != nil {
		var e *survey.Error
		if errors.As(err, &e) && slices.ContainsFunc(e.Faults, func(f survey.Fault) bool { return f.Field == "why" }) {
			if err := s.show(data, changes); err != nil {
				return err
			}
			data.Why, data.WhyFault = why, s.site.Pages.Say(data.Lang, "lke.fault.why", "Least", lke.LeastWords, "Most", lke.MostWords)
			e = &survey.Error{Code: e.Code, Faults: slices.DeleteFunc(slices.Clone(e.Faults), func(f survey.Fault) bool { return f.Field == "why" })}
			return s.refused(c, data, e)
		}
		return s.refused(c, data, err)
	}
	s.figures.Await(c.UserContext(), entries...)
	q := url.Values{"period": {entries[0].Period}, "lang": {data.Lang}, taken: {strconv.FormatInt(entries[0].At.UnixNano(), 10)}}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Redirect("/lke?"+q.Encode(), fiber.StatusSeeOther)
}

// refused shows the page with what is wrong, where somebody can put it right; else it
// returns the error.
func (s *uploadPages) refused(c *fiber.Ctx, data *view.Upload, err error) error {
	var e *survey.Error
	if !errors.As(err, &e) || e.Code != survey.Invalid && e.Code != survey.TooLarge && e.Code != survey.Conflict {
		return err
	}
	for _, f := range e.Faults[:min(len(e.Faults), mostTold)] {
		data.Faults = append(data.Faults, s.uploadFault(data.Lang, f))
	}
	data.Untold = len(e.Faults) - len(data.Faults)
	if len(e.Faults) == 0 && e.Code == survey.Conflict {
		data.Faults = []view.UploadFault{{Text: s.site.Pages.Say(data.Lang, "lke.upload.fault.raced")}}
	}
	c.Status(web.Status(e.Code))
	return s.site.Page(c, "lkeupload", data)
}

// uploadFault returns a fault in the words of the page.
func (s *uploadPages) uploadFault(lang string, f survey.Fault) view.UploadFault {
	out := view.UploadFault{Where: strings.TrimSuffix(f.Field, ", berkas")}
	if f.Field == "file" || f.Field == "berkas" {
		out.Where = ""
	}
	code := f.Code
	if !slices.Contains(view.UploadFaults(), code) {
		code = "unreadable"
	}
	out.Text = s.site.Pages.Say(lang, "lke.upload.fault."+code)
	return out
}

// takenNow returns the units of a sheet whose newest entry is of the moment in the address,
// and of who asks: nobody is told of what others did, nor by a link of what wasn't done.
func takenNow(c *fiber.Ctx, units []*report.UnitResult) (out []string) {
	at, err := strconv.ParseInt(c.Query(taken), 10, 64)
	if err != nil {
		return nil
	}
	for _, u := range units {
		if e := u.Evaluation; e != nil && e.At.UnixNano() == at && e.Key == web.ActorOf(c).By() {
			out = append(out, u.UnitName)
		}
	}
	return out
}
