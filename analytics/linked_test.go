package analytics

import (
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// leaks returns a group of 1 to LeastCell−1 people that a combination of numbers
// holds and no others, by trying every group: it is one if without it the numbers
// are less independent. A number is a list of its people. Those whom the same numbers hold
// are told of together or not at all: while one of them is left, nothing is lost. So
// groups are made of all who are alike.
func leaks(people int, numbers [][]int) []int {
	const small = 1_000_003 // another prime than the one that is tested
	held := make([]string, people)
	for n, number := range numbers {
		for _, p := range number {
			held[p] += fmt.Sprint(n, " ")
		}
	}
	alike := map[string][]int{}
	for p, by := range held {
		alike[by] = append(alike[by], p)
	}
	kinds := slices.Sorted(maps.Keys(alike))
	rank := func(without []string) int {
		var rows [][]int64
		for n := range numbers {
			row := make([]int64, len(kinds))
			for k, by := range kinds {
				if slices.Contains(numbers[n], alike[by][0]) && !slices.Contains(without, by) {
					row[k] = 1
				}
			}
			rows = append(rows, row)
		}
		done := 0
		for column := 0; column < len(kinds) && done < len(rows); column++ {
			at := slices.IndexFunc(rows[done:], func(row []int64) bool { return row[column] != 0 })
			if at < 0 {
				continue
			}
			rows[done], rows[done+at] = rows[done+at], rows[done]
			pivot := rows[done]
			inv := int64(1)
			for e, x := small-2, pivot[column]; e > 0; e, x = e>>1, x*x%small {
				if e&1 == 1 {
					inv = inv * x % small
				}
			}
			for _, row := range rows[done+1:] {
				if times := row[column] * inv % small; times != 0 {
					for i := range row {
						row[i] = (row[i] + (small-times)*pivot[i]) % small
					}
				}
			}
			done++
		}
		return done
	}
	all := rank(nil)
	var try func(from int, without []string, group []int) []int
	try = func(from int, without []string, group []int) []int {
		if len(group) > 0 && rank(without) < all {
			return group
		}
		for k := from; k < len(kinds); k++ {
			if more := alike[kinds[k]]; len(group)+len(more) < LeastCell {
				if found := try(k+1, slices.Concat(without, kinds[k:k+1]), slices.Concat(group, more)); found != nil {
					return found
				}
			}
		}
		return nil
	}
	return try(0, nil, nil)
}

// shownOf lists the numbers of a crowd that are not hidden.
func shownOf(c *Crowd, sizes []int, hidden [][]bool) (numbers [][]int) {
	list := func(cells []int, hide func(int) bool) {
		byCell := map[int][]int{}
		for p, cell := range cells {
			if cell >= 0 && !hide(cell) {
				byCell[cell] = append(byCell[cell], p)
			}
		}
		for _, people := range byCell {
			numbers = append(numbers, people)
		}
	}
	list(c.Known, func(int) bool { return false })
	for t := range sizes {
		list(c.Cells[t], func(cell int) bool { return hidden[t][cell] })
	}
	return numbers
}

func TestNoCombinationOfTheCellsShownTellsOnFew(t *testing.T) {
	t.Parallel()
	shown := 0
	rapid.Check(t, func(t *rapid.T) {
		people := rapid.IntRange(5, 22).Draw(t, "people")
		tables := rapid.IntRange(1, 3).Draw(t, "tables")
		c := Crowd{Known: make([]int, people)}
		for p := range people { // each step adds ten or more
			c.Known[p] = min(p/10, max(people/10, 1)-1)
		}
		var sizes []int
		for range tables {
			size := rapid.IntRange(1, 3).Draw(t, "cells")
			sizes = append(sizes, size)
			c.Cells = append(c.Cells, rapid.SliceOfN(rapid.IntRange(-1, size-1), people, people).Draw(t, "cell"))
		}
		crowds := []Crowd{c}
		if rapid.Bool().Draw(t, "another crowd") { // who answered another question
			other := Crowd{}
			for p := range people {
				if rapid.IntRange(0, 9).Draw(t, "answers") > 0 {
					other.Known = append(other.Known, c.Known[p])
				}
			}
			if enough := len(other.Known) >= 10; enough {
				for table := range tables {
					other.Cells = append(other.Cells, c.Cells[table][:len(other.Known)])
				}
				for p := range other.Known {
					other.Known[p] = 0
				}
				crowds = append(crowds, other)
			}
		}
		hidden := SuppressLinked(crowds, sizes)
		for i := range crowds {
			numbers := shownOf(&crowds[i], sizes, hidden)
			shown += len(numbers)
			if group := leaks(len(crowds[i].Known), numbers); group != nil {
				t.Fatalf("crowd %d: %d people can be told of: %v\nshown are %v", i, len(group), group, numbers)
			}
		}
	})
	if shown == 0 {
		t.Error("nothing is ever shown")
	}
}

// parts returns n people, so many of them in each cell.
func parts(counts ...int) (out []int) {
	for cell, n := range counts {
		for range n {
			out = append(out, cell)
		}
	}
	return out
}

// turns returns n people, the cells taken in turn.
func turns(n, cells int) []int {
	out := make([]int, n)
	for p := range out {
		out[p] = p % cells
	}
	return out
}

func TestWhatIsHiddenOfLinkedTables(t *testing.T) {
	t.Parallel()
	zero := func(n int) []int { return make([]int, n) }
	for _, tc := range []struct {
		name   string
		crowds []Crowd
		sizes  []int
		want   string
	}{
		{"nobody", []Crowd{{Known: nil, Cells: [][]int{nil}}}, []int{2}, "[[false false]]"},
		{"large cells are shown", []Crowd{{Known: zero(60), Cells: [][]int{turns(60, 3), parts(20, 40)}}}, []int{3, 2}, "[[false false false] [false false]]"},
		{"five in a cell are enough", []Crowd{{Known: zero(35), Cells: [][]int{parts(5, 30)}}}, []int{2}, "[[false false]]"},
		{"four are not, and their cell could be subtracted from the whole", []Crowd{{Known: zero(34), Cells: [][]int{parts(4, 20, 10)}}}, []int{3}, "[[true false true]]"},
		{"what is left of the whole holds few", []Crowd{{Known: zero(64), Cells: [][]int{parts(4, 30, 30), append(zero(60), parts(0, 4)...)}}}, []int{3, 2}, "[[true true false] [true true]]"},
		{"two tables that differ by one person", []Crowd{{Known: zero(41), Cells: [][]int{parts(20, 21), parts(21, 20)}}}, []int{2, 2}, "[[false false] [true true]]"},
		{"a table that differs from the steps by two people", []Crowd{{Known: parts(20, 20), Cells: [][]int{parts(18, 22)}}}, []int{2}, "[[true true]]"},
		{"a table that differs from them by five", []Crowd{{Known: parts(20, 20), Cells: [][]int{parts(15, 25)}}}, []int{2}, "[[false false]]"},
		{"the same cells as the steps tell nothing new", []Crowd{{Known: parts(20, 20), Cells: [][]int{parts(20, 20)}}}, []int{2}, "[[false false]]"},
		{
			"a difference among those alone who answered a question",
			[]Crowd{{Known: zero(60), Cells: [][]int{parts(30, 30), turns(60, 2)}}, {Known: zero(33), Cells: [][]int{parts(3, 30), turns(33, 2)}}},
			[]int{2, 2},
			"[[true true] [false false]]",
		},
		{"as many people as the stride that they are looked through with", []Crowd{{Known: zero(7919), Cells: [][]int{parts(3919, 4000)}}}, []int{2}, "[[false false]]"},
		{"a cell that nobody is in", []Crowd{{Known: zero(20), Cells: [][]int{parts(10, 0, 10)}}}, []int{3}, "[[false false false]]"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := fmt.Sprint(SuppressLinked(tc.crowds, tc.sizes)); got != tc.want {
				t.Errorf("hidden are %s, want %s", got, tc.want)
			}
		})
	}
}

