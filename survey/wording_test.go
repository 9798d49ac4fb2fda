package survey

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// newest are the shipped instruments that are in use, as their codes alone name them.
func newest(t *testing.T) []*Instrument {
	t.Helper()
	lib, _ := testLibrary(t)
	var out []*Instrument
	for _, code := range []string{"ipk-10", "skm-9", "spak-5", "spak-5-s6", "spkp-8", "spkp-8-s6", "terpadu-16"} {
		ref, err := lib.Resolve(code)
		if err != nil || ref != code+"@2" {
			t.Fatalf("%s is %s, %v; want version 2", code, ref, err)
		}
		form, err := lib.Form(ref)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, form.Instruments[0])
	}
	return out
}

func TestALaterVersionKeepsCodesIndexesAndFields(t *testing.T) {
	t.Parallel()
	lib, _ := testLibrary(t)
	for _, in := range newest(t) {
		old, err := lib.Form(in.Code + "@1")
		if err != nil {
			t.Fatal(err)
		}
		now, err := lib.Form(in.Ref())
		if err != nil {
			t.Fatal(err)
		}
		for q := range old.Questions {
			was, is := &old.Questions[q], &now.Questions[q]
			if was.Code != is.Code || was.Scored != is.Scored || was.Required != is.Required || len(was.Options) != len(is.Options) || was.Declinable {
				t.Errorf("%s: question %s is %s now, or on another scale", in.Ref(), was.Code, is.Code)
			}
		}
		for x := range old.Indexes {
			if was, is := &old.Indexes[x], &now.Indexes[x]; was.Code != is.Code || was.Scale != is.Scale || was.Method != is.Method || !reflect.DeepEqual(was.Positions, is.Positions) {
				t.Errorf("%s: index %s is made otherwise", in.Ref(), was.Code)
			}
		}
		if !reflect.DeepEqual(old.Fields, now.Fields) {
			t.Errorf("%s asks otherwise about respondents", in.Ref())
		}
	}
}

// What is asked about corruption may be declined, as may what tells on staff; what
// is asked about the service must be answered.
func TestWhatMayBeDeclinedIsWhatIsAskedAboutCorruption(t *testing.T) {
	t.Parallel()
	for _, in := range newest(t) {
		corruption := map[string]bool{"arahan": true}
		for _, x := range in.Indexes {
			for _, a := range x.Aspects {
				for _, q := range a.Questions {
					if x.Code == "ipak" {
						corruption[q] = true
					}
				}
			}
		}
		for _, q := range in.Questions {
			if q.Declinable != corruption[q.Code] {
				t.Errorf("%s: %s may be declined: %v", in.Ref(), q.Code, q.Declinable)
			}
		}
	}
}

// Who came once has an answer to how often something happened: a step that is neither
// never nor a habit.
func TestHowOftenCanBeAnsweredAfterOneVisit(t *testing.T) {
	t.Parallel()
	asked := 0
	for _, in := range newest(t) {
		for _, q := range in.Questions {
			if !strings.HasPrefix(q.Text.In("id"), "Seberapa sering") {
				continue
			}
			asked++
			n := len(q.Options)
			if once, never := q.Options[n-2].Label, q.Options[n-1].Label; once.In("id") != "Sekali atau dua kali" || once.In("en") != "Once or twice" || never.In("en") != "Never" {
				t.Errorf("%s %s: %q stands before %q", in.Ref(), q.Code, once, never)
			}
		}
	}
	if asked != 24 {
		t.Errorf("%d questions ask how often", asked)
	}
}

// What the instruments share is asked alike, so that any list of them with other
// codes makes one form, and figures of one can be laid beside those of another.
func TestSharedQuestionsAreEqualInAllInstruments(t *testing.T) {
	t.Parallel()
	type key struct {
		code  string
		scale int
	}
	first := map[key]Question{}
	for _, in := range newest(t) {
		for _, q := range in.Questions {
			k := key{q.Code, len(q.Options)}
			if other, ok := first[k]; ok && !reflect.DeepEqual(other, q) {
				t.Errorf("%s: question %s differs from that of another instrument", in.Ref(), q.Code)
			}
			first[k] = q
		}
	}
	lib, _ := testLibrary(t)
	for _, refs := range [][]string{{"skm-9@2", "spak-5@2"}, {"spkp-8@2", "spak-5@2"}, {"spkp-8-s6@2", "spak-5-s6@2"}, {"skm-9@2", "ipk-10@2"}, {"spkp-8-s6@2", "ipk-10@2"}} {
		if f, err := lib.Form(refs...); err != nil || f.Questions[len(f.Questions)-1].Code != "arahan" {
			t.Errorf("%v make no form: %v", refs, err)
		}
	}
}

