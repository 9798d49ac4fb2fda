package survey

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// publishNew publishes the instruments of a file that are new. From then on, whether
// anybody has answered or not, the version stays as it is: what a citizen was shown
// under its name must be found under it.
func (m *merger) publishNew(list []declaredInstrument) {
	m.faulty = map[string]bool{}
	first := map[string]string{}
	for i := range list {
		d := &list[i]
		told, ref := len(m.faults), d.in.Ref()
		if !d.broken {
			m.borrow(d)
			c := &instrumentCheck{merger: m, d: d, in: &d.in, asked: map[string]*Question{}, used: map[string]bool{}}
			c.run()
			if at, ok := first[ref]; ok {
				m.instrumentFault(d, d.path+".version", "duplicate", "%s is declared at %s already", ref, at)
			}
			if len(m.faults) == told {
				m.publish(d)
			}
		}
		first[ref] = d.path
		m.faulty[d.in.Code] = m.faulty[d.in.Code] || d.broken || len(m.faults) > told
	}
}

// instrumentFault tells a fault of a declared instrument with its line: that of the
// place, or of what holds it.
func (m *merger) instrumentFault(d *declaredInstrument, path, code, format string, args ...any) {
	at := path
	for at != "" && d.lines[at] == 0 {
		at = at[:max(strings.LastIndexAny(at, ".["), 0)]
	}
	m.fault(path, code, format+" (line %d)", append(args, d.lines[at])...)
}

// borrow fills in the questions and fields that are named by the code of one of the
// program's.
func (m *merger) borrow(d *declaredInstrument) {
	for _, b := range d.references {
		if b.field {
			f, _ := m.lib.common(d.in.Respondent[b.at].Code)
			if f == nil {
				m.instrumentFault(d, b.path, "unknown_field", "the program has no respondent field %q to take over (it has: %s)", d.in.Respondent[b.at].Code, strings.Join(m.lib.commonFields(), ", "))
				continue
			}
			d.in.Respondent[b.at] = *f
			continue
		}
		q := m.borrowedBefore(d.in.Ref(), d.in.Questions[b.at].Code)
		if q == nil {
			_, q = m.lib.common(d.in.Questions[b.at].Code)
		}
		if q == nil {
			m.instrumentFault(d, b.path, "unknown_question", "the program has no unscored question %q to take over; write out its text and options", d.in.Questions[b.at].Code)
			continue
		}
		d.in.Questions[b.at] = *q
	}
}

// borrowedBefore returns the question of a published version that is declared
// again: what it took over then, whatever the program asks in newer versions of its
// own.
func (m *merger) borrowedBefore(ref, code string) *Question {
	for i := range m.out.Instruments {
		if in := &m.out.Instruments[i]; in.Ref() == ref {
			for n := range in.Questions {
				if in.Questions[n].Code == code {
					return &in.Questions[n]
				}
			}
		}
	}
	return nil
}

// mostDifferences is how many differences from a published version are told.
const mostDifferences = 5

