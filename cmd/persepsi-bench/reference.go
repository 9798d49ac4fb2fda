package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/go-playground/validator/v10"
	"github.com/gofiber/fiber/v2"
)

// Reference is a bare Fiber application to compare with: no middleware, one
// route, the framework's defaults.
type Reference struct {
	app     *fiber.App
	journal *journal // nil for hello
}

// NewHello makes the reference of a page: it answers a GET of / with five
// bytes.
func NewHello() *Reference {
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Get("/", func(c *fiber.Ctx) error { return c.SendString("hello") })
	return &Reference{app: app}
}

// responseBody is a response as the JSON API takes it, for those who write the
// obvious handler.
type responseBody struct {
	ID         string            `json:"id" validate:"required,uuid"`
	Service    string            `json:"service" validate:"required,max=40"`
	Lang       string            `json:"lang" validate:"omitempty,oneof=id en"`
	Mode       string            `json:"mode" validate:"omitempty,oneof=qr kiosk assisted"`
	Consent    bool              `json:"consent" validate:"required"`
	Answers    map[string]int    `json:"answers" validate:"required,max=100,dive,min=1,max=6"`
	Respondent map[string]string `json:"respondent" validate:"max=20,dive,max=40"`
	Comment    string            `json:"comment" validate:"max=2000"`
	StartedAt  string            `json:"started_at" validate:"omitempty,datetime=2006-01-02T15:04:05Z07:00"`
}

type receiptBody struct {
	ID         string    `json:"id"`
	ReceivedAt time.Time `json:"received_at"`
}

// NewFsync makes the reference of a submission upon a file: it parses a POST
// to / with encoding/json, checks it by validator's tags, appends it to the
// file and answers 201 when that is synced, with one sync for all who wait.
// What it leaves out is the rest of the service: finding the point, checking
// the answers against the form, knowing an id again, being read.
func NewFsync(name string) (*Reference, error) {
	j, err := openJournal(name)
	if err != nil {
		return nil, err
	}
	check := validator.New(validator.WithRequiredStructEnabled())
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Post("/", func(c *fiber.Ctx) error {
		var p responseBody
		if err := json.Unmarshal(c.Body(), &p); err != nil {
			return fiber.NewError(fiber.StatusBadRequest, "not a response")
		}
		if err := check.Struct(&p); err != nil {
			return fiber.NewError(fiber.StatusUnprocessableEntity, err.Error())
		}
		if err := j.append(c.Body()); err != nil {
			return fmt.Errorf("append: %w", err)
		}
		return c.Status(fiber.StatusCreated).JSON(receiptBody{ID: p.ID, ReceivedAt: time.Now().UTC()})
	})
	return &Reference{app: app, journal: j}, nil
}

// Serve serves until ctx ends, then closes.
func (r *Reference) Serve(ctx context.Context, listener net.Listener) error {
	served := make(chan error, 1)
	go func() { served <- r.app.Listener(listener) }()
	select {
	case <-ctx.Done():
		return r.Close()
	case err := <-served:
		return errors.Join(err, r.Close())
	}
}

// Close ends the requests that are being answered, then the file.
func (r *Reference) Close() error {
	err := r.app.ShutdownWithTimeout(stopWithin)
	if r.journal != nil {
		err = errors.Join(err, r.journal.close())
	}
	return err
}
