package testtools

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// Office finds LibreOffice, which knows nothing of ours. It skips the test where there is
// none, and in short runs: a test asks before it makes what is to be opened.
func Office(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("LibreOffice takes seconds: a short run does not start it")
	}
	for _, name := range []string{"soffice", "libreoffice"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("LibreOffice is not here: what it would open is not opened")
	return ""
}

// Recalculated has LibreOffice open workbooks and compute their formulas: the results that
// stand in the files are taken out before.
func Recalculated(t testing.TB, files ...string) []*excelize.File {
	t.Helper()
	office, dir := Office(t), t.TempDir()
	arguments := []string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--norestore", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", filepath.Join(dir, "out")}
	for i, file := range files {
		bare := filepath.Join(dir, strconv.Itoa(i)+".xlsx")
		forgetResults(t, file, bare)
		arguments = append(arguments, bare)
	}
	command := exec.CommandContext(t.Context(), office, arguments...)
	command.Env = append(os.Environ(), "HOME="+dir)
	if said, err := command.CombinedOutput(); err != nil {
		t.Fatalf("LibreOffice: %v: %s", err, said)
	}
	out := make([]*excelize.File, len(files))
	for i := range files {
		f, err := excelize.OpenFile(filepath.Join(dir, "out", strconv.Itoa(i)+".xlsx"), excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Close() })
		out[i] = f
	}
	return out
}

// forgetResults writes a workbook without the results of its formulas.
func forgetResults(t testing.TB, from, to string) {
	t.Helper()
	in, err := zip.OpenReader(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	known := regexp.MustCompile(`(<f>[^<]*</f>)<v>[^<]*</v>`)
	for _, part := range in.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		_ = r.Close()
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(part.Name, "xl/worksheets/") {
			text = known.ReplaceAll(text, []byte("$1"))
		}
		to, err := w.Create(part.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}