// publish adds an instrument to the catalogue, unless it is there.
func (m *merger) publish(d *declaredInstrument) {
	in, newest := d.in, 0
	for i := range m.out.Instruments {
		old := &m.out.Instruments[i]
		if old.Code == in.Code {
			newest = max(newest, old.Version)
		}
	}
	for i := range m.out.Instruments {
		old := &m.out.Instruments[i]
		if old.Ref() != in.Ref() {
			continue
		}
		if other := old.differences(&in); len(other) > 0 {
			more := ""
			if n := len(other) - mostDifferences; n > 0 {
				other, more = other[:mostDifferences], fmt.Sprintf("; and %d more", n)
			}
			m.instrumentFault(d, d.path+".version", "published", "%s is published and never changes, and here %s%s; declare that as version %d", in.Ref(), strings.Join(other, "; "), more, newest+1)
		}
		return
	}
	switch {
	case newest == 0 && m.lib.ships(in.Code):
		m.instrumentFault(d, d.path+".code", "taken", "%s is an instrument that comes with the program; take another code", in.Code)
		return
	case in.Version < newest:
		m.instrumentFault(d, d.path+".version", "too_low", "version %d of %s is published: a new one has a higher number", newest, in.Code)
		return
	case len(m.out.Instruments) >= mostDeclared:
		m.instrumentFault(d, d.path, "too_many", "there are %d declared versions already, and each is kept for ever", mostDeclared)
		return
	}
	all := append(slices.Clip(m.out.Instruments), in)
	if text, err := json.Marshal(all); err != nil || len(text) > mostPublished {
		m.instrumentFault(d, d.path, "too_large", "the declared instruments would take more than %d KB together", mostPublished>>10)
		return
	}
	if err := m.lib.Learn(&Catalogue{Instruments: []Instrument{in}}); err != nil {
		m.instrumentFault(d, d.path, "unusable", "%s", err.Error())
		return
	}
	m.out.Instruments = all
	m.changed = true
	m.added++
}

// commonFields lists the respondent fields that the program's instruments share.
func (l *Library) commonFields() []string {
	codes := map[string]bool{}
	for _, in := range l.shipped {
		for _, f := range in.Respondent {
			codes[f.Code] = true
		}
	}
	return sortedKeys(codes)
}

// regulated reports whether regulations name an index: what they call it is fixed.
func regulated(index string) bool { return index == ikm || index == "ipkp" || index == "ipak" }

// reserved are names that pages, exports and results use for something else.
var reserved = map[string]bool{
	"row": true, "id": true, "receipt": true, "period": true, "unit": true, "service": true, "point": true, "form": true, "mode": true,
	"lang": true, "day": true, "hour": true, "started_at": true, "received_at": true, "comment": true, "comment-field": true, "alert": true,
	"consent": true, "visit": true, "the-form": true,
	"date": true, "tanggal": true, "layanan": true, "satker": true, "saran": true, "komentar": true, // columns of paper answers
}

// reservedIndex are columns of the result tables.
var reservedIndex = map[string]bool{
	"period": true, "agency": true, "agency_name": true, "unit": true, "unit_name": true, "responses": true, "qr": true, "kiosk": true,
	"assisted": true, "paper": true, "population": true, "needed": true, "adequate": true, "wbk": true, "wbbm": true,
}

// instrumentCheck checks what an instrument means.
type instrumentCheck struct {
	*merger
	d     *declaredInstrument
	in    *Instrument
	asked map[string]*Question
	used  map[string]bool // questions that feed an index
}

func (c *instrumentCheck) bad(path, code, format string, args ...any) {
	c.instrumentFault(c.d, c.d.path+path, code, format, args...)
}

func (c *instrumentCheck) run() {
	codes := map[string]bool{}
	for i := range c.in.Questions {
		q, path := &c.in.Questions[i], fmt.Sprintf(".questions[%d]", i)
		c.code(codes, path, q.Code)
		c.asked[q.Code] = q
		if n := len(q.Options); q.Scored && n != 4 && n != 6 {
			c.bad(path+".options", "wrong_scale", "a scored question has 4 or 6 options, this one has %d; one that feeds no index says `scored: false`", n)
		} else if n < 2 {
			c.bad(path+".options", "wrong_scale", "needs at least two options")
		}
		labels := map[string]bool{}
		for k, o := range q.Options {
			if labels[strings.ToLower(o.Label["id"])] {
				c.bad(path+".options["+strconv.Itoa(k)+"]", "duplicate_label", "another option of the question reads %q too", o.Label["id"])
			}
			labels[strings.ToLower(o.Label["id"])] = true
		}
	}
	for i, f := range c.in.Respondent {
		path := fmt.Sprintf(".respondent[%d]", i)
		c.code(codes, path, f.Code)
		categories := map[string]bool{}
		for k, o := range f.Categories {
			if categories[o.Code] {
				c.bad(fmt.Sprintf("%s.categories[%d].code", path, k), "duplicate_code", "category %s is there twice", o.Code)
			}
			categories[o.Code] = true
		}
	}
	c.indexes()
	for i, q := range c.in.Questions {
		if q.Scored && !c.used[q.Code] {
			c.bad(fmt.Sprintf(".questions[%d]", i), "unused", "question %s feeds no index; name it in an aspect, or say `scored: false`", q.Code)
		}
	}
}

