package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"persepsi/internal/paper"
	"persepsi/survey"
)

// oneRow is a file of one paper answer.
func oneRow(sex, age string) []byte {
	return fmt.Appendf(nil, "persyaratan,prosedur,waktu,biaya,produk,kompetensi,perilaku,pengaduan,sarana,sex,age\n4,3,4,1,4,4,4,4,2,%s,%s\n", sex, age)
}

// guesses tries out, in all that a data directory holds, what the one person of an imported
// file told of themselves, whose answers and file are known otherwise.
func guesses(t *testing.T, data string, s *store, d *survey.Directory) (found []string) {
	t.Helper()
	var held []byte
	if err := filepath.WalkDir(data, func(path string, of fs.DirEntry, err error) error {
		if err != nil || of.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		held = append(held, text...)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	keys := []string{""}
	if err := s.Imports(t.Context(), func(i *survey.Import) error {
		keys = append(keys, i.Key)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	period := &d.Catalogue().Periods[0]
	place, _ := d.Unit("loket")
	for _, sex := range []string{"L", "P"} {
		for _, age := range []string{"18-25", "26-35", "36-45"} {
			file := oneRow(sex, age)
			prints := map[string][]byte{"checksum": []byte(fileSum(file))}
			for _, key := range keys {
				raw, err := keyBytes(key)
				if err != nil {
					t.Fatal(err)
				}
				r := &paper.Reader{
					Assignment: survey.Assignment{Place: place, Period: period, Form: d.Form(period.Code)}, Units: participants(d, period),
					Zone: d.Zone(), Now: time.Now(), Key: raw,
				}
				got, err := r.Read("satu.csv", file)
				if err != nil {
					t.Fatal(err)
				}
				id, digest := got.Responses[0].ID, got.Digests[place.Unit.Key()]
				prints["audit "+key], prints["id "+key], prints["digest"] = []byte(fileMark(raw, file)), id[:], []byte(hex.EncodeToString(digest[:]))
			}
			for name, print := range prints {
				if bytes.Contains(held, print) {
					found = append(found, strings.Fields(name)[0]+" "+sex+" "+age)
				}
			}
		}
	}
	return found
}

func TestNobodyTriesOutWhatTheRowOfAnImportedFileTold(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data, file := filepath.Join(dir, "data"), filepath.Join(dir, "satu.csv")
	city := filepath.Join(dir, "city.yaml")
	declare := func(notice string) {
		t.Helper()
		if err := os.WriteFile(city, fmt.Appendf(nil, endedCity, notice), 0o600); err != nil {
			t.Fatal(err)
		}
		if code, _, stderr := call(t, "apply", city, "--data", data); code != 0 {
			t.Fatal(stderr)
		}
	}
	declare("")
	if err := os.WriteFile(file, oneRow("P", "26-35"), 0o600); err != nil {
		t.Fatal(err)
	}
	takeIn := func(args ...string) (int, string) {
		t.Helper()
		code, _, stderr := call(t, append([]string{"import", file, "--period", "2025-s1", "--unit", "loket", "--reason", "arsip", "--data", data}, args...)...)
		return code, stderr
	}
	if code, stderr := takeIn(); code != 0 {
		t.Fatal(stderr)
	}
	if code, stderr := takeIn(); code != 1 || !strings.Contains(stderr, "impor 1") {
		t.Errorf("the same file again: exit code %d, %s", code, stderr)
	}
	if code, stderr := takeIn("--again"); code != 0 { // other people who say the same
		t.Error(stderr)
	}
	declare(", notice: {retention_months: 2}")
	task, s := serverTask(t, data, 0)
	defer s.Close()
	catalogue, err := s.Catalogue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	lib, err := survey.NewLibrary()
	if err != nil {
		t.Fatal(err)
	}
	methods, err := survey.LoadMethods()
	if err != nil {
		t.Fatal(err)
	}
	d, err := survey.NewDirectory(catalogue, lib, methods)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]int{}
	if err := s.Imports(t.Context(), func(i *survey.Import) error {
		keys[i.Key]++
		return nil
	}); err != nil || len(keys) != 1 || keys[""] > 0 {
		t.Fatalf("the keys are %v, err = %v, want one that both imports have", keys, err)
	}
	found := strings.Join(guesses(t, data, s, d), ", ")
	for _, want := range []string{"checksum P 26-35", "audit P 26-35", "id P 26-35", "digest P 26-35"} {
		if !strings.Contains(found, want) {
			t.Errorf("before the erasure somebody finds out %q, want %q: the test tests nothing", found, want)
		}
	}
	if strings.Contains(found, "L ") || strings.Contains(found, "18-25") {
		t.Errorf("they find out %q, which is wrong", found)
	}
	for range 2 {
		if err := task.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if found := guesses(t, data, s, d); len(found) > 0 {
		t.Errorf("after the erasure somebody finds out %q", found)
	}
}
