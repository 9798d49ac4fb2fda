//go:build unix

package datadir

import (
	"io/fs"
	"os"
	"syscall"
	"testing"
)

type described struct {
	fs.FileInfo
	sys any
}

func (d described) Sys() any { return d.sys }

func TestWhatBelongsToAnotherUserIsNotOurs(t *testing.T) {
	t.Parallel()
	me := uint32(os.Geteuid())
	for name, c := range map[string]struct {
		sys  any
		want bool
	}{
		"mine": {&syscall.Stat_t{Uid: me}, true}, "somebody's": {&syscall.Stat_t{Uid: me + 1}, false}, "nobody knows whose": {nil, false},
	} {
		if got := owned(described{sys: c.sys}); got != c.want {
			t.Errorf("%s: owned = %v, want %v", name, got, c.want)
		}
	}
}
