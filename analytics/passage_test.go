package analytics

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestLeastToldOfReleases(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		people map[Passage]int
		want   int
	}{
		{"nothing was released", nil, 0},
		{"releases that only add", map[Passage]int{{1, 0}: 20, {2, 0}: 10, {3, 0}: 35}, 10},
		{"twelve of twenty leave: eight are told on", map[Passage]int{{1, 0}: 8, {1, 3}: 12, {2, 0}: 30}, 8},
		{"all of one release leave", map[Passage]int{{1, 3}: 20, {2, 0}: 15}, 15},
		{"all leave, and nothing else was told", map[Passage]int{{1, 2}: 20}, 20},
		{"four leave alone", map[Passage]int{{1, 0}: 30, {1, 2}: 4}, 4},
		{"four leave while ten come", map[Passage]int{{1, 0}: 30, {1, 2}: 4, {2, 0}: 10}, 14},
		{"some of two releases leave", map[Passage]int{{1, 0}: 14, {1, 3}: 6, {2, 0}: 14, {2, 3}: 6}, 12},
		{"of two releases most leave", map[Passage]int{{1, 0}: 3, {1, 3}: 17, {2, 0}: 4, {2, 3}: 16}, 7},
		{"who comes and leaves at once was never told", map[Passage]int{{1, 0}: 20, {2, 2}: 1}, 20},
		{"nobody is no passage", map[Passage]int{{1, 0}: 20, {2, 0}: 0}, 20},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := LeastTold(tc.people); got != tc.want {
				t.Errorf("%d, want %d", got, tc.want)
			}
		})
	}
}

// TestNoCombinationOfReleasesTellsOnFewer tries all weights of a few, which for some
// combination leave the fewest people: weights need tell no more than which points
// are on the same side.
func TestNoCombinationOfReleasesTellsOnFewer(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		releases := rapid.IntRange(1, 5).Draw(t, "releases")
		people := map[Passage]int{}
		for in := 1; in <= releases; in++ {
			for out := range releases + 1 {
				if out == 0 || out > in {
					people[Passage{in, out}] = max(0, rapid.IntRange(-20, 20).Draw(t, "people"))
				}
			}
		}
		want := 0
		weights := make([]int, releases+1) // 0: still in
		var try func(release int)
		try = func(release int) {
			if release > releases {
				n := 0
				for p, some := range people {
					if weights[p.In] != weights[p.Out] {
						n += some
					}
				}
				if n > 0 && (want == 0 || n < want) {
					want = n
				}
				return
			}
			for w := -1; w <= 1; w++ {
				weights[release] = w
				try(release + 1)
			}
		}
		try(1)
		if got := LeastTold(people); got != want {
			t.Fatalf("%d people, want %d: %v", got, want, people)
		}
	})
}

func BenchmarkLeastTold(b *testing.B) {
	people := map[Passage]int{}
	for day := 1; day <= 365; day++ {
		people[Passage{day, 0}] = 20
		if day%10 == 0 {
			for in := day - 9; in < day; in++ {
				people[Passage{in, day}] = 3
			}
		}
	}
	if got := LeastTold(people); got != 20 {
		b.Fatal(got)
	}
	for b.Loop() {
		LeastTold(people)
	}
}

func TestACutOfAPartLeavesTheOthersAlone(t *testing.T) {
	t.Parallel()
	g := graph{}
	for _, line := range [][3]int{{1, 2, 5}, {2, 3, 5}, {3, 1, 5}, {7, 8, 2}, {8, 9, 2}, {9, 7, 2}} {
		g.add(line[0], line[1], line[2])
	}
	cuts := []int{g.part().cut(), g.part().cut()}
	slices.Sort(cuts)
	if !slices.Equal(cuts, []int{4, 10}) || len(g) != 0 {
		t.Errorf("cuts of %v and %d points left, want 4 and 10", cuts, len(g))
	}
}
