package analytics

// Stratified is the index of a group as its citizens have it: each unit weighs by the
// people that it served, where the pooled index weighs by answers.
type Stratified struct {
	Value      float64    `json:"value"` // on the index's own scale, as Index.Value
	Mean       float64    `json:"mean"`  // on 0..4
	Shown      string     `json:"shown"`
	Mutu       string     `json:"mutu"`
	CI95       [2]float64 `json:"ci95"` // on Value's scale
	Units      int        `json:"units"`
	LeftOut    int        `json:"left_out"`   // units without a figure, or whose population is unknown or can't be right
	Population int64      `json:"population"` // people served by Units

	Exact Ratio `json:"-"` // Value
}
