// Package chart draws the charts of pages and reports: what they show, as lists of drawing
// commands in units of one CSS pixel, with the words and the numbers that their
// tables hold. It knows no colours and no format: the commands name roles, and a
// painter (SVG in handlers/view, others for PDF and DOCX) gives them their looks.
//
// All charts speak one grammar: a dot is a value, a band its 95 % interval with a cap
// at each end, an upright line a limit, what is hollow belongs to before. A value is
// never drawn without its band; what is withheld is an axis without a dot, with words.
//
// Which builder takes what:
//
//	Strip         one index: band, limits of grades, letters, triangle of the period before
//	Meter         a sample: so far, at this pace, needed
//	Trend         released points over time, control limits, changes of the form, gaps
//	Aspects       the unsur of an index, lowest first, with those not told apart
//	Importance    link with satisfaction against score, four corners
//	Forecast      25 possible values at the period's end, by grade
//	Ranks         units on one axis, with the places that are possible
//	Multiples     several units or agencies over the same periods, on one axis
//	Distribution  how often each score of a question was given
//	Days          counts of answers by day
//	Hours         counts by weekday and hour: a table with shaded cells
//
// Every builder takes an input of plain values whose words are spoken already, and the
// widths that it shall draw for; without widths it takes those of its own. A page shows
// the widest drawing that fits and never scales one: letters keep their size.
package chart

// Chart is what a painter draws.
type Chart struct {
	// Title names the chart, Desc says in words what it shows. Where the caller gives
	// no description, the builder makes one of the table.
	Title, Desc string
	// Drawings are the chart at each width, the narrowest first; none where Ranking or
	// Grid says it all.
	Drawings []Drawing
	Ranking  *Ranking
	Grid     *Grid
	// Table holds exactly the numbers that are drawn at the largest width.
	Table Table
}

// Table is the numbers of a chart. The first cell of each row names it. Without heads of
// columns each row is a name and its number.
type Table struct {
	Columns []string
	Rows    [][]string
}

// Value is a number: its place on the axis, and how it is written in the language of
// the page. The text is the caller's, so that an exact figure stays as it was rounded.
type Value struct {
	At   float64
	Text string
}

// Estimate is a value with the ends of its 95 % interval.
type Estimate struct{ Mean, Low, High Value }

// Limit is where something begins: the lowest value of a grade, say. Name is its letter
// or its words; Brief is how its value stands in the picture, with fewer decimals than in
// the table, empty where it shall stand in the table alone.
type Limit struct {
	Value
	Name, Brief string
}

// Numbers writes a number with so many decimals in the language of the page.
type Numbers func(digits int, x float64) string

// Words are what the builders themselves say: the heads of their tables, and the few
// words that stand in every chart of a kind. internal/wording has them from its messages.
type Words struct {
	Name, Value, Low, High string // heads: what a row is about, its value, the ends of its interval
	Before                 string // head: the value of the period before
	N                      string // head: how many answered
	Ranks                  string // head: the possible places
	Change                 string // head: what became of it
	Note                   string // head: what there is to say
	Link                   string // head: how strongly it goes with satisfaction
	Share                  string // head: percent of the answers
	SoFar, Pace, Needed    string // rows of a sample: answers so far, at this pace at the close, needed
	Control                string // "batas kendali", beside its line
	Lower, Upper           string // heads: the control limits
	Outside                string // "di luar batas", after the number of such a point
	Of                     string // "dari", as in "21 dari 25"
	Together               string // what a row says that is not told apart from the lowest
	Closed                 string // a day or an hour without service
	// GradeFrom says the head of a row with the lowest value of a grade.
	GradeFrom func(grade string) string
}

// Head is what every input begins with.
type Head struct {
	// Title and Desc name the chart and say what it shows; without Desc the table says it.
	Title, Desc string
	Words       Words
	// Numbers writes the numbers of axes that the builder makes itself.
	Numbers Numbers
}

// The widths for which charts are drawn unless the caller asks for others, in CSS
// pixels. A style sheet knows them: chart.css of handlers/view shows a drawing where
// its place is as wide.
const (
	Slim = 184 // beside a value in a card, on a phone of 360
	Card = 220 // in one of four columns of a card
	Part = 292 // the whole of a card on a phone of 360
	Slot = 326 // the whole of a phone of 360
	Half = 520 // one of two columns of a desk
	// Cover and Sheet are for print: beneath the title of a document, and between the margins
	// of an upright page.
	Cover = 529
	Sheet = 638
	Full  = 1088 // the whole of a desk
)

// build draws a chart at each width, and gives it a description where it has none.
func build(h Head, table Table, widths, usual []int, draw func(d *Drawing)) *Chart {
	if len(widths) == 0 {
		widths = usual
	}
	c := &Chart{Title: h.Title, Desc: h.Desc, Table: table}
	if c.Desc == "" {
		c.Desc = table.spoken()
	}
	for _, w := range widths {
		d := Drawing{Width: float64(w)}
		draw(&d)
		c.Drawings = append(c.Drawings, d)
	}
	return c
}

// mostSpoken is how many rows of a table are read out before a chart: whoever wants
// more opens the table.
const mostSpoken = 9

// spoken returns the first rows of a table as a sentence each.
func (t Table) spoken() string {
	out := ""
	for _, row := range t.Rows[:min(mostSpoken, len(t.Rows))] {
		said := ""
		for i, cell := range row[1:] {
			if cell == "" {
				continue
			}
			if said != "" {
				said += ", "
			}
			if len(t.Columns) > 2 && i+1 < len(t.Columns) {
				said += t.Columns[i+1] + " "
			}
			said += cell
		}
		if out != "" {
			out += " "
		}
		if said != "" {
			said = ": " + said
		}
		out += row[0] + said + "."
	}
	return out
}

// cells returns the texts of an estimate, or of what is said in its place.
func (e *Estimate) cells(withheld string) []string {
	if e == nil {
		return []string{withheld, "", ""}
	}
	return []string{e.Mean.Text, e.Low.Text, e.High.Text}
}
