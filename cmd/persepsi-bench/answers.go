package main

import (
	_ "embed" // the comments are data
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"persepsi/survey"
)

//go:embed comments.txt
var commentText string

// levels is how finely a person's contentment is told apart, byteValues the
// number of values of the random byte that decides one answer.
const (
	levels     = 32
	byteValues = 256
)

// Marks as they are stored.
const (
	digits = "-123456789"
	blank  = '-'
)

// maker makes responses. What can be computed once is in tables, so that a
// response costs some random bits and look-ups.
type maker struct {
	city     City
	form     *survey.Form
	zone     *time.Location
	places   []survey.Place
	comments []string
	// score[k] holds, by level and random byte, the mark on a scale of k.
	score map[int]*[levels][byteValues]byte
	// questions and fields are the same per question and field of the form.
	questions []question
	fields    []*[byteValues]byte
	mood      [byteValues]int8
	// strength[unit][question] is the level at which a unit is answered.
	strength [][]int8
	// clock returns the second of the day before which a share of 1/64 has come.
	clock [65]int

	random   rand.PCG
	bits     uint64
	bitsLeft int
}

type question struct {
	score  *[levels][byteValues]byte
	scored bool
}

func newMaker(c City, d *survey.Directory) *maker {
	m := &maker{
		city: c, form: d.Form(RunningPeriod), zone: d.Zone(), comments: strings.Split(strings.TrimSpace(commentText), "\n"),
		score: map[int]*[levels][byteValues]byte{}, clock: openingHours(),
	}
	for b := range m.mood {
		m.mood[b] = int8(math.Round(4 * normal(b)))
	}
	for i := range m.form.Questions {
		k := len(m.form.Questions[i].Options)
		if m.score[k] == nil {
			m.score[k] = scores(k)
		}
		m.questions = append(m.questions, question{score: m.score[k], scored: m.form.Questions[i].Scored})
	}
	for i := range m.form.Fields {
		m.fields = append(m.fields, told(&m.form.Fields[i]))
	}
	for u := range c.Units {
		place, _ := d.Unit(unitCode(u))
		m.places = append(m.places, place)
		m.strength = append(m.strength, m.strengths(u))
	}
	return m
}

// strengths returns the levels of one unit: each has its own quality, each of
// its questions its own strength, and corruption is seen less than bad service.
func (m *maker) strengths(u int) []int8 {
	out := make([]int8, len(m.form.Questions))
	quality := 12 + int(mix(m.city.Seed, uint64(u), 1)%16)
	for q := range out {
		own := int(mix(m.city.Seed, uint64(u), uint64(q), 2)%7) - 3
		if m.feeds("ipak", m.form.Questions[q].Code) {
			own += 4
		}
		out[q] = int8(quality + own)
	}
	return out
}

func (m *maker) feeds(index, code string) bool {
	x := m.form.Index(index)
	return x != nil && slices.ContainsFunc(x.Aspects, func(a survey.Aspect) bool { return slices.Contains(a.Questions, code) })
}

// normal returns the standard normal deviate of a random byte.
func normal(b int) float64 {
	return math.Sqrt2 * math.Erfinv(2*(float64(b)+0.5)/byteValues-1)
}

// scores returns the marks on a scale of k steps.
func scores(k int) *[levels][byteValues]byte {
	t := new([levels][byteValues]byte)
	for level := range levels {
		for b := range byteValues {
			at := (float64(level)+0.5)/levels + 0.16*normal(b)
			t[level][b] = digits[min(max(1+int(math.Floor(at*float64(k))), 1), k)]
		}
	}
	return t
}

// told returns the marks of a respondent field: the middle categories most
// often, and one in 16 people doesn't tell. One in 32 has a disability.
func told(f *survey.Field) *[byteValues]byte {
	t := new([byteValues]byte)
	k := len(f.Categories)
	for b := range t {
		at := 0.5 + 0.22*normal(b)
		switch {
		case b%16 == 0:
			t[b] = blank
		case f.Code == "disability":
			t[b] = digits[2-b%32/31]
		default:
			t[b] = digits[1+min(max(int(at*float64(k)), 0), k-1)]
		}
	}
	return t
}

