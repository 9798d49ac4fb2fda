package main

import (
	"image/color"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"persepsi/internal/storetest"
	"persepsi/survey"
)

const lookingCity = `
city: {name: Kota Contoh, colour: "#7a1f2b", arms: look/arms.png}
agencies:
  - code: dukcapil
    name: Dinas Kependudukan
    logo: logo.png
    units:
      - {code: loket, name: Loket, points: [{code: KUPARI47, name: Loket 1}]}
`

// looking writes an apply file with the pictures that it names.
func looking(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range map[string][]byte{
		"city.yaml": []byte(text), "look/arms.png": storetest.Picture(t, 300, 360, color.NRGBA{0xe0, 0, 0, 0xff}).Data, "logo.png": storetest.Picture(t, 200, 100, color.Black).Data,
	} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "city.yaml")
}

func TestArmsAndLogosAreAppliedDumpedAndPrintedOnBothStores(t *testing.T) {
	t.Parallel()
	for _, e := range engines() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			flags := e.flags(t)
			with := func(args ...string) []string { return append(args, flags...) }
			file := looking(t, lookingCity)
			out, _ := must(t, with("apply", file, "--dry-run")...)
			if !strings.Contains(out, "added city.arms: PNG of 300 × 360 pixels, ") || len(out) > 2000 {
				t.Errorf("a dry run tells %s", out)
			}
			must(t, with("apply", file)...)
			for _, again := range []string{file, ""} {
				if again == "" {
					again = filepath.Join(t.TempDir(), "dump.yaml")
					must(t, with("dump", "--out", again)...)
				}
				if out, _ := must(t, with("apply", again)...); !strings.HasPrefix(out, "nothing to change") {
					t.Errorf("%s applied again: %s", again, out)
				}
			}
			pdf := filepath.Join(t.TempDir(), "poster.pdf")
			must(t, with("poster", "--all", "--public-url", "https://survei.example", "--out", pdf)...)
			data, err := os.ReadFile(pdf)
			if err != nil {
				t.Fatal(err)
			}
			if n := len(regexp.MustCompile("/Subtype /Image").FindAll(data, -1)); n != 2 {
				t.Errorf("%d pictures on the poster, want arms and logo", n)
			}
			told, _ := must(t, with("audit")...)
			if strings.Contains(told, "base64") || len(told) > 3000 {
				t.Errorf("the audit holds a picture: %s", told)
			}
			out, _ = must(t, with("apply", looking(t, "city: {arms: logo.png}\nagencies: [{code: dukcapil, logo: ''}]"))...)
			if !strings.Contains(out, "changed city.arms: PNG of 300 × 360 pixels, ") || !strings.Contains(out, "removed agencies.dukcapil.logo: PNG of 200 × 100 pixels, ") {
				t.Errorf("changes: %s", out)
			}
		})
	}
}

func TestAColourThatCannotBeReadIsHintedAtAndKept(t *testing.T) {
	t.Parallel()
	flags := engines()[0].flags(t)
	const hint = "hint: city.colour: "
	_, told := must(t, append([]string{"apply", looking(t, lookingCity)}, flags...)...)
	if strings.Contains(told, hint) {
		t.Errorf("a colour that can be read: %s", told)
	}
	_, told = must(t, append([]string{"apply", looking(t, `city: {colour: "#f5d033"}`)}, flags...)...)
	if !strings.Contains(told, hint+"#f5d033 has a contrast of 1.5 : 1 on white paper and needs 4.5 : 1 to be read, so prints keep the colour of their own\n") {
		t.Errorf("a colour that can't be read: %s", told)
	}
	if out, _ := must(t, append([]string{"dump"}, flags...)...); !strings.Contains(out, `colour: '#f5d033'`) {
		t.Error("the colour is not kept")
	}
}

// A file from elsewhere reads nothing of this machine but what lies beside it.
func TestAPathLeadsToNoFileOutsideTheDirectoryOfTheApplyFile(t *testing.T) {
	t.Parallel()
	flags := engines()[0].flags(t)
	outside := looking(t, lookingCity)
	file := looking(t, "")
	dir := filepath.Dir(file)
	if err := os.Symlink(filepath.Join(filepath.Dir(outside), "logo.png"), filepath.Join(dir, "link.png")); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.png"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"../logo.png": "must be a path within the directory of the apply file", filepath.Join(filepath.Dir(outside), "logo.png"): "must be a path within",
		"link.png": "cannot be read", "pipe.png": "it is no file", "look": "it is no file", "none.png": "none.png, in the directory of the apply file, cannot be read: no such file",
		"city.yaml": "neither a PNG nor a JPEG",
	} {
		if err := os.WriteFile(file, []byte("city: {name: Kota}\nagencies: [{code: a, name: A}, {code: b, name: B, logo: '"+path+"'}]"), 0o600); err != nil {
			t.Fatal(err)
		}
		code, _, told := call(t, append([]string{"apply", file}, flags...)...)
		if code != exitFailed || !strings.Contains(told, "agencies[1].logo: ") || !strings.Contains(told, want) {
			t.Errorf("%s: exit code %d, %s; want %q", path, code, told, want)
		}
	}
}

// A machine that starts while the database is away prints arms as well.
func TestAKeptCatalogueHasItsPictures(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := &survey.Catalogue{Version: 3, City: survey.City{Name: "Kota", Arms: storetest.Picture(t, 30, 40, color.Black)}}
	if err := keepCatalogue(dir, "db", c); err != nil {
		t.Fatal(err)
	}
	got, err := keptCatalogue(dir, "db")
	if diff := cmp.Diff(c, got); err != nil || diff != "" {
		t.Errorf("err = %v, (-want +got):\n%s", err, diff)
	}
}
