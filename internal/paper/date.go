package paper

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"persepsi/survey"
)

// dates reads days as offices write them, and as a spreadsheet stores them.
type dates struct {
	zone             *time.Location
	excel, since1904 bool
}

var (
	timeOfDay = regexp.MustCompile(`(?i)[\s,]+(?:pukul\s+|jam\s+|pkl\.?\s+)?\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?(?:\s*(?:am|pm|wib|wita|wit))?$`)
	numeric   = regexp.MustCompile(`^(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{4}|\d{2})$`)
	reversed  = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$`)
	inWords   = regexp.MustCompile(`^(\d{1,2})[\s\-/.]*(\pL{3,})[\s\-/.,]*(\d{4}|\d{2})$`)
	weekday   = regexp.MustCompile(`^(\pL[\pL']+)\.?\s*[,/]?\s*(\d.*)$`)
)

// read reads a day; what is wrong is a code of texts.yaml.
func (d *dates) read(text string) (survey.Date, string) {
	if date, err := survey.ParseDate(text); err == nil {
		return date, ""
	}
	if serial, err := strconv.ParseFloat(text, 64); err == nil {
		return d.serial(serial)
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return survey.DateOf(t, d.zone), ""
	}
	if day, clock, ok := strings.Cut(text, "T"); ok && len(day) == len("2006-01-02") && len(clock) > 4 {
		if date, err := survey.ParseDate(day); err == nil {
			return date, "" // without a zone: the city's
		}
	}
	text = timeOfDay.ReplaceAllString(text, "")
	wanted := -1
	if m := weekday.FindStringSubmatch(text); m != nil {
		day, ok := dictionary().weekdays[key(m[1])]
		if !ok {
			return 0, "wrong_date"
		}
		wanted, text = day, m[2]
	}
	date, ok := written(text)
	switch {
	case !ok:
		return 0, "wrong_date"
	case wanted >= 0 && int(date.Weekday()) != wanted:
		return date, "wrong_weekday"
	}
	return date, ""
}

// serial reads a spreadsheet's day number. Day 60 of 1900 is one that there never
// was, so that those before it count from another day.
func (d *dates) serial(n float64) (survey.Date, string) {
	if !d.excel || n < 1 || n >= 100_000 {
		return 0, "wrong_date"
	}
	if d.since1904 {
		return survey.NewDate(1904, time.January, 1) + survey.Date(n), ""
	}
	if n < 61 {
		return survey.NewDate(1899, time.December, 31) + survey.Date(n), ""
	}
	return survey.NewDate(1899, time.December, 30) + survey.Date(n), ""
}

// written reads a day in numbers or words, the day first, as is done in Indonesia.
// A year of two digits is of this century.
func written(text string) (survey.Date, bool) {
	text = strings.TrimSpace(text)
	day, month, year := "", 0, ""
	if m := numeric.FindStringSubmatch(text); m != nil {
		day, year = m[1], m[3]
		month, _ = strconv.Atoi(m[2]) // two digits at most
	} else if m := reversed.FindStringSubmatch(text); m != nil {
		day, year = m[3], m[1]
		month, _ = strconv.Atoi(m[2]) // likewise
	} else if m := inWords.FindStringSubmatch(text); m != nil {
		day, year = m[1], m[3]
		month = dictionary().months[key(m[2])]
	}
	d, _ := strconv.Atoi(day)  // digits or nothing
	y, _ := strconv.Atoi(year) // likewise
	if len(year) == 2 {
		y += 2000
	}
	date := survey.NewDate(y, time.Month(month), d)
	// The 31st of February would be the third of March.
	if t := date.Time(); y == 0 || month < 1 || month > 12 || t.Day() != d || int(t.Month()) != month {
		return 0, false
	}
	return date, true
}

// dayName is a day as a clerk writes it.
func dayName(d survey.Date) string {
	t := d.Time()
	month := dictionary().Months[t.Month()-1][0]
	return strconv.Itoa(t.Day()) + " " + strings.ToUpper(month[:1]) + month[1:] + " " + strconv.Itoa(t.Year())
}
