package comment

import (
	_ "embed" // the word lists
	"fmt"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// Topic is the code of a topic, such as `waktu`.
type Topic string

// Topics is a set of topics: bit i is the i-th of Classifier.Topics.
type Topics uint32

// Has reports whether the i-th topic is in the set.
func (t Topics) Has(i int) bool { return i >= 0 && t&(1<<i) != 0 }

//go:embed data/topics.yaml
var topicsYAML []byte

// Classifier finds the topics of comments by words and phrases. Safe for concurrent use.
type Classifier struct {
	codes []Topic
	rules []topicRule
}

type topicRule struct {
	words        stemSet
	exact        map[string]bool // words of up to three letters: too many others seem to be forms of one
	phrases, not []phrase
}

// phrase is words that follow each other.
type phrase []string

// topicFile is what topics.yaml has of a topic.
type topicFile struct {
	Code    Topic    `yaml:"code"`
	Words   []string `yaml:"words"`
	Phrases []string `yaml:"phrases"`
	Not     []string `yaml:"not"`
}

// shippedClassifier is read once for all: reading YAML takes longer than what it is read for.
var shippedClassifier = sync.OnceValues(func() (*Classifier, error) { return readClassifier(topicsYAML) })

// NewClassifier returns the classifier by the word lists that come with the program.
func NewClassifier() (*Classifier, error) { return shippedClassifier() }

func readClassifier(text []byte) (*Classifier, error) {
	var list []topicFile
	if err := yaml.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("read topics: %w", err)
	}
	if len(list) > 32 {
		return nil, fmt.Errorf("read topics: %d of them, 32 at most", len(list))
	}
	c := new(Classifier)
	for _, of := range list {
		rule := topicRule{words: stemSet{}, exact: map[string]bool{}}
		for _, w := range of.Words {
			switch {
			case strings.Contains(w, " "):
				rule.phrases = append(rule.phrases, strings.Fields(w))
			case len(w) <= shortest:
				rule.exact[w] = true
			default:
				rule.words.add(w)
			}
		}
		for _, p := range of.Phrases {
			rule.phrases = append(rule.phrases, strings.Fields(p))
		}
		for _, p := range of.Not {
			rule.not = append(rule.not, strings.Fields(p))
		}
		c.codes, c.rules = append(c.codes, of.Code), append(c.rules, rule)
	}
	return c, nil
}

// Topics returns all topics, in the order that pages list them in.
func (c *Classifier) Topics() []Topic { return c.codes }

// Index returns the place of a topic among Topics, -1 for an unknown one.
func (c *Classifier) Index(t Topic) int {
	for i, code := range c.codes {
		if code == t {
			return i
		}
	}
	return -1
}

// Classify returns the topics that a comment speaks of, none where it says nothing of any.
func (c *Classifier) Classify(text string) Topics {
	var stems [][]string
	for _, w := range words(text) {
		stems = append(stems, Stems(w.low))
	}
	var out Topics
	for i := range c.rules {
		if c.rules[i].matches(stems) {
			out |= 1 << i
		}
	}
	return out
}

// matches reports whether a word or phrase of the topic is in a text, outside of the
// phrases in which it means something else.
func (r *topicRule) matches(text [][]string) bool {
	covered := make([]bool, len(text))
	for _, p := range r.not {
		for at := range text {
			if p.at(text, at) {
				for i := range p {
					covered[at+i] = true
				}
			}
		}
	}
	for _, p := range r.phrases {
		for at := range text {
			if p.at(text, at) && !covered[at] {
				return true
			}
		}
	}
	for at, stems := range text {
		if covered[at] {
			continue
		}
		if r.exact[stems[0]] {
			return true
		}
		for _, s := range stems {
			if r.words[s] {
				return true
			}
		}
	}
	return false
}

// at reports whether the phrase stands at a place of a text.
func (p phrase) at(text [][]string, at int) bool {
	if at+len(p) > len(text) {
		return false
	}
	for i, w := range p {
		found := false
		for _, s := range text[at+i] {
			found = found || s == w
		}
		if !found {
			return false
		}
	}
	return true
}