// Neutral, one thing at a time, and short: what can be checked of it by a machine.
func TestQuestionsAreNeutralAndAskOneThing(t *testing.T) {
	t.Parallel()
	leading := regexp.MustCompile(`(?i)^(apakah|was|were|is|are|did)\b`)
	several := regexp.MustCompile(`(?i)\b(dan|serta|and)\b|,.*,`)
	for _, in := range newest(t) {
		for _, q := range in.Questions {
			for lang, text := range q.Text {
				if q.Scored && (leading.MatchString(text) || !strings.HasSuffix(text, "?")) {
					t.Errorf("%s %s: %q suggests an answer", in.Ref(), q.Code, text)
				}
				if several.MatchString(text) {
					t.Errorf("%s %s: %q asks several things", in.Ref(), q.Code, text)
				}
				if n := len(strings.Fields(text)); n > 19 {
					t.Errorf("%s %s: %q has %d words", in.Ref(), q.Code, lang, n)
				}
				for _, word := range []string{"seharusnya", "should", "Nama Anda", "Your name"} {
					if strings.Contains(q.Help.In(lang), word) || strings.Contains(text, word) {
						t.Errorf("%s %s: help hints at an answer: %q", in.Ref(), q.Code, q.Help.In(lang))
					}
				}
			}
			if q.Text.In("id") == q.Text.In("en") || q.Help.In("id") == q.Help.In("en") {
				t.Errorf("%s %s is not in both languages", in.Ref(), q.Code)
			}
			for _, lang := range []string{"id", "en"} {
				labels := make([]string, len(q.Options))
				for i, o := range q.Options {
					labels[i] = o.Label.In(lang)
				}
				slices.Sort(labels)
				if len(slices.Compact(labels)) != len(q.Options) {
					t.Errorf("%s %s: two options read alike in %s", in.Ref(), q.Code, lang)
				}
			}
			if often := strings.HasPrefix(q.Text.In("id"), "Seberapa sering"); often != strings.HasPrefix(q.Options[0].Label.In("id"), "Selalu") {
				t.Errorf("%s %s: the options do not fit %q", in.Ref(), q.Code, q.Text.In("id"))
			}
		}
	}
}

// PermenPANRB 14/2017 prescribes how handled complaints are graded; six steps hold its
// four and two more.
func TestComplaintsAreAnsweredInTheWordsOfTheRegulation(t *testing.T) {
	t.Parallel()
	steps := map[int][]string{
		4: {"Tidak ada", "Ada, tetapi tidak berfungsi", "Berfungsi, tetapi kurang maksimal", "Dikelola dengan baik"},
		6: {"Tidak ada", "Ada, tetapi tidak berfungsi", "Berfungsi, tetapi kurang maksimal", "Dikelola cukup baik", "Dikelola dengan baik", "Dikelola dengan sangat baik"},
	}
	asked := 0
	for _, in := range newest(t) {
		for _, q := range in.Questions {
			if q.Code != "pengaduan" {
				continue
			}
			asked++
			for k, o := range q.Options {
				if want := steps[len(q.Options)][k]; o.Label.In("id") != want {
					t.Errorf("%s: step %d of pengaduan is %q, want %q", in.Ref(), k+1, o.Label.In("id"), want)
				}
			}
			if !strings.Contains(q.Help.In("id"), "tidak mengadu") {
				t.Errorf("%s: who did not complain is not told what to answer from", in.Ref())
			}
		}
	}
	if asked != 4 {
		t.Errorf("%d instruments ask about complaints", asked)
	}
}

// A reader must be able to put the steps in order without seeing the others: "not" and
// "not very" can't be, nor can "sometimes" beside "once or twice".
func TestStepsOfAScaleAreClearlyOrdered(t *testing.T) {
	t.Parallel()
	for _, in := range newest(t) {
		if strings.Contains(in.Intro.In("id"), "kunjungan") && !strings.HasPrefix(in.Intro.In("id"), "Untuk pertanyaan tentang pelayanan") {
			t.Errorf("%s asks of one visit how often something happens: %q", in.Ref(), in.Intro.In("id"))
		}
		for _, q := range in.Questions {
			for k, o := range q.Options {
				label := o.Label.In("en")
				if bare := strings.HasPrefix(label, "Not ") && !strings.HasPrefix(label, "Not at all ") && !strings.HasPrefix(label, "Not very "); bare || label == "Sometimes" {
					t.Errorf("%s %s: step %d is %q", in.Ref(), q.Code, k+1, label)
				}
			}
			if q.Scored && regexp.MustCompile(`^(How|What) (is|are|do|does)\b|^How \w+ (is|are|do|does)\b`).MatchString(q.Text.In("en")) {
				t.Errorf("%s %s: %q is not of the visit", in.Ref(), q.Code, q.Text.In("en"))
			}
			if q.Code == "respon" && strings.Contains(q.Help.In("id"), "aplikasi") {
				t.Errorf("%s asks how fast one is helped at the office, and tells of an app", in.Ref())
			}
		}
	}
}
