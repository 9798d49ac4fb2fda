package comment

import (
	"testing"

	"persepsi/survey"
)

// What is masked is in no topic, no count and no filter: else those would tell of it.
func TestTopicsAreThoseOfWhatMayBeRead(t *testing.T) {
	t.Parallel()
	c, err := NewClassifier()
	if err != nil {
		t.Fatal(err)
	}
	m := maker{newMasker(t), c}
	for text, want := range map[string]Topics{"kabari toilet@contoh.id": 0, "toilet bau, kabari toilet@contoh.id": 1 << c.Index("ruang"), "   ": 0} {
		a := m.read(&survey.Response{Comment: text})
		if a.topics != want || a.wrote != (text != "   ") {
			t.Errorf("%q is of the topics %b, wrote %v, want %b", text, a.topics, a.wrote, want)
		}
	}
}

func TestAKeyIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	for _, k := range []Key{{12, 3, "9f0a11c2"}, {1, 0, "9f0a11c2"}} {
		if got, err := ParseKey(k.String()); err != nil || got != k {
			t.Errorf("%s is read as %v, %v", k, got, err)
		}
	}
	for _, s := range []string{"", "1-2", "0-1-9f0a11c2", "1--1-9f0a11c2", "x-1-9f0a11c2", "1-x-9f0a11c2", "1-1-9f0a", "1-1-9f0a11c2-4"} {
		if _, err := ParseKey(s); survey.CodeOf(err) != survey.NotFound {
			t.Errorf("%q: err = %v, want NotFound", s, err)
		}
	}
}
