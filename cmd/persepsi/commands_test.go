package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"image/png"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/unicode"

	"persepsi/analytics"
	"persepsi/survey"
)

// scriptCommands are what the scripts have beside testscript's own commands.
func scriptCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"status": status, "dated": dated, "utf16": utf16, "latin1": latin1,
		"workbook": workbook, "fill": fill, "cells": cells, "scan": scan, "lines": lines,
		"docx": docxWords, "oneline": oneline, "newer": newer, "secrets": secrets, "remember": remember, "spoil": spoil,
	}
}

// indiscreet is what no person may read: traces, and the words of drivers and
// libraries below.
var indiscreet = regexp.MustCompile(`(?i)goroutine \d|panic|runtime error|\.go:\d|sasl|topology|server selection|connection\(\)|sqlite|bson|11000|sql logic|reflect|nil pointer|%!|<nil>`)

// status CODE COMMAND ARG…: runs a command that must end with this exit code,
// failures saying why on stderr and nothing but that.
func status(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	stdout, stderr := ts.ReadFile("stdout"), ts.ReadFile("stderr")
	if strconv.Itoa(got) != args[0] {
		ts.Fatalf("exit code %d, want %s\n%s%s", got, args[0], stdout, stderr)
	}
	if word := indiscreet.FindString(stderr); word != "" {
		ts.Fatalf("a person must not read %q:\n%s", word, stderr)
	}
	if got == 0 {
		return
	}
	if stdout != "" || !strings.HasPrefix(stderr, "persepsi: ") || !strings.HasSuffix(stderr, "\n") {
		ts.Fatalf("a failure must say why, on stderr alone:\nstdout: %s\nstderr: %s", stdout, stderr)
	}
	// What follows the first line are faults, each with its place.
	for _, line := range strings.Split(strings.TrimSpace(stderr), "\n")[1:] {
		if !regexp.MustCompile(`^  \S.*: \S`).MatchString(line) {
			ts.Fatalf("%q is neither the reason nor a fault with its place:\n%s", line, stderr)
		}
	}
}

// dated FILE…: writes the days of the script's environment into files, for
// ${TODAY} and its like.
func dated(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		text := os.Expand(ts.ReadFile(name), ts.Getenv)
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o600))
	}
}

// utf16 FILE: writes the file as spreadsheets write "Unicode text".
func utf16(ts *testscript.TestScript, _ bool, args []string) {
	out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(ts.ReadFile(args[0]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(out), 0o600))
}

