package migrations

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// chainedAudit names the step of both stores.
const chainedAudit = "the audit as a chain"

// chainedEntry is an entry of the audit as it is since entries are numbered and hold
// the hash of the one before. It is frozen, and its hash with it: see chainAudit.
type chainedEntry struct {
	Serial   int64      `json:"serial"`
	ID       string     `json:"id"`
	At       time.Time  `json:"at"`
	Actor    string     `json:"by"`
	Action   string     `json:"action"`
	Subject  string     `json:"subject"`
	Detail   string     `json:"detail"`
	Reason   string     `json:"reason"`
	Periods  []string   `json:"periods"`
	Units    []string   `json:"units"`
	Changes  []struct{} `json:"changes"` // earlier entries told none apart
	Previous string     `json:"previous"`
	Hash     string     `json:"hash"`
}

// earlierEntry is one of before.
type earlierEntry struct {
	at                             time.Time
	actor, action, subject, detail string
}

// chainAudit makes an earlier entry the one that follows a serial and hash, and
// returns it and its text. The same entries in the same order give the same chain.
func chainAudit(serial int64, previous string, old earlierEntry) (chainedEntry, string, error) {
	valid := func(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
	e := chainedEntry{
		Serial: serial + 1, ID: fmt.Sprintf("earlier-%d", serial+1), At: old.at.UTC().Truncate(time.Millisecond),
		Actor: valid(old.actor), Action: valid(old.action), Subject: valid(old.subject), Detail: valid(old.detail),
		Changes: []struct{}{}, Previous: previous,
	}
	e.Periods, e.Units = aboutEarlier(&e)
	form := "persepsi audit 1\n"
	for _, values := range [][]string{
		{strconv.FormatInt(e.Serial, 10), e.Previous, e.ID, e.At.Format(time.RFC3339Nano), e.Actor, e.Action, e.Subject, e.Detail, e.Reason},
		{strconv.Itoa(len(e.Periods))},
		e.Periods,
		{strconv.Itoa(len(e.Units))},
		e.Units,
		{"0"},
	} {
		for _, v := range values {
			form += strconv.Itoa(len(v)) + ":" + v + ","
		}
	}
	sum := sha256.Sum256([]byte(form))
	e.Hash = hex.EncodeToString(sum[:])
	text, err := json.Marshal(e)
	return e, string(text), err
}

var (
	earlierUnit   = regexp.MustCompile(`\b(?:units|population)\.([a-z0-9-]+)`)
	earlierPeriod = regexp.MustCompile(`\bperiods\.([a-z0-9-]+)`)
)

// aboutEarlier returns the periods and units that an earlier entry is about: its
// subject was PERIOD/UNIT or PERIOD, or its detail named paths of the apply file.
func aboutEarlier(e *chainedEntry) (periods, units []string) {
	periods, units = []string{}, []string{}
	add := func(list *[]string, code string) {
		if code != "" && !slices.Contains(*list, code) {
			*list = append(*list, code)
		}
	}
	switch e.Action {
	case "import", "set_evaluation", "export_full", "amend":
		period, unit, _ := strings.Cut(e.Subject, "/")
		add(&periods, period)
		add(&units, unit)
	}
	if e.Action == "apply" || e.Action == "amend" {
		for _, m := range earlierPeriod.FindAllStringSubmatch(e.Detail, -1) {
			add(&periods, m[1])
		}
		for _, m := range earlierUnit.FindAllStringSubmatch(e.Detail, -1) {
			add(&units, m[1])
		}
	}
	return periods, units
}
