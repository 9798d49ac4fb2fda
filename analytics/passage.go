package analytics

import (
	"maps"
	"slices"
)

// Passage is people who came into the totals that a unit's releases tell with one
// release, and left them with a later one.
type Passage struct{ In, Out int } // releases, from 1 on; Out 0: they are still in

// LeastTold returns the least number of people who stand behind anything that can be
// got by adding and subtracting the totals of a unit's releases, with any weights; 0
// where nothing can be got. people counts those of each passage.
//
// What a release changes is the sum over who came minus the sum over who left, and
// every combination of totals is one of these changes. Give each change a weight y:
// a person who came with the release i and left with k counts y(i) − y(k) times, one
// who is still in y(i) times. So a person drops out of the sum where both have the
// same weight. Take the releases as points of a graph, with one point more, of weight
// 0, for "still in", and the people as lines between them: those who are left in the
// sum are the lines between points of different weight, so the fewest that are left
// are a least cut of a connected part of the graph. Without anybody who left, that is
// the least number of people whom a release added.
func LeastTold(people map[Passage]int) int {
	g := graph{}
	for p, n := range people {
		if n > 0 && p.In != p.Out {
			g.add(p.In, p.Out, n)
		}
	}
	least := g.peel()
	for len(g) > 0 {
		least = lesser(least, g.part().cut())
	}
	return least
}

// lesser returns the lesser of two numbers of people, of which 0 is none.
func lesser(a, b int) int {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// graph tells how many people are between two points.
type graph map[int]map[int]int

func (g graph) add(a, b, n int) {
	for _, end := range [][2]int{{a, b}, {b, a}} {
		if g[end[0]] == nil {
			g[end[0]] = map[int]int{}
		}
		g[end[0]][end[1]] += n
	}
}

func (g graph) remove(a int) {
	for b := range g[a] {
		delete(g[b], a)
	}
	delete(g, a)
}

// peel removes points at the end of one line, one after the other, and returns the
// least of these lines: a cut through the rest has all of an end on one side.
func (g graph) peel() int {
	least := 0
	ends := slices.Collect(maps.Keys(g))
	for len(ends) > 0 {
		end := ends[len(ends)-1]
		ends = ends[:len(ends)-1]
		if len(g[end]) != 1 {
			continue
		}
		for other, n := range g[end] {
			least = lesser(least, n)
			ends = append(ends, other)
		}
		g.remove(end)
	}
	maps.DeleteFunc(g, func(_ int, lines map[int]int) bool { return len(lines) == 0 })
	return least
}

// part takes a connected part out of the graph.
func (g graph) part() graph {
	out := graph{}
	var open []int
	for first := range g {
		open = append(open, first)
		break
	}
	for len(open) > 0 {
		point := open[len(open)-1]
		open = open[:len(open)-1]
		if out[point] != nil {
			continue
		}
		out[point] = g[point]
		open = slices.AppendSeq(open, maps.Keys(g[point]))
	}
	for point := range out {
		delete(g, point)
	}
	return out
}

// cut returns the least cut of a connected part, which it takes apart; 0 of a single
// point. It is the algorithm of Stoer and Wagner (A simple min-cut algorithm, Journal
// of the ACM 44, 1997).
func (g graph) cut() int {
	least := 0
	for len(g) > 1 {
		weights := map[int]int{}
		for point := range g {
			weights[point] = 0
		}
		last, before, n := 0, 0, 0
		for len(weights) > 0 {
			next, most := 0, -1
			for point, weight := range weights {
				if weight > most || weight == most && point < next {
					next, most = point, weight
				}
			}
			delete(weights, next)
			for other, people := range g[next] {
				if _, open := weights[other]; open {
					weights[other] += people
				}
			}
			before, last, n = last, next, most
		}
		least = lesser(least, n)
		for other, people := range g[last] {
			if other != before {
				g.add(before, other, people)
			}
		}
		g.remove(last)
	}
	return least
}
