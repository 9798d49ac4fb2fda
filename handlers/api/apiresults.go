package api

import (
	"github.com/gofiber/fiber/v2"

	"persepsi/analytics"
	"persepsi/internal/access"
	"persepsi/internal/report"
	"persepsi/survey"
)

// results is GET /api/v1/results: public figures for everybody, all that the
// role may see with a key.
func (s *resources) results(c *fiber.Ctx) error {
	d := s.Directories.Directory()
	scope := report.Scope{Period: c.Query("period"), Agency: c.Query("agency"), Unit: c.Query("unit")}
	if scope.Period == "" {
		return missing("period")
	}
	scope.Explain = c.QueryBool("explain", scope.Unit != "")
	scope.Public = !s.May(c, access.ReadLKE, scopeOf(d, scope))
	text, err := s.data.Reporter.Text(d, s.data.Board, scope)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	c.Set(fiber.HeaderCacheControl, "no-cache") // no-store where a key was sent
	return s.figures.send(c, scope, text)
}

func missing(field string) error {
	return survey.Faulty("something is missing", []survey.Fault{{Field: field, Code: "required", Message: "is required"}})
}

// scopeOf returns what a request's figures are of. A unit's agency is the one
// that it belongs to, whatever the request says.
func scopeOf(d *survey.Directory, scope report.Scope) access.Scope {
	switch {
	case scope.Unit != "":
		agency := ""
		if place, ok := d.Unit(scope.Unit); ok {
			agency = place.Agency.Code
		}
		return access.Unit(agency, scope.Unit)
	case scope.Agency != "":
		return access.Agency(scope.Agency)
	default:
		return access.City()
	}
}

// breakdown is GET /api/v1/results/breakdown?period=&unit=&by=: the figures of a
// unit by service, point, mode, hour or respondent field. Cells that could tell
// on somebody are hidden. There is none by month: what is hidden in one month
// could be subtracted from the others and the period.
func (s *resources) breakdown(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store") // also where it came without a key
	d := s.Directories.Directory()
	scope := report.Scope{Period: c.Query("period"), Unit: c.Query("unit")}
	for _, f := range []string{"period", "unit", "by"} {
		if c.Query(f) == "" {
			return missing(f)
		}
	}
	if err := s.Require(c, scopeOf(d, scope)); err != nil {
		return err
	}
	// Whether period and unit exist is the reporter's rule.
	if _, err := s.data.Reporter.Results(d, s.data.Board, scope); err != nil {
		return err
	}
	period, _ := d.Period(scope.Period)
	tally, err := s.data.Board.Breakdown(c.UserContext(), period, scope.Unit, d.Form(period.Code))
	if err != nil {
		return err
	}
	cells, err := s.data.Reporter.Breakdown(d, period, tally, c.Query("by"))
	if err != nil {
		return err
	}
	body := fiber.Map{"period": scope.Period, "unit": scope.Unit, "by": c.Query("by"), "least": analytics.LeastCell, "cells": cells}
	if tally != nil {
		body["n"] = tally.N
	}
	return c.JSON(body)
}
