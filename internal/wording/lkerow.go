package wording

import (
	"slices"
	"strings"

	"persepsi/analytics"
	"persepsi/internal/report"
)

// LKERow is one unit's row.
type LKERow struct {
	*report.UnitResult
	IPAK, IPKP *analytics.Index
	Lacks      []string
}

// The rows of the pengungkit: the total, and what stands before an area's.
const (
	leverage     = "pengungkit"
	leverageArea = leverage + "."
)

// Lacking returns the rows that the sheet still needs, each said once: where all
// areas of the pengungkit lack their points, they are one ("areas" where only
// the total is known); where some do, the total says nothing more.
func (r LKERow) Lacking() []string {
	known := 0
	for _, t := range r.LKE.WBK.Tests {
		if strings.HasPrefix(t.Row, leverageArea) && !t.Missing {
			known++
		}
	}
	var out []string
	for _, row := range r.Lacks {
		area := strings.HasPrefix(row, leverageArea)
		switch {
		case known > 0 && row == leverage:
			continue
		case known == 0 && area && slices.Contains(r.Lacks, leverage):
			continue
		case known == 0 && area:
			row = "areas"
		}
		if !slices.Contains(out, row) {
			out = append(out, row)
		}
	}
	return out
}
