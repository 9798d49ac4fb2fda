package archtest

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// linterRule is a rule of depguard. Its mode is lax: an import is allowed unless
// a pattern of deny fits, or a longer one of allow fits as well.
type linterRule struct {
	ListMode string   `yaml:"list-mode"`
	Files    []string `yaml:",flow"`
	Allow    []string `yaml:",flow,omitempty"`
	Deny     []denied
}

type denied struct{ Pkg, Desc string }

// TestTheLinterSaysTheSame holds .golangci.yml against the table of rooms: it
// prints what the file has to say.
func TestTheLinterSaysTheSame(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../.golangci.yml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Linters struct {
			Settings struct {
				Depguard struct{ Rules map[string]linterRule }
			}
		}
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	want := linterRules(strings.TrimSpace(run(t, "go", "list", "-m")), architecture())
	if got := file.Linters.Settings.Depguard.Rules; !reflect.DeepEqual(got, want) {
		expected, err := yaml.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		t.Errorf("the rules of depguard in .golangci.yml should be\n%s", expected)
	}
}

// linterRules are the rules for direct imports as depguard takes them.
func linterRules(module string, r rules) map[string]linterRule {
	const lax = "lax"
	out := map[string]linterRule{}
	named := func(name string) string { return strings.NewReplacer("/", "-", " ", "-").Replace(name) }
	in := func(path string) string { return "**/" + path + "/*.go" }
	testing := make([]denied, len(r.testing))
	for i, path := range r.testing {
		testing[i] = denied{module + "/" + path, "test code"}
	}
	for _, room := range r.rooms {
		rule := linterRule{ListMode: lax, Files: []string{in(room.path), "!$test"}, Deny: testing}
		if !slices.Contains(room.ours, everyRoom) {
			rule.Deny = []denied{{module + "/", "not in the room's row of internal/archtest/rules_test.go"}}
			for _, path := range room.ours {
				rule.Allow = append(rule.Allow, module+"/"+path+"$")
			}
		}
		if !slices.Contains(r.testing, room.path) {
			out[named(room.path)] = rule
		}
	}
	for _, t := range r.technologies {
		rule := linterRule{ListMode: lax}
		for _, path := range t.rooms {
			rule.Files = append(rule.Files, "!"+in(path))
		}
		for _, prefix := range t.prefixes {
			rule.Deny = append(rule.Deny, denied{prefix, t.name + " is for other rooms"})
		}
		out[named(t.name)] = rule
	}
	pure := linterRule{ListMode: lax, Deny: []denied{{"net/http", "a pure room knows no transport"}}}
	for _, path := range r.pure {
		pure.Files = append(pure.Files, in(path))
	}
	out["pure"] = pure
	return out
}
