package pdf

// bend is how far the points of a curve that is a quarter of a circle lie from its ends, in
// radii.
const bend = 0.5522847498307936 // 4/3 × (√2 − 1)

func step(k Kind, points ...Point) Step {
	s := Step{Kind: k}
	copy(s.Points[:], points)
	return s
}

// straight is a line through points.
func straight(closed bool, points ...Point) (o Outline) {
	for i, p := range points {
		if i == 0 {
			o = append(o, step(Move, p))
		} else {
			o = append(o, step(Line, p))
		}
	}
	if closed {
		o = append(o, step(Close))
	}
	return o
}

// rounded is an upright rectangle with round corners.
func rounded(x, y, width, height, round float64) Outline {
	r, b := x+width, y+height
	if round <= 0 {
		return straight(true, Point{x, y}, Point{r, y}, Point{r, b}, Point{x, b})
	}
	near := round * (1 - bend) // of a corner
	return Outline{
		step(Move, Point{x + round, y}),
		step(Line, Point{r - round, y}), step(Cube, Point{r - near, y}, Point{r, y + near}, Point{r, y + round}),
		step(Line, Point{r, b - round}), step(Cube, Point{r, b - near}, Point{r - near, b}, Point{r - round, b}),
		step(Line, Point{x + round, b}), step(Cube, Point{x + near, b}, Point{x, b - near}, Point{x, b - round}),
		step(Line, Point{x, y + round}), step(Cube, Point{x, y + near}, Point{x + near, y}, Point{x + round, y}),
		step(Close),
	}
}