func (c *instrumentCheck) code(seen map[string]bool, path, code string) {
	switch {
	case seen[code]:
		c.bad(path+".code", "duplicate_code", "%s is the code of another question or respondent field already", code)
	case reserved[code], strings.HasPrefix(code, "e-"), strings.HasPrefix(code, "f-"), strings.HasPrefix(code, "h-"):
		c.bad(path+".code", "reserved", "%s has another meaning on pages and in exports; take another code", code)
	}
	seen[code] = true
}

func (c *instrumentCheck) indexes() {
	seen := map[string]bool{}
	for i := range c.in.Indexes {
		x, path := &c.in.Indexes[i], fmt.Sprintf(".indexes[%d]", i)
		switch {
		case seen[x.Code]:
			c.bad(path+".code", "duplicate_code", "index %s is there twice", x.Code)
		case reservedIndex[x.Code] || strings.HasPrefix(x.Code, "lke_") || strings.HasPrefix(x.Code, "wbk_") || strings.HasPrefix(x.Code, "wbbm_"):
			c.bad(path+".code", "reserved", "%s has another meaning in the result tables; take another code", x.Code)
		case regulated(x.Code) && x.Name != nil:
			c.bad(path+".name", "named", "%s has the name that the regulations give it; leave this out", strings.ToUpper(x.Code))
		case !regulated(x.Code) && x.Name == nil:
			c.bad(path+".name", "required", "is required: it is what pages call the index")
		}
		seen[x.Code] = true
		c.aspects(path, x)
	}
}

// aspects checks the aspects of an index, and finds its scale and method.
func (c *instrumentCheck) aspects(path string, x *Index) {
	codes, fed, scale := map[string]bool{}, map[string]bool{}, x.Scale
	for k, a := range x.Aspects {
		at := fmt.Sprintf("%s.aspects[%d]", path, k)
		if codes[a.Code] {
			c.bad(at+".code", "duplicate_code", "aspect %s is there twice", a.Code)
		}
		codes[a.Code] = true
		for n, code := range a.Questions {
			at := fmt.Sprintf("%s.questions[%d]", at, n)
			q := c.asked[code]
			switch {
			case q == nil:
				c.bad(at, "unknown_question", "there is no question %q in this instrument", code)
				continue
			case !q.Scored:
				c.bad(at, "unscored", "question %s says `scored: false`: it can feed no index", code)
				continue
			case fed[code]:
				c.bad(at, "duplicate", "question %s feeds index %s already", code, x.Code)
			case scale != 0 && len(q.Options) != scale:
				c.bad(at, "other_scale", "question %s is on a scale of 1-%d, index %s on one of 1-%d", code, len(q.Options), x.Code, scale)
			}
			fed[code], c.used[code] = true, true
			if scale == 0 {
				scale = len(q.Options)
			}
		}
	}
	if x.Scale = scale; scale != 4 && scale != 6 {
		return // why is told
	}
	if x.Code == ikm && scale != 4 {
		c.bad(path, "other_scale", "the IKM is made of answers of 1 to 4")
		return
	}
	if x.Method == "" {
		x.Method = map[int]string{4: "exact", 6: "ratio"}[scale]
	}
	by, err := c.methods.For(x, x.Method)
	if err != nil {
		c.bad(path+".method", "unknown_method", "%s", err.Error())
		return
	}
	x.Method = by.Name
}
