package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Report is what a run measured.
type Report struct {
	Version  string        `json:"version"`
	At       time.Time     `json:"at"`
	Machine  Machine       `json:"machine"`
	Store    string        `json:"store"` // sqlite or mongodb
	Clients  int           `json:"clients"`
	Duration time.Duration `json:"duration_ns"`
	Units    int           `json:"units"`
	Rows     []*Row        `json:"rows"`
	Accounts []Account     `json:"accounts"`
	// Faults counts whatever was not the right reply, by what it was.
	Faults map[string]int64 `json:"faults"`
}

// Machine is where a report was made.
type Machine struct {
	System    string `json:"system"`
	Processor string `json:"processor"`
	Cores     int    `json:"cores"`
	Go        string `json:"go"`
	// Volatile tells that the stores lay in memory: then no durable figure
	// means anything.
	Volatile bool `json:"volatile"`
}

// Row is one measure over all rounds.
type Row struct {
	What    string   `json:"what"`
	Answers int64    `json:"answers,omitempty"` // stored when it began
	Clients int      `json:"clients,omitempty"`
	Unit    string   `json:"unit"` // of Value
	Of      string   `json:"of,omitempty"`
	Rounds  []Round  `json:"rounds"`
	Targets []Target `json:"targets,omitempty"`
}

// Round is what one round measured. Latencies are in milliseconds.
type Round struct {
	Value float64 `json:"value"`
	P50   float64 `json:"p50,omitempty"`
	P95   float64 `json:"p95,omitempty"`
	P99   float64 `json:"p99,omitempty"`
	// CPU is the server's CPU time per reply in microseconds: what other
	// programs do on the machine disturbs it least.
	CPU float64 `json:"cpu_us,omitempty"`
	// Ratio is to what Of names, in the same round.
	Ratio float64 `json:"ratio,omitempty"`
	// Tail is the p99 beside that of what Of names, where the ratio is of rates.
	Tail float64 `json:"tail,omitempty"`
}

// Account compares what was acknowledged with what is stored.
type Account struct {
	What         string `json:"what"`
	Before       int64  `json:"before"`
	Acknowledged int64  `json:"acknowledged"`
	Stored       int64  `json:"stored"`
}

func (a Account) right() bool { return a.Before+a.Acknowledged == a.Stored }

// Target is what a figure should be; 0 means no bound.
type Target struct {
	Figure string  `json:"figure"` // value, p95, p99, ratio or tail
	Least  float64 `json:"least,omitempty"`
	Most   float64 `json:"most,omitempty"`
	// Or is another target that is enough as well; nil: there is none.
	Or *Target `json:"or,omitempty"`
}

func (t Target) met(r *Row) bool {
	v := r.median(t.Figure)
	return v >= t.Least && (t.Most == 0 || v <= t.Most) || t.Or != nil && t.Or.met(r)
}

func (t Target) text(r *Row) string {
	text := t.bound(r)
	if t.Or != nil {
		text += " or " + t.Or.bound(r)
	}
	if t.met(r) {
		return text + " met"
	}
	return text + " **missed**"
}

// bound tells what the figure should be.
func (t Target) bound(r *Row) string {
	text := "≥ " + number(t.Least)
	if t.Most > 0 {
		text = "≤ " + number(t.Most)
	}
	switch t.Figure {
	case "value":
		text += " " + r.Unit
	case "ratio":
		text += " ×"
	case "tail":
		text = "p99 " + text + " × that of " + r.Of
	default:
		text = t.Figure + " " + text + " ms"
	}
	return text
}

// row finds the row of a measure, or adds it.
func (r *Report) row(model Row) *Row {
	for _, have := range r.Rows {
		if have.What == model.What && have.Answers == model.Answers && have.Clients == model.Clients {
			return have
		}
	}
	r.Rows = append(r.Rows, &model)
	return &model
}

// round tells a sample's rate and latencies.
func round(s *sample) Round {
	return Round{
		Value: s.rate(), CPU: float64(s.cost()) / float64(time.Microsecond),
		P50: milliseconds(s.latency.percentile(50)), P95: milliseconds(s.latency.percentile(95)), P99: milliseconds(s.latency.percentile(99)),
	}
}

// alone adds a round that stands beside nothing.
func (r *Row) alone(s *sample) { r.Rounds = append(r.Rounds, round(s)) }

