package survey

import (
	"encoding/base64"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// FileReader reads a file that an apply file names by a path, at most MaxPicture bytes
// and one more of it. Its error says why it can't, in words for whoever applies the file.
type FileReader func(path string) ([]byte, error)

// loadedPicture is a picture of a file, or what is wrong with it.
type loadedPicture struct {
	picture     *Picture
	code, wrong string
}

// pictureSource is what a picture was read from: the same path, or the same text where an
// alias repeats it, is read once.
type pictureSource struct {
	path string
	node *yaml.Node
}

// picture reads a picture: a path, a data: URI, or an empty text, which is one without a
// sum and takes away what was declared.
func (p *declarationParser) picture(to **Picture) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		from := resolved(n)
		if from.Kind != yaml.ScalarNode || from.Tag == "!!null" {
			p.fault(path, n, "wrong_type", "must be the path of a PNG or JPEG file, or a data: URI")
			return
		}
		source := pictureSource{node: from}
		if len(from.Value) <= maxName {
			source = pictureSource{path: from.Value}
		}
		one, known := p.pictures[source]
		if !known {
			one = p.load(strings.TrimSpace(from.Value))
			if p.pictures == nil {
				p.pictures = map[pictureSource]loadedPicture{}
			}
			p.pictures[source] = one
		}
		if one.wrong != "" {
			p.fault(path, n, one.code, "%s", one.wrong)
			return
		}
		*to = one.picture
	}
}

// load reads a picture. Those of a file have a bound together: nothing is read beyond it.
func (p *declarationParser) load(from string) loadedPicture {
	if from == "" {
		return loadedPicture{picture: new(Picture)}
	}
	if p.pictureBytes > MaxPictures {
		return loadedPicture{code: "too_large", wrong: "comes after more pictures than a file may have"}
	}
	data, kind, wrong := p.file(from)
	if wrong != nil {
		return *wrong
	}
	made, err := NewPicture(data)
	switch {
	case err != nil:
		return loadedPicture{code: "wrong_picture", wrong: err.Error()}
	case kind != "" && kind != made.Type:
		return loadedPicture{code: "wrong_picture", wrong: "is " + made.Type + " and says that it is " + Printable(kind)}
	}
	if p.pictureBytes += made.Size; p.pictureBytes > MaxPictures {
		return loadedPicture{code: "too_large", wrong: tooManyPictures}
	}
	return loadedPicture{picture: made}
}

const tooManyPictures = "is one too many: the pictures of a city have at most 3 MB together"

// dataURI is the beginning of a data: URI.
var dataURI = regexp.MustCompile(`^data:([^;,]{0,100});base64,`)

// file returns the bytes that a path or a data: URI leads to, and the type that the URI
// names.
func (p *declarationParser) file(from string) (data []byte, kind string, wrong *loadedPicture) {
	if strings.HasPrefix(from, "data:") {
		head := dataURI.FindStringSubmatch(from[:min(len(from), maxName)])
		if head == nil {
			return nil, "", &loadedPicture{code: "wrong_picture", wrong: "must begin with data:image/png;base64, or data:image/jpeg;base64,"}
		}
		data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(from[len(head[0]):]), ""))
		if err != nil {
			return nil, "", &loadedPicture{code: "wrong_picture", wrong: "is no whole base64 text"}
		}
		return data, head[1], nil
	}
	switch {
	case len(from) > maxName:
		return nil, "", &loadedPicture{code: "wrong_text", wrong: "must be a path, or begin with data:"}
	case p.read == nil:
		return nil, "", &loadedPicture{code: "wrong_picture", wrong: "can't be a path here; write the picture itself as a data: URI"}
	}
	data, err := p.read(from)
	if err != nil {
		return nil, "", &loadedPicture{code: "unreadable", wrong: err.Error()}
	}
	return data, "", nil
}

// colourPattern is a colour as style sheets write it; YAML takes what follows an unquoted
// # for a comment, so that the sign may be left out.
var colourPattern = regexp.MustCompile(`^#?[0-9A-Fa-f]{6}$`)

// colour reads a colour; an empty text takes away what was declared.
func (p *declarationParser) colour(to **string) func(string, *yaml.Node) {
	return func(path string, n *yaml.Node) {
		from := resolved(n)
		v := strings.TrimSpace(from.Value)
		if from.Kind != yaml.ScalarNode || from.Tag == "!!null" || v != "" && !colourPattern.MatchString(v) {
			p.fault(path, n, "wrong_colour", `must be red, green and blue in six hexadecimal digits and in quotes, such as "#7a1f2b"`)
			return
		}
		if v != "" {
			v = "#" + strings.ToLower(strings.TrimPrefix(v, "#"))
		}
		*to = &v
	}
}

// picture takes a picture that a file names.
func (m *merger) picture(to **Picture, v *Picture) {
	switch {
	case v == nil:
	case v.Sum == "":
		if *to != nil {
			*to, m.changed = nil, true
		}
	case *to == nil || (*to).Sum != v.Sum || !(*to).Known():
		*to, m.changed = v, true
	}
}

// checkPictures looks whether all pictures, those that the file doesn't name too, are too
// large together.
func (m *merger) checkPictures(f *declaration) {
	all := 0
	for _, data := range m.out.Pictures() {
		all += len(data)
	}
	if all <= MaxPictures {
		return
	}
	last := "city.arms"
	for i := range f.agencies {
		if f.agencies[i].logo != nil {
			last = f.agencies[i].path + ".logo"
		}
	}
	m.fault(last, "too_large", tooManyPictures)
}

// pictureDumper writes pictures as data: URIs, each once: whoever has the same one is an
// alias.
type pictureDumper struct{ seen map[string]*yaml.Node }

func (d *pictureDumper) dump(p *Picture) *yaml.Node {
	if p == nil {
		return nil
	}
	if first := d.seen[p.Sum]; first != nil {
		first.Anchor = "picture-" + p.Sum[:12]
		return &yaml.Node{Kind: yaml.AliasNode, Value: first.Anchor, Alias: first}
	}
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: "data:" + p.Type + ";base64," + base64.StdEncoding.EncodeToString(p.Data)}
	d.seen[p.Sum] = n
	return n
}
