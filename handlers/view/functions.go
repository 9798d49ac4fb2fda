package view

import (
	"html/template"

	"persepsi/internal/chart"
	"persepsi/internal/desk"
	"persepsi/internal/wording"
)

// functions returns what templates in a language may call.
func functions(s *wording.Speaker) template.FuncMap {
	return template.FuncMap{
		"t": s.Say, "text": s.Text, "shown": s.Shown, "whole": s.Whole, "fixed": s.Fixed, "signed": s.Signed, "by": s.By, "rate": s.Rate, "mean": s.Mean,
		"date": s.Date, "moment": s.Moment, "months": s.Months, "weekday": s.Weekday, "daymonth": s.DayMonth, "near": s.Near, "clock": s.Clock, "civil": wording.Civil,
		"could": s.Could, "aspectname": s.AspectName, "ownaspect": s.OwnAspect, "deskname": s.IndexName, "splitname": s.NameOf, "amended": s.Amended,
		"samplewords": s.Sample, "partwords": s.Parts, "intervalwords": s.Interval, "stabilitywords": s.Stability, "withheldwords": s.Withheld,
		"strip": s.Strip, "deskstrip": s.DeskStrip, "deskmeter": s.DeskMeter, "samplemeter": s.SampleMeter,
		"readywords": s.Ready, "distancewords": s.Distance,
		"trend": s.Trend, "unsur": s.Unsur, "forecast": s.Forecast, "chance": s.Chance, "hours": s.Hours, "days": s.Days, "spread": s.Spread,
		"ranks":      func(g *DeskGroup, rest bool) (*chart.Chart, error) { return ranks(s, g, rest) },
		"multiples":  func(g *DeskGroup) (*chart.Chart, error) { return multiples(s, g) },
		"importance": func(of *RelationsOf, title string) (*chart.Chart, error) { return importance(s, of, title) },
		"indexname":  func(x *desk.Index) (string, error) { return s.IndexName(wording.DeskIndex{Index: x}) },
		"blocks":     shownBlocks, "heading": heading, "side": side, "pictureaddress": pictureAddress,
		"drawings": drawings, "strips": strips, "deskaddress": DeskAddress,
		"lang": s.Lang, "add": func(a, b int) int { return a + b }, "unptr": func(n *int) int { return *n },
	}
}
