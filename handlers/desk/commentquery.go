package desk

import (
	"net/url"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/comment"
	"persepsi/survey"
)

// longestSearch bounds what is searched for, in characters.
const longestSearch = 200

// commentQuery is the query of a list's address. Whatever leads back to a list is made of it, and
// of nothing else that a request has.
type commentQuery struct {
	Period, Lang  string
	Agency        string
	Mark          string // a code of marks, or all
	Topic         string
	Service       string // a code of the unit's services
	Week          survey.Date
	Search        string
	After, From   string // where the page begins: a comment, and the code of its unit
	Marked, Where string // the comment that was marked a moment ago, and the code of its unit
	after         comment.Key
	key           string // of the comment that a form is about
	whole         bool   // that form leads back to the list of the whole desk
}

// allMarks is the word for comments whatever they are marked as.
const allMarks = "semua"

// mark is a state and the word that addresses have for it.
type mark struct {
	Word  string
	State comment.State // empty: all
}

// marks lists every mark, in the order of pages.
func marks() (out []mark) {
	for i, state := range comment.States() {
		out = append(out, mark{view.MarkWords()[i], state})
	}
	return append(out, mark{allMarks, ""})
}

// state returns what the list shows. A search that names no mark is one of all.
func (a *commentQuery) state() comment.State {
	for _, m := range marks() {
		if a.Mark == m.Word {
			return m.State
		}
	}
	if a.Search != "" {
		return ""
	}
	return comment.Unread
}

// askedOf reads the query of a request. What is not known is left out. Error: NotFound for
// a place in the list that is none.
func (p *commentPages) askedOf(c *fiber.Ctx, l *commentList) (commentQuery, error) {
	a := commentQuery{Period: l.period.Code, Lang: web.Asked(c, "lang"), Marked: c.Query("baru"), Where: c.Query("di")}
	for _, m := range marks() {
		if c.Query("tanda") == m.Word {
			a.Mark = m.Word
		}
	}
	for _, t := range p.reader.Topics() {
		if c.Query("topik") == string(t) {
			a.Topic = string(t)
		}
	}
	if l.unit.Unit != nil {
		if s, ok := l.unit.Unit.Service(c.Query("layanan")); ok {
			a.Service = s.Code
		}
	}
	if agency, ok := l.directory.Agency(c.Query(agencyParam)); ok && l.unit.Unit == nil {
		a.Agency = agency.Code
	}
	if day, err := survey.ParseDate(c.Query("minggu")); err == nil {
		a.Week = day
	}
	if s := c.Query("cari"); utf8.RuneCountInString(s) <= longestSearch {
		a.Search = s
	}
	if a.After, a.From = c.Query("setelah"), c.Query("dari"); a.After != "" {
		var err error
		if a.after, err = comment.ParseKey(a.After); err != nil {
			return a, err
		}
	}
	return a, nil
}

// values are the query of an address.
func (a commentQuery) values() url.Values {
	out := url.Values{}
	week := ""
	if a.Week != 0 {
		week = a.Week.String()
	}
	whole := ""
	if a.whole {
		whole = "1"
	}
	for name, value := range map[string]string{
		periodParam: a.Period, agencyParam: a.Agency, "lang": a.Lang, "tanda": a.Mark, "topik": a.Topic, "layanan": a.Service, "minggu": week, "cari": a.Search,
		"setelah": a.After, "dari": a.From, "baru": a.Marked, "di": a.Where, "kunci": a.key, "meja": whole,
	} {
		if value != "" {
			out.Set(name, value)
		}
	}
	return out
}

// address is an address with the query.
func (a commentQuery) address(path string) string {
	if q := a.values().Encode(); q != "" {
		return path + "?" + q
	}
	return path
}

// anew is the query of another list than the one that is seen: from its beginning, and
// without what was marked a moment ago.
func (a commentQuery) anew() commentQuery {
	a.After, a.From, a.Marked, a.Where, a.key = "", "", "", "", ""
	return a
}