// office returns what a busy unit's tables would be made of.
func office(people, steps int) (Crowd, []int) {
	r := rand.New(rand.NewPCG(1, 2))
	sizes := []int{6, 4, 4, 3, 8, 9, 9, 3, 45}
	c := Crowd{Known: make([]int, people), Cells: make([][]int, len(sizes))}
	for p := range people {
		c.Known[p] = p * steps / people
	}
	for t, size := range sizes {
		c.Cells[t] = make([]int, people)
		for p := range people {
			c.Cells[t][p] = min(r.IntN(size), r.IntN(size))
		}
	}
	return c, sizes
}

func TestATablesOfABusyOfficeAreShown(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ people, steps, least int }{{120, 5, 25}, {300, 20, 34}, {1000, 20, 70}} {
		c, sizes := office(tc.people, tc.steps)
		shown, all := 0, 0
		for _, table := range SuppressLinked([]Crowd{c}, sizes) {
			for _, hide := range table {
				all++
				if !hide {
					shown++
				}
			}
		}
		t.Logf("%d people in %d steps: %d of %d cells are shown", tc.people, tc.steps, shown, all)
		if shown < tc.least {
			t.Errorf("%d people in %d steps: %d of %d cells are shown, want %d", tc.people, tc.steps, shown, all, tc.least)
		}
	}
}

