package document

import (
	"reflect"
	"testing"
	"time"

	"persepsi/internal/chart"
)

// full is a document that has one of everything, none of it empty.
func full() *Document {
	drawing := &chart.Chart{
		Title: "t", Desc: "d", Table: chart.Table{Columns: []string{"a"}, Rows: [][]string{{"1"}}},
		Drawings: []chart.Drawing{{Width: 1, Height: 2, Commands: []chart.Command{
			chart.Path{Role: chart.Axis, Points: []chart.Point{{X: 1, Y: 2}}}, chart.Rect{Role: chart.Band, X: 1}, chart.Circle{Role: chart.Dot, X: 1}, chart.Text{Role: chart.Label, Words: "x"},
		}}},
	}
	return &Document{
		Lang: "id", Title: "t", At: time.Unix(1, 0).UTC(), PageOf: func(int, int) string { return "1 dari 2" },
		Cover: &Cover{City: "c", Chart: drawing, Arms: &Picture{Data: []byte{1}}, Finding: Plain("f"), Basis: []string{"b"}, Age: &Age{Address: "a", Lines: []string{"l"}}},
		Sections: []Section{{ID: "s", Blocks: []Block{
			Paragraph{Runs: Plain("p")},
			List{Items: [][]Run{Plain("i")}},
			Table{Columns: []Column{{Title: "c"}}, Rows: []Row{{Cells: []string{"1"}}}},
			Figure{Caption: "f", Chart: drawing},
			Facts{Rows: []Fact{{Name: "n", Value: Plain("v")}}},
			Picture{Data: []byte{1}, Type: "image/png"},
			Signatures{Signers: []Signature{{Above: []string{"a"}, Name: "n", Below: []string{"b"}}}},
		}}},
	}
}

// Whatever a document says otherwise, down to a letter in the cell of a chart's table, has
// another digest; nothing that it may hold has none.
func TestADigestIsOfAllThatADocumentSays(t *testing.T) {
	t.Parallel()
	want := full().Digest()
	if full().Digest() != want {
		t.Fatal("the same document has two digests")
	}
	seen := 0
	doc := full()
	var walk func(path string, v reflect.Value)
	changed := func(path string, v reflect.Value, to reflect.Value) {
		seen++
		was := reflect.New(v.Type()).Elem()
		was.Set(v)
		v.Set(to)
		if doc.Digest() == want {
			t.Errorf("%s may say anything", path)
		}
		v.Set(was)
	}
	walk = func(path string, v reflect.Value) {
		switch v.Kind() {
		case reflect.Struct:
			if v.Type() == timeType {
				changed(path, v, reflect.ValueOf(time.Unix(2, 0).UTC()))
				return
			}
			for i := range v.NumField() {
				walk(path+"."+v.Type().Field(i).Name, v.Field(i))
			}
		case reflect.Slice:
			changed(path, v, reflect.Append(v, reflect.Zero(v.Type().Elem())))
			for i := range v.Len() {
				walk(path+"[]", v.Index(i))
			}
		case reflect.Pointer:
			if !v.IsNil() {
				walk(path, v.Elem())
			}
		case reflect.Interface:
			of := reflect.New(v.Elem().Type())
			of.Elem().Set(v.Elem())
			was := reflect.ValueOf(v.Interface())
			v.Set(of.Elem())
			// What an interface holds can't be changed in place: each field of a copy.
			for i := range of.Elem().NumField() {
				one := reflect.New(of.Elem().Type()).Elem()
				one.Set(was)
				field := one.Field(i)
				if !field.CanSet() {
					continue
				}
				switch field.Kind() {
				case reflect.String:
					field.SetString(field.String() + "x")
				case reflect.Bool:
					field.SetBool(!field.Bool())
				case reflect.Float64:
					field.SetFloat(field.Float() + 1)
				case reflect.Slice:
					field.Set(reflect.Append(field, reflect.Zero(field.Type().Elem())))
				default:
					continue
				}
				changed(path+"."+one.Type().Name()+"."+one.Type().Field(i).Name, v, one)
			}
			v.Set(was)
		case reflect.String:
			changed(path, v, reflect.ValueOf(v.String()+"x").Convert(v.Type()))
		case reflect.Bool:
			changed(path, v, reflect.ValueOf(!v.Bool()))
		case reflect.Float64:
			changed(path, v, reflect.ValueOf(v.Float()+1))
		case reflect.Int, reflect.Int64:
			changed(path, v, reflect.ValueOf(v.Int()+1).Convert(v.Type()))
		case reflect.Uint8: // of a picture
			changed(path, v, reflect.ValueOf(v.Uint()+1).Convert(v.Type()))
		}
	}
	walk("document", reflect.ValueOf(doc).Elem())
	if seen < 60 {
		t.Errorf("%d things were changed", seen)
	}
	doc.PageOf = func(int, int) string { return "1 of 2" }
	if doc.Digest() == want {
		t.Error("how pages are numbered may be anything")
	}
	rested := full()
	rested.Rest = func() {}
	if rested.Digest() != want {
		t.Error("a document is another one by how it is written")
	}
	// Two that say the same in other places are not the same, nor are blocks of two kinds.
	for name, pair := range map[string][2]func(d *Document){
		"texts that run into each other": {
			func(d *Document) { d.Title, d.Subject = "ab", "c" }, func(d *Document) { d.Title, d.Subject = "a", "bc" },
		},
		"kinds of blocks": {
			func(d *Document) { d.Sections[0].Blocks = []Block{Facts{}} }, func(d *Document) { d.Sections[0].Blocks = []Block{Signatures{}} },
		},
		"bold and italic": {
			func(d *Document) { d.Cover.Finding = []Run{{Bold: true}} }, func(d *Document) { d.Cover.Finding = []Run{{Italic: true}} },
		},
		"arms and logo": {
			func(d *Document) { d.Cover.Arms, d.Cover.Logo = &Picture{Alt: "a"}, nil }, func(d *Document) { d.Cover.Arms, d.Cover.Logo = nil, &Picture{Alt: "a"} },
		},
	} {
		a, b := full(), full()
		pair[0](a)
		pair[1](b)
		if a.Digest() == b.Digest() {
			t.Errorf("%s: two documents have one digest", name)
		}
	}
}

// Whoever writes a document rests where it says so, and else not at all.
func TestAPauseIsOfWhatRests(t *testing.T) {
	t.Parallel()
	d, rests := full(), 0
	d.Pause()
	d.Rest = func() { rests++ }
	d.Pause()
	if rests != 1 {
		t.Errorf("it rested %d times, want once", rests)
	}
}
