package sqlite

import (
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"persepsi/survey"
)

// fillPictures reads the pictures that a catalogue names.
func fillPictures(c *sqlite.Conn, cat *survey.Catalogue) error {
	files := cat.Pictures()
	for sum := range files {
		err := sqlitex.Execute(c, `SELECT data FROM pictures WHERE sum = ?`, &sqlitex.ExecOptions{Args: []any{sum}, ResultFunc: func(s *sqlite.Stmt) error {
			files[sum] = make([]byte, s.ColumnLen(0))
			s.ColumnBytes(0, files[sum])
			return nil
		}})
		if err != nil {
			return fmt.Errorf("read a picture: %w", err)
		}
	}
	cat.Fill(files)
	return nil
}

// putPictures stores the pictures of a catalogue that are not there, or not as they should be.
func putPictures(c *sqlite.Conn, cat *survey.Catalogue) error {
	for sum, data := range cat.Pictures() {
		if len(data) == 0 {
			continue // lost
		}
		err := sqlitex.Execute(c, `INSERT INTO pictures (sum, data) VALUES (?1, ?2)
			ON CONFLICT (sum) DO UPDATE SET data = excluded.data WHERE data IS NOT excluded.data`, &sqlitex.ExecOptions{Args: []any{sum, data}})
		if err != nil {
			return fmt.Errorf("write a picture: %w", err)
		}
	}
	return nil
}
