package chart

// Role says what a mark means; a painter knows how that looks. Every role is a class of
// handlers/view/assets/chart.css, checked by a test there.
type Role string

// The roles of lines and shapes.
const (
	Axis     Role = "axis"     // the line of an axis, its ends, the frame of a plot
	Rule     Role = "rule"     // a faint line across a plot
	Limiting Role = "limit"    // where a grade begins
	Inside   Role = "inside"   // a limit inside a band: "could be"
	Band     Role = "band"     // an interval of 95 %
	BandWarn Role = "bandwarn" // an interval of 95 % of a value that needs a look
	Cap      Role = "cap"      // its ends
	CapWarn  Role = "capwarn"
	Course   Role = "course" // the line through values
	Dot      Role = "dot"    // a value
	DotWarn  Role = "dotwarn"
	Hollow   Role = "hollow"  // a value of before, or one that would be another grade
	Ghost    Role = "ghost"   // a ground
	Control  Role = "control" // a control limit, dashed
	Break    Role = "break"   // where the form changed, dotted
	Target   Role = "target"  // what was aimed at, dashed
	Outside  Role = "outside" // a point beyond its control limits
	Bracket  Role = "bracket" // what is not told apart
	Cross    Role = "cross"   // the interval of a point in both directions
	CrossBad Role = "crosswarn"
	Fill     Role = "fill"   // a count
	Soft     Role = "faint"  // a count that says less: no answer
	Rail     Role = "rail"   // what a count fills
	Paced    Role = "paced"  // what it will be at this pace, dashed
	Needed   Role = "needed" // what it must be
)

// The roles of texts. All have 13 pixels but Small, which has 12.
const (
	Label  Role = "label"  // soft
	Small  Role = "small"  // soft, the numbers of an axis
	Plain  Role = "plain"  // as the text of the page
	Strong Role = "strong" // a value, a name that counts
	Amber  Role = "amber"  // what needs a look
)

// Point is a place in a drawing: x to the right, y down, from the upper left corner.
type Point struct{ X, Y float64 }

// Command is one of Path, Rect, Circle and Text.
type Command interface{ command() }

// Path is a line through points, or, closed, the shape that they bound.
type Path struct {
	Role   Role
	Points []Point
	Closed bool
}

// Rect is an upright rectangle; Round is the radius of its corners.
type Rect struct {
	Role                Role
	X, Y, Width, Height float64
	Round               float64
}

// Circle is a dot.
type Circle struct {
	Role   Role
	X, Y   float64
	Radius float64
}

// Anchor says which end of a text is at its place.
type Anchor int

// The anchors of a text.
const (
	Start Anchor = iota
	Middle
	End
)

// Text is one line of words; Y is the line that its letters stand on.
type Text struct {
	Role   Role
	X, Y   float64
	Anchor Anchor
	Words  string
}

// Drawing is a chart at one width. All its commands are inside of it.
type Drawing struct {
	Width, Height float64
	Commands      []Command
}

func (d *Drawing) add(c ...Command) { d.Commands = append(d.Commands, c...) }

func (d *Drawing) line(role Role, x1, y1, x2, y2 float64) {
	d.add(Path{Role: role, Points: []Point{{x1, y1}, {x2, y2}}})
}

// band draws an interval at a height: a flat box with a cap at each end.
func (d *Drawing) band(from, to, y, half float64, warn bool) {
	fill, caps := Band, Cap
	if warn {
		fill, caps = BandWarn, CapWarn
	}
	d.add(Rect{Role: fill, X: from, Y: y - half, Width: to - from, Height: 2 * half})
	d.line(caps, from, y-half, from, y+half)
	d.line(caps, to, y-half, to, y+half)
}

func (Path) command()   {}
func (Rect) command()   {}
func (Circle) command() {}
func (Text) command()   {}

func (t Text) bounds() box {
	w, size := t.Role.width(t.Words), t.Role.Size()
	left := t.X
	switch t.Anchor {
	case Middle:
		left -= w / 2
	case End:
		left -= w
	}
	return box{left, t.Y - 0.8*size, left + w, t.Y + 0.25*size}
}
