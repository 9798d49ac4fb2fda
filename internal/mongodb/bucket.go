package mongodb

import (
	"fmt"
	"net/url"
	"strings"

	"persepsi/analytics"
	"persepsi/survey"
)

// A bucket is named by one text, PERIOD/UNIT/DAY/FORM, each part escaped as in
// a URL so that no code can reach into the next part. One text needs one small
// index where four fields need a wide one, and all buckets of a period, or of
// a unit in it, or of its days in order, are one range of it.
//
// A tally's _id is its level and such a text: `month/2026-s1/paten/2026-03-01/skm-9@1`.

const wholePeriod = "all" // in the place of the day in the _id of a period's tally

func levelName(l analytics.Level) string {
	switch l {
	case analytics.LevelDay:
		return "day"
	case analytics.LevelMonth:
		return "month"
	default:
		return "period"
	}
}

func bucketOf(k analytics.Key) string {
	day := wholePeriod
	if k.Level != analytics.LevelPeriod {
		day = k.Start.String()
	}
	return prefixOf(k.Period, k.Unit, day) + url.PathEscape(k.Form)
}

// prefixOf returns what the texts of all buckets begin with that have these
// first parts.
func prefixOf(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(url.PathEscape(p))
		b.WriteByte('/')
	}
	return b.String()
}

// after returns the first text that follows all texts with a prefix.
func after(prefix string) string { return prefix[:len(prefix)-1] + string(prefix[len(prefix)-1]+1) }

func tallyID(k analytics.Key) string { return levelName(k.Level) + "/" + bucketOf(k) }

func parseBucket(text string) (analytics.Key, error) {
	return parsePath(analytics.LevelDay, text)
}

func parseTallyID(id string) (analytics.Key, error) {
	level, rest, _ := strings.Cut(id, "/")
	for _, l := range []analytics.Level{analytics.LevelDay, analytics.LevelMonth, analytics.LevelPeriod} {
		if levelName(l) == level {
			return parsePath(l, rest)
		}
	}
	return analytics.Key{}, fmt.Errorf("not the name of a tally: %q", id)
}

func parsePath(level analytics.Level, text string) (analytics.Key, error) {
	k := analytics.Key{Level: level}
	parts := strings.Split(text, "/")
	if len(parts) != 4 {
		return k, fmt.Errorf("not the name of a bucket: %q", text)
	}
	for i := range parts {
		var err error
		if parts[i], err = url.PathUnescape(parts[i]); err != nil {
			return k, fmt.Errorf("not the name of a bucket: %q: %w", text, err)
		}
	}
	k.Period, k.Unit, k.Form = parts[0], parts[1], parts[3]
	if level != analytics.LevelPeriod {
		day, err := survey.ParseDate(parts[2])
		if err != nil {
			return k, fmt.Errorf("name of a bucket: %w", err)
		}
		k.Start = day
	}
	return k, nil
}
