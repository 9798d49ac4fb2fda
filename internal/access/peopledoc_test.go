package access

import (
	"os"
	"slices"
	"strings"
	"testing"

	"persepsi/internal/testtools"
)

// table returns the rows of the table of docs/people.md whose first column has this
// head, without the ticks of its cells.
func table(t *testing.T, head string) (columns []string, rows [][]string) {
	t.Helper()
	text, err := os.ReadFile("../../docs/people.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(text), "\n| "+head+" |")
	if !found {
		t.Fatalf("docs/people.md has no table of %s", head)
	}
	for i, line := range strings.Split(after, "\n") {
		cells := strings.Split(strings.Trim(line, "| "), "|")
		for j := range cells {
			cells[j] = strings.TrimSpace(cells[j])
		}
		switch {
		case i == 0:
			columns = cells
		case i == 1: // the rule below the head
		case !strings.HasPrefix(line, "|"):
			return columns, rows
		default:
			rows = append(rows, cells)
		}
	}
	return columns, rows
}

func said(t *testing.T, cell string) bool {
	t.Helper()
	if cell != "yes" && cell != "–" {
		t.Errorf("docs/people.md says %q", cell)
	}
	return cell == "yes"
}

func TestTheDocumentSaysWhatEachRoleMayDo(t *testing.T) {
	t.Parallel()
	roles, rows := table(t, "action")
	var told []string
	for _, row := range rows {
		name, _, _ := strings.Cut(strings.TrimPrefix(row[0], "`"), "`")
		told = append(told, name)
		for i, role := range roles {
			a := Actor{Name: "Siti", Person: "siti", Grants: []Grant{{Role: Role(role), Scope: City()}}}
			if Role(role) == Public {
				a = Anybody()
			}
			if want := Allow(a, Action(name), City()); said(t, row[i+1]) != want {
				t.Errorf("%s does %s: allowed = %v, docs/people.md says %q", role, name, want, row[i+1])
			}
		}
	}
	if actions := testtools.Constants(t, ".", "Browse"); !slices.Equal(told, actions) {
		t.Errorf("docs/people.md tells of the actions %q, there are %q", told, actions)
	}
	for _, role := range append(Roles(), Public) {
		if !slices.Contains(roles, string(role)) {
			t.Errorf("docs/people.md tells nothing of %s", role)
		}
	}
}

func TestTheDocumentSaysHowFarAGrantReaches(t *testing.T) {
	t.Parallel()
	scopes := map[string]Scope{
		"the city": City(), "the agency": Agency("dinkes"), "its unit": Unit("dinkes", "pkm"),
		"another unit of it": Unit("dinkes", "rsud"), "another agency": Agency("dukcapil"),
	}
	columns, rows := table(t, "granted on")
	if len(columns) != len(scopes) || len(rows) != 3 {
		t.Fatalf("columns %q, %d rows", columns, len(rows))
	}
	for _, row := range rows {
		a := Actor{Name: "Siti", Grants: []Grant{{Role: Evaluator, Scope: scopes[row[0]]}}}
		for i, on := range columns {
			if want := Allow(a, ReadLive, scopes[on]); said(t, row[i+1]) != want {
				t.Errorf("granted on %s, on %s: allowed = %v, docs/people.md says %q", row[0], on, want, row[i+1])
			}
		}
	}
}
