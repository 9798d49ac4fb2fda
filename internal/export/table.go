package export

import (
	"encoding/csv"
	"fmt"
	"io"
)

// Table writes rows of texts, numbers and nothing as CSV, as results are: in UTF-8 with a
// byte order mark, numbers unrounded, and no text that a spreadsheet would run.
func Table(w io.Writer, rows [][]any) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	out := csv.NewWriter(w)
	for _, row := range rows {
		line := make([]string, len(row))
		for i, c := range row {
			line[i] = text(c)
		}
		if err := out.Write(line); err != nil {
			return fmt.Errorf("write table: %w", err)
		}
	}
	if out.Flush(); out.Error() != nil {
		return fmt.Errorf("write table: %w", out.Error())
	}
	return nil
}