// openingHours returns when in the day people come: 8 to 16 o'clock, most of
// them in the morning, few at noon.
func openingHours() (clock [65]int) {
	shares := [8]int{9, 14, 13, 8, 3, 8, 6, 3} // of 64, from 8 o'clock on
	at := 0
	for hour, n := range shares {
		for i := range n {
			clock[at] = (8+hour)*3600 + i*3600/n
			at++
		}
	}
	clock[at] = 16 * 3600
	return clock
}

// moment returns the second of the day at which a share of the day's people (in
// 1/2^20) has come.
func (m *maker) moment(share int64) int64 {
	i, rest := share>>14, share&(1<<14-1)
	from, to := int64(m.clock[i]), int64(m.clock[i+1])
	return from + (to-from)*rest>>14
}

// draw returns n random bits.
func (m *maker) draw(n int) int {
	if m.bitsLeft < n {
		m.bits, m.bitsLeft = m.random.Uint64(), 64
	}
	v := m.bits & (1<<n - 1)
	m.bits >>= n
	m.bitsLeft -= n
	return int(v)
}

// make makes the answers from..from+len(to) of a cell, all but their marks:
// those it adds to marks, each response's answers and then its respondent's.
func (m *maker) make(to []survey.Response, marks []byte, c cell, from int64) []byte {
	period := PastPeriod
	if c.day >= m.city.first()+periodDays {
		period = RunningPeriod
	}
	opens := c.day.In(m.zone).UTC()
	seed := mix(m.city.Seed, uint64(c.unit), uint64(c.day))
	for i := range to {
		n := from + int64(i)
		// Each answer has random numbers of its own: which one it is says
		// all, however many were made before.
		m.random.Seed(seed, mix(uint64(n)))
		m.bitsLeft = 0
		r := &to[i]
		r.Period, r.Unit, r.Form, r.Day = period, m.places[c.unit].Unit.Code, m.form.ID, c.day
		second := m.moment((n<<20 + int64(m.draw(20))) / c.n)
		r.ReceivedAt = opens.Add(time.Duration(second)*time.Second + time.Duration(m.draw(10)%1000)*time.Millisecond)
		r.StartedAt = r.ReceivedAt.Add(-time.Duration(40_000+m.draw(17)) * time.Millisecond)
		r.Hour = uint8(second / 3600)
		m.person(r, m.places[c.unit].Unit)
		marks = m.answers(marks, m.strength[c.unit], r.Mode == survey.ModePaper)
		for _, field := range m.fields {
			marks = append(marks, field[m.draw(8)])
		}
		r.Comment = ""
		if x := m.draw(7); x < len(m.comments) {
			r.Comment = m.comments[x]
		}
		m.name(r)
	}
	return marks
}

// person fills how and where somebody answered.
func (m *maker) person(r *survey.Response, unit *survey.Unit) {
	switch x := m.draw(6); {
	case x < 46:
		r.Mode = survey.ModeQR
	case x < 55:
		r.Mode = survey.ModeKiosk
	case x < 60:
		r.Mode = survey.ModeAssisted
	default:
		r.Mode = survey.ModePaper
	}
	r.Lang = "id"
	if m.draw(5) == 0 {
		r.Lang = "en"
	}
	r.Service = unit.Services[0].Code
	if m.draw(3) < 3 {
		r.Service = unit.Services[1].Code
	}
	r.Point = unit.Points[m.draw(1)].Code
	if r.Mode == survey.ModePaper { // as an import stores it
		r.Point, r.Lang, r.Hour, r.StartedAt = "", "id", 0, time.Time{}
	}
}

func (m *maker) answers(marks []byte, strength []int8, paper bool) []byte {
	mood := m.mood[m.draw(8)]
	for q := range m.questions {
		switch b := m.draw(8); {
		case !m.questions[q].scored && b < 25, paper && b < 5:
			marks = append(marks, blank) // not answered
		case !m.questions[q].scored:
			marks = append(marks, digits[1+b/250]) // few were told what to answer
		default:
			level := min(max(int(strength[q]+mood), 0), levels-1)
			marks = append(marks, m.questions[q].score[level][b])
		}
	}
	return marks
}

// name gives a response its id: a UUIDv7 of the time when the form was opened.
func (m *maker) name(r *survey.Response) {
	at := r.StartedAt
	if at.IsZero() {
		at = r.ReceivedAt
	}
	r.ID = idAtTime(uint64(at.UnixMilli()), m.random.Uint64(), m.random.Uint64())
}
