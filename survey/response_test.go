package survey

import (
	"testing"
	"time"

	"github.com/google/uuid"
)

func TestAMarkIsOneSignOfAValueOnTheLongestScale(t *testing.T) {
	t.Parallel()
	values := []int{-2, Declined, 0, 1, 9, 10, maxMark, maxMark + 1}
	if got := MakeMarks(values); got != "-0-19az-" {
		t.Errorf("%v is kept as %q, want -0-19az-", values, got)
	}
}

func TestAModeIsReadByItsOwnNameOnly(t *testing.T) {
	t.Parallel()
	for m, name := range map[Mode]string{ModeQR: "qr", ModeKiosk: "kiosk", ModeAssisted: "assisted", ModePaper: "paper"} {
		if got, err := ParseMode(name); m.String() != name || got != m || err != nil {
			t.Errorf("mode %d is named %s and %s is read as %d, %v", m, m, name, got, err)
		}
	}
	if got := ModeCount.String(); got != "mode(4)" {
		t.Errorf("a mode that there is not is named %q, want mode(4)", got)
	}
	if _, err := ParseMode("fax"); err == nil {
		t.Error("a mode that there is not is read")
	}
}

func fullResponse() *Response {
	return &Response{
		ID: uuid.MustParse("0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"), Period: "2026-s1", Unit: "loket", Point: "DK01", Service: "ktp",
		Form: "skm-9@1", Mode: ModeKiosk, Lang: "id", Day: NewDate(2026, time.March, 2), Hour: 12,
		StartedAt: noon(), ReceivedAt: noon(), Answers: "444444444-", Respondent: "23---", Comment: "baik",
	}
}

// changed are changes that make another answer of a full one, by what they change.
func changed() map[string]func(*Response) {
	return map[string]func(*Response){
		"id": func(r *Response) { r.ID[0]++ }, "period": func(r *Response) { r.Period = "2026-s2" }, "unit": func(r *Response) { r.Unit = "mpp" },
		"point": func(r *Response) { r.Point = "DK02" }, "service": func(r *Response) { r.Service = "akta" }, "form": func(r *Response) { r.Form = "spak-5@1" },
		"mode": func(r *Response) { r.Mode = ModeQR }, "language": func(r *Response) { r.Lang = "en" }, "answers": func(r *Response) { r.Answers = "344444444-" },
		"respondent": func(r *Response) { r.Respondent = "13---" }, "comment": func(r *Response) { r.Comment = "buruk" },
	}
}

func TestAnAnswerIsTheSameOnlyWhenAllThatWasAnsweredIs(t *testing.T) {
	t.Parallel()
	for name, change := range changed() {
		r := fullResponse()
		change(r)
		if r.Same(fullResponse()) || fullResponse().Same(r) {
			t.Errorf("another %s is the same answer", name)
		}
	}
	again := fullResponse()
	again.Day, again.Hour, again.StartedAt, again.ReceivedAt = again.Day+1, 13, noon().Add(-time.Hour), noon().Add(24*time.Hour)
	if !again.Same(fullResponse()) {
		t.Error("an answer sent again a day later is another one")
	}
}

// Who finds id and receipt, in a browser's history or a proxy's log, could else
// try out all answers until one has that receipt.
func TestAReceiptTellsNothingOfWhatWasAnswered(t *testing.T) {
	t.Parallel()
	want := fullResponse().Receipt()
	for name, change := range changed() {
		r := fullResponse()
		change(r)
		if other := r.Receipt() != want; other != (name == "id") {
			t.Errorf("another %s has another receipt: %v", name, other)
		}
	}
}

// Citizens keep their receipts: a later version must make the same ones.
func TestAReceiptStaysWhatItWas(t *testing.T) {
	t.Parallel()
	if got := fullResponse().Receipt(); got != "DQXN-41G7" {
		t.Errorf("receipt %s, want DQXN-41G7", got)
	}
}

func TestWhoSentAnAnswerIsToldByItsWay(t *testing.T) {
	t.Parallel()
	for mode, want := range map[Mode]Kind{
		ModeQR: KindCitizen, ModeKiosk: KindCitizen, ModeAssisted: KindStaff, ModePaper: KindStaff,
	} {
		if got := mode.Kind(); got != want {
			t.Errorf("%s: kind %d, want %d", mode, got, want)
		}
	}
}

func TestNoAnswerIsDeclinedWhereThereIsNone(t *testing.T) {
	t.Parallel()
	m := Marks("10") + Marks(markDeclined)
	for i, want := range map[int]bool{-1: false, 0: false, 1: m[1] == markDeclined, 2: true, 3: false} {
		if got := m.Declined(i); got != want {
			t.Errorf("the answer at %d of %q is declined: %v", i, m, got)
		}
	}
}
