package export

import (
	"fmt"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"

	"persepsi/survey"
)

// sheetRows is how many rows a sheet holds, its header among them.
const sheetRows = excelize.TotalRows

// xlsxRows writes responses as a workbook: sheets of rows, as many as they need,
// and the codebook. A text is a text in it, so a spreadsheet runs none as a
// formula.
type xlsxRows struct {
	form   *survey.Form
	extent Extent
	out    io.Writer
	file   *excelize.File
	bold   int
	most   int // rows of a sheet
	sheets int
	sheet  *excelize.StreamWriter
	used   int // rows of the sheet
	cells  []any
	times  stamps
	n      int64
}

func newXLSX(w io.Writer, f *survey.Form, extent Extent, tempDir string) (*xlsxRows, error) {
	x := &xlsxRows{form: f, extent: extent, out: w, most: sheetRows, file: excelize.NewFile(excelize.Options{TmpDir: tempDir})}
	var err error
	if x.bold, err = x.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}}); err == nil {
		err = x.nextSheet()
	}
	if err != nil {
		_ = x.file.Close()
		return nil, fmt.Errorf("write XLSX: %w", err)
	}
	return x, nil
}

// nextSheet ends a sheet of rows and begins the next with the header.
func (x *xlsxRows) nextSheet() error {
	if x.sheet != nil {
		if err := x.sheet.Flush(); err != nil {
			return err
		}
	}
	name := "Jawaban"
	if x.sheets++; x.sheets > 1 {
		name += " " + strconv.Itoa(x.sheets)
	}
	var err error
	if x.sheet, err = x.addSheet(name, Columns(x.form, x.extent)); err != nil {
		return err
	}
	x.used = 1
	return nil
}

// addSheet begins a sheet with a header that stays in sight.
func (x *xlsxRows) addSheet(name string, header []string) (*excelize.StreamWriter, error) {
	var err error
	if x.sheets == 1 && x.sheet == nil {
		err = x.file.SetSheetName("Sheet1", name)
	} else {
		_, err = x.file.NewSheet(name)
	}
	if err != nil {
		return nil, err
	}
	sheet, err := x.file.NewStreamWriter(name)
	if err != nil {
		return nil, err
	}
	if err := sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	head := make([]any, len(header))
	for i, h := range header {
		head[i] = excelize.Cell{Value: h, StyleID: x.bold}
	}
	return sheet, sheet.SetRow("A1", head)
}

// Write writes one response.
func (x *xlsxRows) Write(r *survey.Response) error {
	if x.used == x.most {
		if err := x.nextSheet(); err != nil {
			return fmt.Errorf("write XLSX: %w", err)
		}
	}
	x.n++
	x.used++
	x.row(r)
	if err := x.sheet.SetRow("A"+strconv.Itoa(x.used), x.cells); err != nil {
		return fmt.Errorf("write XLSX: %w", err)
	}
	return nil
}

// row makes the cells of one response, in the order of Columns. What was not
// answered, and what paper does not tell, is an empty cell.
func (x *xlsxRows) row(r *survey.Response) {
	x.cells = x.cells[:0]
	text := func(list ...string) {
		for _, s := range list {
			if s == "" {
				x.cells = append(x.cells, nil)
			} else {
				x.cells = append(x.cells, s)
			}
		}
	}
	if x.extent == Full {
		text(r.ID.String(), r.Receipt())
	} else {
		x.cells = append(x.cells, x.n)
	}
	text(r.Period, r.Unit, r.Service, r.Point, r.Form, r.Mode.String(), r.Lang, x.times.day(r.Day))
	if x.extent == Full {
		if r.Mode != survey.ModePaper {
			x.cells = append(x.cells, int(r.Hour))
		} else {
			x.cells = append(x.cells, nil)
		}
		text(string(x.times.append(nil, r.StartedAt)), string(x.times.append(nil, r.ReceivedAt)))
	}
	for q := range x.form.Questions {
		switch v := r.Answers.At(q); {
		case v > 0:
			x.cells = append(x.cells, v)
		case r.Answers.Declined(q):
			x.cells = append(x.cells, Declined)
		default:
			x.cells = append(x.cells, nil)
		}
	}
	for i := range x.form.Fields {
		text(category(x.form, r, i))
	}
	text(r.Comment)
}

// Close adds the codebook and writes the workbook.
func (x *xlsxRows) Close() (int64, error) {
	defer x.file.Close()
	err := x.sheet.Flush()
	if err == nil {
		err = x.codebook()
	}
	if err == nil {
		err = x.file.Write(x.out)
	}
	if err != nil {
		return x.n, fmt.Errorf("write XLSX: %w", err)
	}
	return x.n, nil
}

func (x *xlsxRows) codebook() error {
	rows, err := codebookRows(x.form, x.extent)
	if err != nil {
		return err
	}
	sheet, err := x.addSheet("Kode", rows[0])
	if err != nil {
		return err
	}
	for i, row := range rows[1:] {
		cells := make([]any, len(row))
		for k, s := range row {
			cells[k] = s
		}
		if err := sheet.SetRow("A"+strconv.Itoa(i+2), cells); err != nil {
			return err
		}
	}
	return sheet.Flush()
}
