package lke

import "persepsi/analytics"

// The columns of a unit's sheet in the LKE workbook, the first being 0. Seven narrow ones
// tell the level of a row, the last of them what it is called.
const (
	ColumnMark     = 0
	ColumnName     = 6
	ColumnWeight   = 7
	ColumnCriteria = 8
	ColumnChoices  = 9
	ColumnAnswer   = 10 // of the unit
	ColumnPoints   = 11
	ColumnShare    = 12
	ColumnNote     = 13
	ColumnEvidence = 14
	ColumnTPI      = 15 // answer, points and note of TPI
	ColumnTPN      = 18 // likewise of TPN
	ColumnKey      = 21 // hidden: what the row is
	ColumnWritten  = 22 // hidden: what was written into ColumnAnswer
	// Hidden likewise: what was written into ColumnNote, and into the answer and note of TPI
	// and of TPN.
	ColumnNoteWritten = 23
	ColumnTPIWritten  = 24
	ColumnTPNWritten  = 26
	ColumnLast        = 27
)

// What the hidden cells in ColumnKey and ColumnWritten say of a sheet, by row, from 1.
const (
	SheetRowMark    = 1 // SheetMark, and the version of the workbook's shape
	SheetRowPeriod  = 2 // the period's code
	SheetRowUnit    = 3 // the unit's key
	SheetRowVersion = 4 // of the unit's entry that the workbook was made of
	SheetRowHeads   = 6
	SheetRowFirst   = 7 // of SheetKeys
)

// SheetMark is what a sheet of a unit begins with, SheetShape the version of its shape.
const (
	SheetMark  = "persepsi-lke"
	SheetShape = 2
)

// SheetShapes are the versions that are read back. The first had notes and columns of teams
// that were written empty, so that all that stands in them was entered.
func SheetShapes() []string { return []string{"1", "2"} }

// The rows beside those that an entry has a field for.
const (
	RowResult  = "hasil"
	RowClean   = "I"
	RowIPAK    = "I.a"
	RowLevel   = "I.b"
	RowService = "II"
	RowIPKP    = "II.a"
	RowTotal   = "total"
)

// SheetKeys are the rows of a unit's sheet, from SheetRowFirst on, as ColumnKey has them.
func SheetKeys(t *analytics.LKETable) []string {
	out := []string{Total}
	for _, a := range t.Areas {
		out = append(out, AreaPrefix+a.Code)
	}
	return append(out, RowResult, RowClean, RowIPAK, RowLevel, RowService, RowIPKP, RowTotal)
}

// SheetWeights are the points that a row has at most, by its key.
func SheetWeights(t *analytics.LKETable) map[string]float64 {
	clean, all := t.IAMax.Add(t.IBMax), t.IAMax.Add(t.IBMax).Add(t.IIMax)
	out := map[string]float64{
		RowIPAK: t.IAMax.Float64(), RowLevel: t.IBMax.Float64(), RowClean: clean.Float64(), RowService: t.IIMax.Float64(), RowIPKP: t.IIMax.Float64(), RowResult: all.Float64(),
	}
	areas := analytics.NewRatio(0, 1)
	for _, a := range t.Areas {
		out[AreaPrefix+a.Code] = a.Max.Float64()
		areas = areas.Add(a.Max)
	}
	out[Total], out[RowTotal] = areas.Float64(), areas.Add(all).Float64()
	return out
}

// Field returns the field of an entry that is read back from a row, empty where the row has
// none: it is computed, or the survey's.
func Field(key string) string {
	switch {
	case key == RowLevel:
		return Achievement
	case key == Total, len(key) > len(AreaPrefix) && key[:len(AreaPrefix)] == AreaPrefix:
		return key
	}
	return ""
}
