//go:build unix

package connection

import (
	"syscall"
	"testing"
)

func TestTheLimitOfFileDescriptorsIsThatOfTheProcess(t *testing.T) {
	t.Parallel()
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		t.Fatal(err)
	}
	if got := descriptorLimit(); got != uint64(l.Cur) || Most() != mostOf(got) { //nolint:unconvert // it is signed on some systems
		t.Errorf("limit %d, %d connections, want %d", got, Most(), l.Cur)
	}
}
