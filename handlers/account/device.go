package account

import "strings"

// Device returns what a browser's User-Agent says it is, in a few words that people
// know: `Chrome, Android`; empty where it says nothing known. All else that it says is
// dropped.
func Device(agent string) string {
	var out []string
	for _, words := range [][][2]string{browsers, systems} {
		for _, w := range words {
			if strings.Contains(agent, w[0]) {
				out = append(out, w[1])
				break
			}
		}
	}
	return strings.Join(out, ", ")
}

// What agents say and what it means; the first that is found, for browsers name those
// that they descend from.
var (
	browsers = [][2]string{
		{"Edg", "Edge"},
		{"OPR/", "Opera"},
		{"SamsungBrowser/", "Samsung Internet"},
		{"UCBrowser/", "UC Browser"},
		{"Firefox/", "Firefox"},
		{"FxiOS/", "Firefox"},
		{"CriOS/", "Chrome"},
		{"Chrome/", "Chrome"},
		{"Safari/", "Safari"},
	}
	systems = [][2]string{
		{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"},
	}
)
