package view

import "persepsi/internal/desk"

// Attention is what a page of the desk says first: what somebody has to look at.
type Attention struct {
	// Urgent are the items that are listed, More how many are not. What more than a few
	// units have in common is one item.
	Urgent []desk.Item
	More   int
	// AllItems lists all of them, and all units of each.
	AllItems bool
	// In is the period that the page's units are shown in; nil: they are in several.
	In *desk.Period
}

// NewAttention makes the list of a page from items in the order of urgency, of which at most
// some are listed where not all are asked for.
func NewAttention(items []desk.Item, all bool, most int) Attention {
	out := Attention{AllItems: all}
	for _, i := range items {
		if urgent(i) {
			out.Urgent = append(out.Urgent, i)
		}
	}
	out.Urgent = desk.Gather(out.Urgent)
	if n := len(out.Urgent); !all && n > most {
		out.Urgent, out.More = out.Urgent[:most:most], n-most
	}
	return out
}

// urgent reports whether somebody has to look at an item; else it is told after them.
func urgent(i desk.Item) bool { return i.Kind <= desk.PopulationMissing }

// Total returns how many things there are to look at.
func (a *Attention) Total() int { return len(a.Urgent) + a.More }

// mostSpelled is up to which number the messages have a word.
const mostSpelled = 10

// Spelled reports whether Total is told by a word.
func (a *Attention) Spelled() bool { return a.Total() <= mostSpelled }

// Apart reports whether a period is another one than that which the units are shown in: what
// is told of it has to name it.
func (a *Attention) Apart(p *desk.Period) bool { return a.In == nil || a.In.Code != p.Code }

// mostUnits is how many of the units that have something in common are named at once.
const mostUnits = 3

// Named returns the units of an item that the page lists by name.
func (a *Attention) Named(i desk.Item) []desk.Item {
	if a.AllItems || len(i.Alike) <= mostUnits {
		return i.Alike
	}
	return i.Alike[:mostUnits]
}

// Unnamed returns how many others there are.
func (a *Attention) Unnamed(i desk.Item) int { return len(i.Alike) - len(a.Named(i)) }
