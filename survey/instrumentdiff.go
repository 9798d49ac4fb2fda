package survey

import (
	"fmt"
	"strconv"
	"strings"
)

// differences lists what is otherwise in another text of the same version, in the
// order of this one: what it lacks there, and then what it has more.
func (i *Instrument) differences(other *Instrument) []string {
	mine, its := i.contents(), other.contents()
	was, is := mine.byPath(), its.byPath()
	var out []string
	for _, l := range mine {
		switch o, ok := is[l.path]; {
		case !ok:
			out = append(out, fmt.Sprintf("%s is missing, it was %q", l.path, l.value))
		case o.value != l.value:
			out = append(out, fmt.Sprintf("%s is %q, it was %q", l.path, o.value, l.value))
		}
	}
	for _, l := range its {
		if _, ok := was[l.path]; !ok {
			out = append(out, fmt.Sprintf("%s is %q, there was none", l.path, l.value))
		}
	}
	return out
}

// contents lists all that an instrument says, by path.
func (i *Instrument) contents() leaves {
	var l leaves
	l.texts("title", i.Title)
	l.texts("intro", i.Intro)
	l.add("", "source", i.Source)
	for n := range i.Questions {
		q := &i.Questions[n]
		path := "questions." + q.Code
		l.add("", path, "number "+strconv.Itoa(n+1))
		l.texts(path+".text", q.Text)
		l.texts(path+".help", q.Help)
		l.add(path, "scored", strconv.FormatBool(q.Scored))
		l.add(path, "required", strconv.FormatBool(q.Required))
		l.add(path, "declinable", strconv.FormatBool(q.Declinable))
		for _, o := range q.Options {
			l.texts(path+".options."+strconv.Itoa(o.Value), o.Label)
		}
	}
	for n, f := range i.Respondent {
		path := "respondent." + f.Code
		l.add("", path, "number "+strconv.Itoa(n+1))
		l.texts(path+".text", f.Text)
		for k, c := range f.Categories {
			l.add(path+".categories", c.Code, "number "+strconv.Itoa(k+1))
			l.texts(path+".categories."+c.Code, c.Label)
		}
	}
	for n, x := range i.Indexes {
		path := "indexes." + x.Code
		l.add("", path, "number "+strconv.Itoa(n+1))
		l.texts(path+".name", x.Name)
		l.add(path, "scale", strconv.Itoa(x.Scale))
		l.add(path, "method", x.Method)
		for k, a := range x.Aspects {
			aspect := path + ".aspects." + a.Code
			l.add("", aspect, "number "+strconv.Itoa(k+1))
			l.texts(aspect+".name", a.Name)
			l.add(aspect, "questions", strings.Join(a.Questions, ", "))
		}
	}
	return l
}

func (l *leaves) texts(path string, t Text) {
	for _, lang := range sortedKeys(t) {
		l.add(path, lang, t[lang])
	}
}
