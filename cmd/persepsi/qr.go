package main

import (
	"context"
	"fmt"

	"persepsi/internal/permalink"
	"persepsi/qr"
	"persepsi/survey"
)

type qrCommand struct {
	Point     string `required:"" help:"The point's code." placeholder:"CODE"`
	Format    string `help:"png, svg or txt." placeholder:"FORMAT" shown:"the ending of --out, else txt"`
	Size      int    `help:"Width of a PNG in pixels." default:"1024"`
	PublicURL string `name:"public-url" help:"Address under which citizens reach the service; it stands in the symbol." placeholder:"URL" shown:"none, and no symbol is made"`
	Out       string `help:"File to write." placeholder:"FILE" shown:"standard output"`
}

// Run writes the symbol. It needs the address that the service will be reached
// under, for a text on a screen too: what is printed once hangs for years, and
// an address that was only guessed leads nowhere, or to somebody else.
func (q *qrCommand) Run(ctx context.Context, e *environment) error {
	format, err := q.format()
	if err != nil {
		return err
	}
	base, err := printedURL(q.PublicURL)
	if err != nil {
		return err
	}
	s, d, err := e.openCity(ctx)
	if err != nil {
		return err
	}
	defer s.Close() // only read
	place, ok := d.Point(q.Point)
	if !ok {
		return survey.Errorf(survey.NotFound, "--point: there is no point %q", survey.Printable(q.Point))
	}
	data, err := symbol(format, base+permalink.Form(place.Point.Code), q.Size, e.Terminal && (q.Out == "" || q.Out == "-"))
	if err != nil {
		return err
	}
	w, done, abandon, err := e.file(q.Out)
	if err != nil {
		return err
	}
	if _, err := w.Write(data); err != nil {
		abandon()
		return fmt.Errorf("write the symbol: %w", err)
	}
	return done()
}

// printedURL returns the address that will stand in a printed symbol. It is never guessed.
func printedURL(address string) (string, error) {
	if address == "" {
		return "", survey.Errorf(survey.Invalid, "--public-url: is required: the address stands in the printed symbol; say under which citizens reach the service, such as https://survei.kota.go.id")
	}
	return publicURL(address)
}

// format returns the symbol's format, by --format or the ending of --out; a text on a screen.
func (q *qrCommand) format() (string, error) {
	if q.Format == "" && (q.Out == "" || q.Out == "-") {
		return "txt", nil
	}
	return formatOf(q.Format, q.Out, "png", "svg", "txt")
}

func symbol(format, address string, size int, coloured bool) ([]byte, error) {
	write := qr.Text
	if coloured {
		write = qr.Terminal
	}
	text, err := write(address)
	if err != nil {
		return nil, survey.Errorf(survey.Invalid, "--public-url: is too long for a symbol")
	}
	switch format {
	case "png":
		data, err := qr.PNG(address, size)
		if err != nil {
			return nil, survey.Errorf(survey.Invalid, "--size: %s", err.Error())
		}
		return data, nil
	case "svg":
		return qr.SVG(address)
	}
	return []byte(text), nil
}
