package archtest

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestNoTrackedFileNamesThePlaceOfTheCheckout(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(filepath.ToSlash(root), "/") < 2 {
		t.Skipf("%s is so short a path that files may name it for other reasons", root)
	}
	if _, err := os.Stat(filepath.Join(root, ".git")); err != nil {
		if os.Getenv("PERSEPSI_CI") != "" {
			t.Fatalf("CI needs a git checkout: %v", err)
		}
		t.Skipf("not a git checkout: %v", err)
	}
	// The checkout may belong to another user, as in a container.
	tracked := run(t, "git", "-c", "safe.directory="+root, "ls-files", "-z")
	if tracked == "" {
		t.Fatal("git tracks no file: nothing is checked")
	}
	for _, name := range strings.Split(strings.TrimSuffix(tracked, "\x00"), "\x00") {
		info, err := os.Lstat(filepath.Join(root, name))
		if err != nil || !info.Mode().IsRegular() {
			continue // deleted and not yet committed, or a link
		}
		content, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Error(err)
			continue
		}
		if line := lineNaming(content, root); line > 0 {
			t.Errorf("%s:%d names the path of this checkout", name, line)
		}
	}
}

func TestAPathIsFoundAsAWholePathOnly(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, content string
		want          int
	}{
		{"nothing", "", 0},
		{"the path alone", "/home/ani/persepsi", 1},
		{"a file below it on the third line", "a\n\nsee \"/home/ani/persepsi/go.mod\"", 3},
		{"a longer name that begins alike", "/home/ani/persepsi-old and /home/ani/persepsi2", 0},
		{"the end of another path", "/srv/home/ani/persepsi", 0},
		{"a longer name before the path itself", "/home/ani/persepsi2\n/home/ani/persepsi.", 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := lineNaming([]byte(tt.content), "/home/ani/persepsi"); got != tt.want {
				t.Errorf("got line %d, want %d", got, tt.want)
			}
		})
	}
}

// lineNaming is the first line, counted from 1, that names a path; 0 if none.
func lineNaming(content []byte, path string) int {
	for from := 0; ; {
		i := bytes.Index(content[from:], []byte(path))
		if i < 0 {
			return 0
		}
		start := from + i
		from = start + len(path)
		inLonger := start > 0 && isNameByte(content[start-1]) || from < len(content) && isNameByte(content[from])
		if !inLonger {
			return 1 + bytes.Count(content[:start], []byte("\n"))
		}
	}
}

func isNameByte(b byte) bool {
	return b == '_' || b == '-' || '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}
