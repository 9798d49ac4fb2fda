package pdf

import (
	"bytes"
	"crypto/sha256"
	"io"
	"testing"
	"time"
)

// Files that are made at once share what is embedded: what writes one may not change it.
func TestAWrittenFileChangesNoFont(t *testing.T) {
	t.Parallel()
	before := map[Face][sha256.Size]byte{}
	for face := range faces {
		before[face] = sha256.Sum256(fontData(face))
	}
	f, err := New(Info{Title: "Judul", Lang: "id", At: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	var letters []byte
	for c := byte(' '); c < 0x7f; c++ {
		letters = append(letters, c)
	}
	for face := range faces {
		f.Text(10, 10, Style{Face: face, Size: 10}, string(bytes.Join([][]byte{letters, []byte("éñÀž½≥–")}, nil)))
	}
	if _, err := f.WriteTo(io.Discard); err != nil {
		t.Fatal(err)
	}
	for face := range faces {
		if sha256.Sum256(fontData(face)) != before[face] {
			t.Errorf("font %d is another one now", face)
		}
	}
}
