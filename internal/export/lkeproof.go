package export

import (
	"net/url"
	"slices"
	"strconv"

	"persepsi/internal/evidence"
	"persepsi/internal/lke"
	"persepsi/internal/permalink"
	"persepsi/internal/report"
)

// proof is an entry of a unit's evidence as its sheet shows it.
type proof struct {
	*evidence.Entry
	key  string // of the row of the sheet
	link string // where it leads; empty: nowhere
}

// proofs returns the evidence of a unit that holds, in the order of the sheet's rows.
func (b *lkeBook) proofs(u *report.UnitResult) []proof {
	var out []proof
	list := b.Evidence[b.Key(u.Unit)]
	for _, key := range b.keys {
		for i := range list {
			if e := &list[i]; e.Holds() && proofRow(e.Row) == key {
				out = append(out, proof{e, key, b.address(u, e)})
			}
		}
	}
	return out
}

// proofRow returns the row of the sheet that evidence of a row belongs to: that results were
// published and followed up counts in the area of public service.
func proofRow(row string) string {
	if row == evidence.Publication || row == evidence.FollowUp {
		return lke.AreaPrefix + "pelayanan_publik"
	}
	return row
}

// address returns where an entry leads: its link, or its place on the unit's page, where the
// file is. A link that no browser should follow leads nowhere.
func (b *lkeBook) address(u *report.UnitResult, e *evidence.Entry) string {
	if e.File == nil {
		to, err := url.Parse(e.Link)
		if err != nil || to.Scheme != "http" && to.Scheme != "https" || to.Host == "" {
			return ""
		}
		return e.Link
	}
	if b.Base == "" {
		return ""
	}
	return b.Base + permalink.Evidence(u.Unit) + "?period=" + url.QueryEscape(b.results.Period) + "#eviden-" + strconv.Itoa(e.N)
}

// shown is what the cell of a row says of its evidence.
func (b *lkeBook) shown(proofs []proof, key string) string {
	switch of := proofsOf(proofs, key); len(of) {
	case 0:
		return ""
	case 1:
		return of[0].Title
	default:
		return b.say("lkebook.proofs.many", "N", len(of))
	}
}

func proofsOf(proofs []proof, key string) []proof {
	return slices.DeleteFunc(slices.Clone(proofs), func(p proof) bool { return p.key != key })
}

// The columns of the list of evidence. Addresses run on over the empty cells at their right.
const (
	proofRowName = lke.ColumnCriteria
	proofKind    = lke.ColumnChoices
	proofDay     = lke.ColumnAnswer
	proofAddress = lke.ColumnPoints
)

// list writes a unit's evidence beneath its sheet, and links the cells that show it: of a row
// with one entry to where that leads, of one with several to the list.
func (b *lkeBook) list(s *sheet, proofs []proof) error {
	if len(proofs) == 0 {
		return nil
	}
	s.skip(1)
	heads := make([]value, lke.ColumnNote)
	for i := range heads {
		heads[i].look = look{head: true}
	}
	heads[lke.ColumnName].content, heads[proofRowName].content, heads[proofKind].content = b.say("lkebook.proofs"), b.say("lkebook.proofs.row"), b.say("lkebook.proofs.kind")
	heads[proofDay].content, heads[proofAddress].content = b.say("lkebook.proofs.day"), b.say("lkebook.proofs.address")
	if err := s.write(30, heads...); err != nil {
		return err
	}
	first := map[string]int{}
	for i := range proofs {
		p := &proofs[i]
		if err := s.write(0, b.proof(p)...); err != nil {
			return err
		}
		if _, ok := first[p.key]; !ok {
			first[p.key] = s.row
		}
		if p.link != "" {
			if err := b.file.SetCellHyperLink(s.name, at(proofAddress, s.row), p.link, "External"); err != nil {
				return err
			}
		}
	}
	for _, key := range b.keys {
		cell, of := at(lke.ColumnEvidence, b.rows[key]), proofsOf(proofs, key)
		var err error
		switch {
		case len(of) == 1 && of[0].link != "":
			err = b.file.SetCellHyperLink(s.name, cell, of[0].link, "External")
		case len(of) > 0:
			err = b.file.SetCellHyperLink(s.name, cell, s.on(lke.ColumnName, first[key]), "Location")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// proof is an entry's line of the list.
func (b *lkeBook) proof(p *proof) []value {
	title, day := p.Title, any(nil)
	if p.Shown != nil {
		title = b.say("lkebook.proofs.shown", "Title", title, "Way", b.say("proof.way."+p.Shown.Way), "Where", p.Shown.Where)
		day = p.Shown.Day.Time()
	}
	kind, address := b.say("lkebook.proofs.link"), p.Link
	if p.File != nil {
		kind, address = b.say("lkebook.proofs.file"), p.link
		if address == "" {
			address = b.say("lkebook.proofs.there", "Name", p.File.Name)
		}
	}
	cells := make([]value, proofAddress+1)
	for i := range cells[:proofAddress] {
		cells[i].look = look{line: true, wrap: true}
	}
	cells[lke.ColumnName].content, cells[proofRowName].content, cells[proofKind].content = title, b.say("lke.row."+p.Row), kind
	cells[proofDay] = value{content: day, look: look{line: true, center: true, format: "dd/mm/yyyy"}}
	cells[proofAddress] = value{content: address, look: look{link: p.link != ""}}
	return cells
}
