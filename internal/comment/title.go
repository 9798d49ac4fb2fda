package comment

import "slices"

// honours reports whether a word is an H. or KH. before a name, which is written with a
// capital: alone the letters are too many other things.
func (x *nameSearch) honours(i int) bool {
	low := x.list[i].low
	return (low == "h" || low == "kh") && !x.styled && x.list[i].capital() && i+1 < len(x.list) && x.follows(i+1) && x.list[i+1].capital() &&
		x.list[i+1].lettered() && !x.everyday(x.list[i+1].low) && !x.acronym(&x.list[i+1])
}

// announces reports whether a title is one here: `si` and `mama` also are other words.
func (x *nameSearch) announces(i int) bool {
	return x.list[i].low != "ko" && x.list[i].low != "ci" && x.list[i].low != "aa" || x.list[i].capital() && !x.styled
}

// medical are roles that people call by name: suster Ida, dokter Hendrawan.
func (*nameSearch) medical(low string) bool {
	return slices.Contains([]string{"dokter", "perawat", "bidan", "suster", "mantri", "pendeta", "imam"}, low)
}

// placed reports whether a role is part of a place's or an office's name: `dinas`.
func (x *nameSearch) placed(i int) bool { return x.list[i].low == "dinas" || x.list[i].low == "imam" }
