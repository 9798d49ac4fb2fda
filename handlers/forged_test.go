package handlers

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestNoHandlerReadsWhatAnybodyCanForge: FormValue reads the address and
// multipart beside the form, and the others believe any peer's forwarding
// headers. PostArgs and peers are there instead.
func TestNoHandlerReadsWhatAnybodyCanForge(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, call := range []string{"FormValue", "FormFile", "MultipartForm", "BodyParser", "BaseURL", "Hostname", "Protocol", "IP", "IPs", "Secure"} {
			if !strings.HasSuffix(file, "_test.go") && strings.Contains(string(text), "c."+call+"(") {
				t.Errorf("%s calls c.%s", file, call)
			}
		}
	}
}
