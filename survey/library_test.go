package survey

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// pocket is an instrument with one of everything.
const pocket = `code: pocket
version: 1
title: {id: Saku, en: Pocket}
questions:
  - code: q
    text: {id: Apa, en: What}
    help: {id: Bantuan, en: Help}
    scored: true
    options: [{value: 1, label: {id: Tidak, en: "No"}}, {value: 2, label: {id: Ya, en: "Yes"}}]
  - code: s
    text: {id: Siapa, en: Who}
    help: {id: Petunjuk, en: Hint}
    options: [{value: 1, label: {id: T, en: "N"}}, {value: 2, label: {id: Y, en: "Y"}}]
respondent:
  - code: f
    text: {id: Umur, en: Age}
    categories: [{code: a, label: {id: A, en: A}}]
indexes:
  - code: x
    scale: 2
    method: exact
    aspects: [{code: a, name: {id: Unsur, en: Aspect}, questions: [q]}]
`

// signalOptions are those of question s.
const signalOptions = `{value: 1, label: {id: T, en: "N"}}, {value: 2, label: {id: Y, en: "Y"}}`

// steps are the options of a scale from 1 to n.
func steps(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "{value: %d, label: {id: T, en: N}}, ", i+1)
	}
	return b.String()
}

func libraryOf(files ...string) (*Library, error) {
	all := fstest.MapFS{}
	for i, text := range files {
		all[string(rune('a'+i))+".yaml"] = &fstest.MapFile{Data: []byte(text)}
	}
	list, err := readInstruments(all, "*.yaml")
	if err != nil {
		return nil, err
	}
	return libraryWith(list), nil
}

func TestAWrongInstrumentCannotBeShipped(t *testing.T) {
	t.Parallel()
	if _, err := libraryOf(pocket); err != nil {
		t.Fatal(err)
	}
	options := func(n int) string {
		return strings.Repeat("{code: o, label: {id: O, en: O}}, ", n)
	}
	for _, tc := range []struct{ old, with, want string }{
		{"code: pocket", "code: ''", "code, version and title"},
		{"version: 1", "version: 0", "code, version and title"},
		{"{id: Saku, ", "{", "code, version and title"},
		{", en: Pocket", "", "code, version and title"},
		{"code: s", "code: q", "empty or there twice"},
		{"code: s", "code: ''", "empty or there twice"},
		{"{id: Apa, ", "{", "question q lacks a text or help"},
		{", en: What", "", "question q lacks a text or help"},
		{"{id: Bantuan, ", "{", "question q lacks a text or help"},
		{", en: Help", "", "question q lacks a text or help"},
		{`, {value: 2, label: {id: Y, en: "Y"}}`, "", "question s has 1 options"},
		{signalOptions, steps(maxMark + 1), "question s has 36 options"},
		{"value: 2", "value: 3", "option 2 is out of order"},
		{"id: Tidak, ", "", "option 1 is out of order or lacks a label"},
		{`, en: "No"`, "", "option 1 is out of order or lacks a label"},
		{"{id: Umur, ", "{", "respondent field f"},
		{", en: Age", "", "respondent field f"},
		{"categories: [", "categories: [" + options(maxMark), "respondent field f"},
		{"questions: [q]", "questions: []", "no question or name"},
		{"{id: Unsur, ", "{", "no question or name"},
		{", en: Aspect", "", "no question or name"},
		{"questions: [q]", "questions: [nowhere]", "missing, unscored"},
		{"questions: [q]", "questions: [s]", "missing, unscored"},
		{"scale: 2", "scale: 3", "on another scale"},
		{"title:", "tittle: x\ntitle:", "field tittle not found"},
	} {
		text := strings.Replace(pocket, tc.old, tc.with, 1)
		if text == pocket {
			t.Fatalf("%q changes nothing", tc.old)
		}
		if _, err := libraryOf(text); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%q instead of %q: error %v, want %q", tc.with, tc.old, err, tc.want)
		}
	}
	if _, err := libraryOf(strings.Replace(pocket, signalOptions, steps(maxMark), 1)); err != nil {
		t.Errorf("as many options as there are marks: %v", err)
	}
	if _, err := libraryOf(pocket, pocket); err == nil || !strings.Contains(err.Error(), "there twice") {
		t.Errorf("one version twice: error %v", err)
	}
	if _, err := libraryOf(strings.Replace(pocket, "categories: [", "categories: ["+options(maxMark-1), 1)); err != nil {
		t.Errorf("as many categories as there are marks: %v", err)
	}
}

