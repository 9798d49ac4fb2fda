package archtest

import (
	"fmt"
	"slices"
	"strings"
)

// A listed is what `go list -json` says of one package.
type listed struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

// breaches are the sentences that say where the packages of a module break
// the rules; none when they hold.
//
// For a pure room the whole closure counts: neither a technology nor net/http
// may come in through a third package either. A library that brings net/http
// along would be named here with the way it came, and whether the rules and
// the arithmetic are worth it is then a decision, not an accident.
func breaches(module string, packages []listed, r rules) []string {
	c := checker{module: module, rules: r, byPath: map[string]listed{}}
	for _, p := range packages {
		c.byPath[p.ImportPath] = p
	}
	for _, p := range packages {
		if name, ok := c.ours(p.ImportPath); ok {
			c.check(name, p)
		}
	}
	slices.Sort(c.found)
	return slices.Compact(c.found)
}

type checker struct {
	module string
	rules  rules
	byPath map[string]listed
	found  []string
}

func (c *checker) breach(format string, args ...any) {
	c.found = append(c.found, fmt.Sprintf(format, args...))
}

// ours is the name of a package of the module and whether it is one.
func (c *checker) ours(path string) (string, bool) {
	return strings.CutPrefix(path, c.module+"/")
}

func (c *checker) check(name string, p listed) {
	i := slices.IndexFunc(c.rules.rooms, func(r room) bool { return r.path == name })
	if i < 0 {
		c.breach("%s has no row in the table of rooms", name)
		return
	}
	for _, imported := range p.Imports {
		c.checkRoom(c.rules.rooms[i], imported)
	}
	for _, imported := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
		for _, t := range c.rules.technologies {
			if t.has(imported) && !slices.Contains(t.rooms, name) {
				c.breach("%s imports %s: %s is for %s", name, imported, t.name, strings.Join(t.rooms, ", "))
			}
		}
	}
	if slices.Contains(c.rules.pure, name) {
		c.checkClosure(name, p.ImportPath)
	}
}

// checkRoom holds one import of a room's product code against its row.
func (c *checker) checkRoom(importer room, path string) {
	imported, ok := c.ours(path)
	if !ok {
		return
	}
	if slices.Contains(c.rules.testing, imported) && !slices.Contains(c.rules.testing, importer.path) {
		c.breach("%s imports %s, which is test code", importer.path, imported)
		return
	}
	if !slices.Contains(importer.ours, everyRoom) && !slices.Contains(importer.ours, imported) {
		c.breach("%s imports %s, which is not in its row", importer.path, imported)
	}
	if c.rules.place(imported) < c.rules.place(importer.path) {
		c.breach("%s imports %s, which stands above it", importer.path, imported)
	}
}

// unneeded are the sentences that name rows without a package, and rooms in a row that its
// package does not import: what may be imported should be what is.
func unneeded(module string, packages []listed, r rules) (found []string) {
	for _, room := range r.rooms {
		i := slices.IndexFunc(packages, func(p listed) bool { return p.ImportPath == module+"/"+room.path })
		if i < 0 {
			found = append(found, room.path+" has a row and is no package")
			continue
		}
		for _, ours := range room.ours {
			if ours != everyRoom && !slices.Contains(packages[i].Imports, module+"/"+ours) {
				found = append(found, room.path+" may import "+ours+" and does not")
			}
		}
	}
	return found
}

// checkClosure walks everything that a pure room draws in, nearest first, so
// that the way it names is a shortest one.
func (c *checker) checkClosure(name, start string) {
	ways := map[string][]string{start: {start}}
	for queue := []string{start}; len(queue) > 0; queue = queue[1:] {
		for _, imported := range c.byPath[queue[0]].Imports {
			if _, seen := ways[imported]; seen {
				continue
			}
			way := append(slices.Clone(ways[queue[0]]), imported)
			ways[imported] = way
			if what, bad := c.impure(imported); bad {
				c.breach("%s draws in %s: %s", name, what, strings.Join(way, " > "))
				continue
			}
			queue = append(queue, imported)
		}
	}
}

func (c *checker) impure(path string) (what string, bad bool) {
	if path == "net/http" {
		return path, true
	}
	for _, t := range c.rules.technologies {
		if t.has(path) {
			return t.name, true
		}
	}
	return "", false
}

func (t technology) has(path string) bool {
	return slices.ContainsFunc(t.prefixes, func(prefix string) bool {
		return path == prefix || strings.HasPrefix(path, prefix+"/")
	})
}