// latin1 FILE: writes é as the one byte that it is in ISO 8859-1.
func latin1(ts *testscript.TestScript, _ bool, args []string) {
	text := strings.ReplaceAll(ts.ReadFile(args[0]), "é", "\xe9")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// workbook FILE.csv FILE.xlsx [CELL FORMULA]: makes a workbook of a table.
func workbook(ts *testscript.TestScript, _ bool, args []string) {
	rows, err := csv.NewReader(strings.NewReader(ts.ReadFile(args[0]))).ReadAll()
	ts.Check(err)
	f := excelize.NewFile()
	defer f.Close() // only memory
	for y, row := range rows {
		for x, text := range row {
			cell, err := excelize.CoordinatesToCellName(x+1, y+1)
			ts.Check(err)
			if n, err := strconv.Atoi(text); err == nil {
				ts.Check(f.SetCellInt("Sheet1", cell, int64(n)))
			} else {
				ts.Check(f.SetCellStr("Sheet1", cell, text))
			}
		}
	}
	if len(args) == 4 {
		ts.Check(f.SetCellFormula("Sheet1", args[2], args[3]))
	}
	ts.Check(f.SaveAs(ts.MkAbs(args[1])))
}

// fill FILE.xlsx FILE.xlsx [SHEET] CELL TEXT…: fills cells of a workbook in, numbers as
// numbers and nothing as nothing; a sheet's name counts from there on.
func fill(ts *testscript.TestScript, _ bool, args []string) {
	f, err := excelize.OpenFile(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close() // only memory
	sheet := ""
	for i := 2; i+1 < len(args); i += 2 {
		if slices.Contains(f.GetSheetList(), args[i]) {
			sheet = args[i]
			i++
		}
		var of any = args[i+1]
		if n, err := strconv.ParseFloat(args[i+1], 64); err == nil {
			of = n
		} else if args[i+1] == "" {
			of = nil
		}
		ts.Check(f.SetCellValue(sheet, args[i], of))
	}
	ts.Check(f.SaveAs(ts.MkAbs(args[1])))
}

// cells FILE.xlsx SHEET: prints a sheet's stored values as CSV.
func cells(ts *testscript.TestScript, _ bool, args []string) {
	rows, err := sheetRows(ts.MkAbs(args[0]), args[1])
	ts.Check(err)
	w := csv.NewWriter(ts.Stdout())
	ts.Check(w.WriteAll(rows))
}

func sheetRows(name, sheet string) ([][]string, error) {
	f, err := excelize.OpenFile(name, excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, err
	}
	defer f.Close() // only read
	return f.GetRows(sheet)
}

// docxWords (docx FILE): prints the text of a file of Word.
func docxWords(ts *testscript.TestScript, _ bool, args []string) {
	text, err := docxText([]byte(ts.ReadFile(args[0])))
	ts.Check(err)
	_, err = fmt.Fprintln(ts.Stdout(), text)
	ts.Check(err)
}

// scan FILE.png TEXT: reads a symbol with an independent reader.
func scan(ts *testscript.TestScript, _ bool, args []string) {
	f, err := os.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close() // only read
	img, err := png.Decode(f)
	ts.Check(err)
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	ts.Check(err)
	got, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	ts.Check(err)
	if got.GetText() != args[1] {
		ts.Fatalf("the symbol says %q, want %q", got.GetText(), args[1])
	}
}

// lines FILE N: the file has N lines.
func lines(ts *testscript.TestScript, _ bool, args []string) {
	if got := strings.Count(ts.ReadFile(args[0]), "\n"); fmt.Sprint(got) != args[1] {
		ts.Fatalf("%s has %d lines, want %s", args[0], got, args[1])
	}
}

// oneline: what the last command said on stderr is one line.
func oneline(ts *testscript.TestScript, _ bool, _ []string) {
	if text := ts.ReadFile("stderr"); strings.Count(text, "\n") != 1 {
		ts.Fatalf("want one line:\n%s", text)
	}
}

// newer FILE: puts a database there as a program of the future leaves it: its
// ledger of migrations has a step 99.
func newer(ts *testscript.TestScript, _ bool, args []string) {
	data, err := os.ReadFile(filepath.Join("testdata", "newer.db"))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o600))
}

// spoil FILE FORM: flips a bit in the count of answers of every stored tally of a
// form, in the bytes of the database's file.
func spoil(ts *testscript.TestScript, _ bool, args []string) {
	name := ts.MkAbs(args[0])
	data, err := os.ReadFile(name)
	ts.Check(err)
	lib, err := survey.NewLibrary()
	ts.Check(err)
	form, err := lib.FormByID(args[1])
	ts.Check(err)
	start := analytics.NewTally(form).Encode()[:2+len(args[1])] // version, length and form
	n := bytes.Count(data, start)
	for from := 0; ; {
		at := bytes.Index(data[from:], start)
		if at < 0 {
			break
		}
		from += at + len(start)
		data[from] ^= 1 << 3
	}
	if n == 0 {
		ts.Fatalf("%s holds no tally of %s", args[0], args[1])
	}
	ts.Check(os.WriteFile(name, data, 0o600))
}

// secrets FILE DIR: no file below DIR holds the secret that FILE shows.
func secrets(ts *testscript.TestScript, _ bool, args []string) {
	secret := strings.TrimSpace(ts.ReadFile(args[0]))
	ts.Check(filepath.WalkDir(ts.MkAbs(args[1]), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if err == nil && strings.Contains(string(data), secret) {
			ts.Fatalf("%s holds the secret", name)
		}
		return err
	}))
}

// remember NAME PATTERN: puts what the pattern's group finds in the last
// command's output into the script's environment.
func remember(ts *testscript.TestScript, _ bool, args []string) {
	found := regexp.MustCompile(args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if found == nil {
		ts.Fatalf("%s is not in\n%s", args[1], ts.ReadFile("stdout"))
	}
	ts.Setenv(args[0], found[1])
}
