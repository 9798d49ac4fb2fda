package chart

// HoursInput is counts of answers by weekday and hour.
type HoursInput struct {
	Head
	Hours []string // heads of the columns: "08"
	Days  []HoursDay
}

// HoursDay is a row: a weekday with one count an hour.
type HoursDay struct {
	Name   string
	Counts []HoursCount
}

// HoursCount is how many answers came in an hour of a weekday. In a closed one none are
// expected.
type HoursCount struct {
	N      int
	Text   string
	Closed bool
}

// Grid is a table whose cells are shaded by what they count: the numbers stand in it.
type Grid struct {
	Columns []string
	Rows    []GridRow
}

// GridRow is a row of a Grid.
type GridRow struct {
	Name  string
	Cells []GridCell
}

// GridCell is a count. Step is how dark it is, 1 to Steps; 0 without answers. Closed is
// what a cell says of an hour without service, empty where there was some.
type GridCell struct {
	Text   string
	Step   int
	Closed string
}

// Steps is how many shades a Grid has: equal parts of its largest count.
const Steps = 5

// Hours makes the table of counts by weekday and hour. It draws nothing: a table is the
// best picture of itself.
func Hours(in HoursInput) *Chart {
	most := 0
	for _, d := range in.Days {
		for _, c := range d.Counts {
			most = max(most, c.N)
		}
	}
	grid := &Grid{Columns: in.Hours}
	for _, d := range in.Days {
		row := GridRow{Name: d.Name}
		for _, c := range d.Counts {
			cell := GridCell{Text: c.Text}
			if c.N > 0 {
				cell.Step = (c.N*Steps + most - 1) / most
			} else if c.Closed {
				cell.Closed = in.Words.Closed
			}
			row.Cells = append(row.Cells, cell)
		}
		grid.Rows = append(grid.Rows, row)
	}
	return &Chart{Title: in.Title, Desc: in.Desc, Grid: grid}
}