func TestACodeAloneMeansTheNewestVersion(t *testing.T) {
	t.Parallel()
	version := func(n string) string { return strings.Replace(pocket, "version: 1", "version: "+n, 1) }
	lib, err := libraryOf(version("2"), version("3"), version("1"), strings.Replace(pocket, "code: pocket", "code: atlas", 1))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ ref, want, fault string }{
		{"pocket", "pocket@3", ""},
		{"pocket@1", "pocket@1", ""},
		{"pocket@4", "", "has no version \"4\" (newest is 3)"},
		{"purse@1", "", "unknown instrument"},
		{"purse", "", "unknown instrument"},
	} {
		got, err := lib.Resolve(tc.ref)
		if got != tc.want || (err != nil) != (tc.fault != "") || err != nil && !strings.Contains(err.Error(), tc.fault) {
			t.Errorf("%s is %q, %v; want %q, %q", tc.ref, got, err, tc.want, tc.fault)
		}
	}
	if all := lib.Instruments(); len(all) != 2 || all[0].Ref() != "atlas@1" || all[1].Ref() != "pocket@3" {
		t.Errorf("newest in the order of codes: %v", all)
	}
	form, err := lib.Form("pocket@1")
	if err != nil {
		t.Fatal(err)
	}
	if at := form.Indexes[0].Positions[0]; len(at) != 1 || at[0] != 0 {
		t.Errorf("the aspect's question is at %v, want 0", at)
	}
}

// What instruments of the program share is taken from the newest version of any of them, and a
// question that feeds an index is none of it.
func TestWhatInstrumentsShareIsTakenFromTheNewestVersion(t *testing.T) {
	t.Parallel()
	last := strings.NewReplacer("code: pocket", "code: rocket", "code: q", "code: q2", "[q]", "[q2]", "code: s", "code: s2", "code: f", "code: f2").Replace(pocket)
	lib, err := libraryOf(pocket, strings.NewReplacer("version: 1", "version: 2", "Siapa", "Siapakah", "Umur", "Usia").Replace(pocket), last)
	if err != nil {
		t.Fatal(err)
	}
	if _, q := lib.common("s"); q == nil || q.Text["id"] != "Siapakah" {
		t.Errorf("question %+v", q)
	}
	if f, _ := lib.common("f"); f == nil || f.Text["id"] != "Usia" {
		t.Errorf("field %+v", f)
	}
	if f, q := lib.common("q"); f != nil || q != nil {
		t.Errorf("a scored question is shared: %+v, %+v", f, q)
	}
}

// A library learns the same again, and nothing of what can't be used.
func TestALibraryLearnsOnlyWhatCanBeUsed(t *testing.T) {
	t.Parallel()
	lib, methods := testLibrary(t)
	in := *lib.Instruments()[0]
	in.Code = "kota"
	c := &Catalogue{City: City{Name: "K"}, Instruments: []Instrument{in}}
	for range 2 {
		if err := lib.Learn(c); err != nil {
			t.Fatal(err)
		}
	}
	in.Version = 0
	wrong := &Catalogue{City: City{Name: "K"}, Instruments: []Instrument{in}}
	if err := lib.Learn(wrong); err == nil {
		t.Error("an instrument without a version is learnt")
	}
	if _, err := Apply(wrong, []byte("city: {name: Kota}"), lib, methods, codes(), nil, 0); err == nil {
		t.Error("a file is applied to a catalogue that can't be used")
	}
}