// linkedWorld returns crowds of one unit: tables that are alike or not, people who are in no
// cell or of no core, and those alone who answered another question.
func linkedWorld(seed uint64) (crowds []Crowd, sizes []int) {
	r := rand.New(rand.NewPCG(seed, 7))
	people, steps := 20+r.IntN(120), 1+r.IntN(6)
	all := Crowd{Known: make([]int, people)}
	for p := range people {
		all.Known[p] = p * steps / people
	}
	for table := range 2 + r.IntN(5) {
		size, kind := 1+r.IntN(12), r.IntN(4)
		cells := make([]int, people)
		for p := range cells {
			cells[p] = min(r.IntN(size), r.IntN(size))
			if kind == 0 && r.IntN(6) == 0 {
				cells[p] = -1
			}
			if kind == 1 && table > 0 && r.IntN(3) > 0 { // as in the table before
				cells[p] = min(all.Cells[table-1][p], size-1)
			}
		}
		all.Cells, sizes = append(all.Cells, cells), append(sizes, size)
	}
	for left := range 1 + r.IntN(3) {
		c := Crowd{Cells: make([][]int, len(sizes))}
		for p := range people {
			if left > 0 && r.IntN(10*left) == 0 {
				continue
			}
			c.Known = append(c.Known, all.Known[p])
			for table := range sizes {
				c.Cells[table] = append(c.Cells[table], all.Cells[table][p])
			}
		}
		if r.IntN(3) == 0 {
			c.Core = len(c.Known) * 8 / 10
		}
		crowds = append(crowds, c)
	}
	return crowds, sizes
}

// A faster way must hide the same: what a release showed once is shown for good.
func TestWhatIsHiddenChangesWithTheVersionOfTablesAlone(t *testing.T) {
	t.Parallel()
	const want uint64 = 0x7fefb84123fe0f1
	h, hidden, all := fnv.New64a(), 0, 0
	for seed := range uint64(400) {
		for _, table := range SuppressLinked(linkedWorld(seed)) {
			fmt.Fprintln(h, table)
			for _, hide := range table {
				if all++; hide {
					hidden++
				}
			}
		}
	}
	if got := h.Sum64(); got != want || tablesVersion != 1 {
		t.Errorf("%d of %d cells are hidden, in all %#x, want %#x: such a change raises tablesVersion", hidden, all, got, want)
	}
}

func BenchmarkSuppressLinked(b *testing.B) {
	for _, people := range []int{300, 16000} {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			c, sizes := office(people, min(people/12, 130))
			for b.Loop() {
				SuppressLinked([]Crowd{c}, sizes)
			}
		})
	}
}
