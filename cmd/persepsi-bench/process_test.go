package main

import (
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestAMeasuredProcessHasNoSettingsFromTheEnvironment(t *testing.T) {
	t.Setenv("PERSEPSI_DEMO", "true")
	t.Setenv("PERSEPSI_MONGODB", "mongodb://elsewhere")
	env := program{path: "persepsi"}.command(t.Context(), []string{"PERSEPSI_MONGODB=mongodb://here"}, "serve").Env
	for _, e := range env {
		if strings.HasPrefix(e, "PERSEPSI_DEMO") || e == "PERSEPSI_MONGODB=mongodb://elsewhere" {
			t.Errorf("the process would see %s", e)
		}
	}
	if !slices.Contains(env, "PERSEPSI_MONGODB=mongodb://here") || !slices.Contains(env, "PATH="+os.Getenv("PATH")) {
		t.Errorf("env = %v, want what it needs", env)
	}
}

func TestMemoryAndCPUTimeOfAProcessAreTold(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("Linux only")
	}
	now, peak, err := memory(os.Getpid())
	if err != nil || now < 1<<20 || peak < now {
		t.Errorf("memory %d, at most %d, %v", now, peak, err)
	}
	for sum := 0; busyTime(os.Getpid()) == 0; sum++ { // 10 ms of work show
		_ = strings.Repeat("x", sum%1000)
	}
	if _, _, err := memory(-1); err == nil {
		t.Error("a process that isn't there has memory")
	}
}

func TestTheMemoryOfAProcessIsNotThatOfTheOneWhichStartedIt(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("Linux only")
	}
	const much = 200 << 20
	ours := make([]byte, much)
	for i := 0; i < much; i += 4096 {
		ours[i] = 1
	}
	// It lives long enough to be looked at on a busy machine.
	done, err := program{path: "sleep"}.run(t.Context(), nil, true, "1")
	if err != nil || done.peak == 0 || done.peak > much/2 {
		t.Errorf("a small process had %d bytes beside ours of %d (%v)", done.peak, much, err)
	}
	runtime.KeepAlive(ours)
}

func TestWhenAProcessBeganToSpeakIsTold(t *testing.T) {
	t.Parallel()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell here")
	}
	done, err := program{path: sh}.run(t.Context(), nil, true, "-c", "echo counted; sleep 0.01; echo verified")
	if err != nil {
		t.Fatal(err)
	}
	if done.stdout != "counted\nverified\n" || done.spoke <= 0 || done.spoke >= done.took {
		t.Errorf("%q, which it began after %s of %s", done.stdout, done.spoke, done.took)
	}
}

func TestOnlyTheEndOfWhatAProcessSaysIsKept(t *testing.T) {
	t.Parallel()
	var said tail
	for range 3 {
		_, _ = said.Write([]byte(strings.Repeat("a", tailBytes)))
		_, _ = said.Write([]byte("the end"))
	}
	if got := said.String(); len(got) != tailBytes || !strings.HasSuffix(got, "athe end") {
		t.Errorf("%d bytes kept, ending in %q", len(got), got[len(got)-10:])
	}
}
