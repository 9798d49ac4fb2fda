package export

import (
	_ "embed" // what the columns mean is data
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"go.yaml.in/yaml/v3"

	"persepsi/survey"
)

//go:embed columns.yaml
var columnData []byte

// Codebook writes what the columns and values of an export mean, as CSV.
func Codebook(w io.Writer, f *survey.Form, extent Extent) error {
	rows, err := codebookRows(f, extent)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write codebook: %w", err)
	}
	if err := csv.NewWriter(w).WriteAll(rows); err != nil {
		return fmt.Errorf("write codebook: %w", err)
	}
	return nil
}

// codebookRows returns a header and a row for each column that is no answer and
// each value of those that are.
func codebookRows(f *survey.Form, extent Extent) ([][]string, error) {
	var meanings map[string]survey.Text
	if err := yaml.Unmarshal(columnData, &meanings); err != nil {
		return nil, fmt.Errorf("read the meanings of the columns: %w", err)
	}
	rows := [][]string{{"column", "kind", "text_id", "text_en", "value", "label_id", "label_en"}}
	column := func(code string) {
		rows = append(rows, []string{code, "column", meanings[code].In("id"), meanings[code].In("en"), "", "", ""})
	}
	for _, code := range fixedColumns(extent) {
		column(code)
	}
	for _, q := range f.Questions {
		kind := "question"
		if !q.Scored {
			kind = "signal"
		}
		for _, o := range q.Options {
			rows = append(rows, []string{q.Code, kind, q.Text.In("id"), q.Text.In("en"), strconv.Itoa(o.Value), o.Label.In("id"), o.Label.In("en")})
		}
		if q.Declinable {
			rows = append(rows, []string{q.Code, kind, q.Text.In("id"), q.Text.In("en"), Declined, meanings["declined"].In("id"), meanings["declined"].In("en")})
		}
	}
	for _, field := range f.Fields {
		for _, o := range field.Categories {
			rows = append(rows, []string{field.Code, "respondent", field.Text.In("id"), field.Text.In("en"), o.Code, o.Label.In("id"), o.Label.In("en")})
		}
	}
	column("comment")
	return rows, nil
}
