package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/alecthomas/kong"
)

// usageError is wrong usage that a command finds out itself: exit code 2.
type usageError struct{ error }

func misused(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// parse reads the arguments. As the default command, serve takes every word for
// one of its own; a word that was meant for a command is therefore looked up
// among all of them, so that the closest is named.
func parse(parser *kong.Kong, args []string) (*kong.Context, error) {
	k, err := parser.Parse(args)
	if err == nil {
		return k, nil
	}
	standard := parser.Model.DefaultCmd
	parser.Model.DefaultCmd = nil
	defer func() { parser.Model.DefaultCmd = standard }()
	if _, closer := parser.Parse(args); closer != nil && strings.HasPrefix(closer.Error(), "unexpected argument") {
		err = closer
	}
	return nil, misused("%s", noValue.ReplaceAllString(err.Error(), "needs a value"))
}

// noValue is how the parser says that a flag is the last word.
var noValue = regexp.MustCompile(`expected \S+ value but got "EOL" \(<EOL>\)`)

// shown is the help of a flag with its default and its environment variable.
// A default that is no value is described by the flag's tag `shown`.
func shown(v *kong.Value) string {
	if v.Flag == nil {
		return v.Help
	}
	standard := "none"
	switch {
	case v.Flag.Name == "help" || v.Flag.Name == "version":
		return v.Help // they do, and set nothing
	case v.Required:
		standard = ""
	case v.Tag.Has("shown"):
		standard = v.Tag.Get("shown")
	case v.Default != "":
		standard = v.Default
	case v.IsBool():
		standard = "off"
	}
	notes := []string{"required"}
	if standard != "" {
		notes[0] = "default: " + standard
	}
	for _, env := range v.Tag.Envs {
		notes = append(notes, "$"+env)
	}
	return strings.TrimSuffix(v.Help, ".") + " (" + strings.Join(notes, "; ") + ")."
}

type helpCommand struct {
	Command []string `arg:"" optional:"" help:"The command to tell about; without one: all of them."`
}

// Run prints the same as COMMAND --help.
func (h *helpCommand) Run(parser *kong.Kong) error {
	if _, err := parse(parser, append(h.Command, "--help")); err != nil {
		return err
	}
	return errors.New("--help printed nothing") // it ends the program before
}

type versionCommand struct{}

// Run prints the program's version.
func (versionCommand) Run(e *environment) error {
	_, err := fmt.Fprintln(e.Out, titled())
	return err
}

func titled() string { return "persepsi " + version }
