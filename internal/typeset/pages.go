package typeset

// piece is never cut by the end of a page: a line of a text, a row of a table, a chart.
type piece struct {
	above, height float64 // millimetres; above is dropped at the top of a page
	tied          bool    // stands on the page of the piece after it
	wide          bool    // needs a page on its side
	apart         bool    // begins a page
	again         *piece  // stands above it where it begins a page: the heads of its table
	mark          *heading
	paint         func(x, y float64)
}

// placedPiece is a piece and how far below the top of the frame it stands.
type placedPiece struct {
	piece
	y float64
}

// page is pieces on one sheet.
type page struct {
	wide   bool
	placed []placedPiece
}

// pager puts pieces on pages.
type pager struct {
	pages []page
	used  float64 // of the newest page
	first int     // number of the first page, from 1
}

// place puts pieces that are tied to each other on one page, if one page can hold them.
func (p *pager) place(all []piece) {
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n-1].tied {
			n++
		}
		chain := all[:n]
		all = all[n:]
		wide := chain[n-1].wide
		if p.fresh(wide) || chain[0].apart && p.used > 0 || !p.holds(chain) {
			p.next(wide)
		}
		for i := range chain {
			if !p.holds(chain[i : i+1]) {
				p.next(wide)
			}
			p.put(chain[i])
		}
	}
}

// fresh tells whether a page of the other way round must begin.
func (p *pager) fresh(wide bool) bool {
	return len(p.pages) == 0 || p.pages[len(p.pages)-1].wide != wide
}

// next begins a page, unless the newest is empty and the right one.
func (p *pager) next(wide bool) {
	if !p.fresh(wide) && p.used == 0 {
		return
	}
	p.pages, p.used = append(p.pages, page{wide: wide}), 0
}

// holds tells whether the newest page has room for pieces.
func (p *pager) holds(chain []piece) bool {
	used := p.used
	for _, c := range chain {
		switch {
		case used > 0:
			used += c.above
		case c.again != nil:
			used += c.again.height
		}
		used += c.height
	}
	const hair = 1e-6
	return used <= frameOf(p.pages[len(p.pages)-1].wide).height+hair
}

func (p *pager) put(c piece) {
	now := &p.pages[len(p.pages)-1]
	switch {
	case p.used > 0:
		p.used += c.above
	case c.again != nil:
		now.placed = append(now.placed, placedPiece{*c.again, 0})
		p.used = c.again.height
	}
	if c.mark != nil {
		c.mark.page = p.first + len(p.pages) - 1
	}
	now.placed = append(now.placed, placedPiece{c, p.used})
	p.used += c.height
}

// pages sets all but the cover: the contents, whose numbers are known when they are
// painted, then the sections.
func (s *setter) pages() []page {
	var sections []piece
	for i := range s.doc.Sections {
		sections = append(sections, s.section(i)...)
	}
	p := &pager{first: 1}
	if s.doc.Cover != nil {
		p.first = 2
	}
	if contents := s.contents(); len(contents) > 0 {
		p.place(contents)
		if len(sections) > 0 {
			sections[0].apart = true
		}
	}
	p.place(sections)
	return p.pages
}