// asFast adds a round that is compared with a reference rate by rate, and p99
// by p99: as many requests can be had by letting a few wait.
func (r *Row) asFast(s, reference *sample) {
	got, of := round(s), round(reference)
	got.Ratio, got.Tail = ratio(got.Value, of.Value), ratio(got.P99, of.P99)
	r.Rounds = append(r.Rounds, got)
}

// asSoon adds a round that is compared with a reference p95 by p95.
func (r *Row) asSoon(s, reference *sample) {
	got := round(s)
	got.Ratio = ratio(got.P95, round(reference).P95)
	r.Rounds = append(r.Rounds, got)
}

// value adds a round of a single figure.
func (r *Row) value(v float64) { r.Rounds = append(r.Rounds, Round{Value: v}) }

// figures returns one figure of every round.
func (r *Row) figures(name string) []float64 {
	out := make([]float64, len(r.Rounds))
	for i, round := range r.Rounds {
		switch name {
		case "p50":
			out[i] = round.P50
		case "p95":
			out[i] = round.P95
		case "p99":
			out[i] = round.P99
		case "cpu":
			out[i] = round.CPU
		case "ratio":
			out[i] = round.Ratio
		case "tail":
			out[i] = round.Tail
		default:
			out[i] = round.Value
		}
	}
	slices.Sort(out)
	return out
}

func (r *Row) median(figure string) float64 {
	list := r.figures(figure)
	if len(list) == 0 {
		return 0
	}
	half := len(list) / 2
	if len(list)%2 == 1 {
		return list[half]
	}
	return (list[half-1] + list[half]) / 2
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// ratio returns a/b, 0 where there is nothing to compare with.
func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// Markdown writes the report as tables.
func (r *Report) Markdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "persepsi %s on %s, %s; %s, %d cores, %s; store: %s, %d units; %d clients, %s a measure, medians of the rounds.\n\n",
		r.Version, r.At.Format("2006-01-02"), r.Machine.System, r.Machine.Processor, r.Machine.Cores, r.Machine.Go, r.Store, r.Units, r.Clients, r.Duration)
	if r.Machine.Volatile {
		b.WriteString("**The stores lay in memory: a sync costs nothing there, so no durable figure here means anything.**\n\n")
	}
	b.WriteString("| measure | answers stored | clients | median | least – most | p50 / p95 / p99, ms | server CPU, µs | ratio | target |\n|---|--:|--:|--:|--:|--:|--:|--:|---|\n")
	for _, row := range r.Rows {
		b.WriteString(row.markdown())
	}
	b.WriteString("\n| account | before | acknowledged | stored | |\n|---|--:|--:|--:|---|\n")
	for _, a := range r.Accounts {
		verdict := "equal"
		if !a.right() {
			verdict = "**differs**"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", a.What, whole(a.Before), whole(a.Acknowledged), whole(a.Stored), verdict)
	}
	b.WriteString("\nReplies that were not right: ")
	if len(r.Faults) == 0 {
		b.WriteString("none.\n")
	}
	for _, what := range sortedKeys(r.Faults) {
		fmt.Fprintf(&b, "%s × %s; ", whole(r.Faults[what]), what)
	}
	_, err := io.WriteString(w, strings.TrimSuffix(b.String(), "; ")+"\n")
	return err
}

func (r *Row) markdown() string {
	cells := []string{r.What, "", "", number(r.median("value")) + " " + r.Unit, "", "", "", "", ""}
	if r.Answers > 0 {
		cells[1] = whole(r.Answers)
	}
	if r.Clients > 0 {
		cells[2] = strconv.Itoa(r.Clients)
	}
	if list := r.figures("value"); len(list) > 1 {
		cells[4] = number(list[0]) + " – " + number(list[len(list)-1])
	}
	if r.median("p50") > 0 {
		cells[5] = number(r.median("p50")) + " / " + number(r.median("p95")) + " / " + number(r.median("p99"))
	}
	if r.median("cpu") > 0 {
		cells[6] = number(r.median("cpu"))
	}
	if r.Of != "" {
		cells[7] = number(r.median("ratio")) + " × " + r.Of
	}
	if r.median("tail") > 0 {
		cells[7] += ", p99 " + number(r.median("tail")) + " ×"
	}
	var targets []string
	for _, t := range r.Targets {
		targets = append(targets, t.text(r))
	}
	cells[8] = strings.Join(targets, "; ")
	return "| " + strings.Join(cells, " | ") + " |\n"
}

// number writes a figure with three digits that count.
func number(v float64) string {
	switch {
	case v >= 1000:
		return whole(int64(v + 0.5))
	case v >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	default:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
}

// whole writes a number with its thousands apart.
func whole(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
