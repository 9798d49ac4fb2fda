package mail

import (
	"embed"
	"fmt"
	"strings"
	"text/template"
)

// Kind is what a letter is about.
type Kind string

// The kinds: each has a text in letters, its first line the subject.
const (
	Invitation Kind = "invitation"
	Reset      Kind = "reset"
)

// Letter brings somebody a one-time link.
type Letter struct {
	Kind  Kind
	Email string // whom it goes to
	Name  string // theirs
	City  string // the city's name; empty: none is declared yet
	Link  string // the whole address
	Until string // the link's last moment, as a person reads it
}

//go:embed letters/*.txt
var letters embed.FS

var texts = template.Must(template.ParseFS(letters, "letters/*.txt"))

// text returns the subject and the body of a letter.
func (l *Letter) text() (subject, body string, err error) {
	var b strings.Builder
	if err := texts.ExecuteTemplate(&b, string(l.Kind)+".txt", l); err != nil {
		return "", "", fmt.Errorf("write a letter: %w", err)
	}
	subject, body, _ = strings.Cut(b.String(), "\n")
	return subject, body, nil
}
