package mongodb

import (
	"errors"
	"net"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/x/mongo/driver/connstring"

	"persepsi/survey"
)

const (
	defaultDatabase = "persepsi"
	hidden          = "***"
)

// Redact returns a MongoDB URI as it may be shown and logged: scheme, hosts and
// database, without user, password and options.
func Redact(uri string) string {
	scheme, rest, found := strings.Cut(uri, "://")
	if !found {
		scheme, rest = "", uri
	} else {
		scheme += "://"
	}
	// A password may hold any character by mistake, so the last @ counts.
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		scheme, rest = scheme+hidden+"@", rest[at+1:]
	}
	rest, _, _ = strings.Cut(rest, "?")
	hosts, database, named := strings.Cut(rest, "/")
	for _, host := range strings.Split(hosts, ",") {
		// `user:password` whose host was forgotten looks like `host:port`.
		if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
			if _, err := strconv.ParseUint(host[i+1:], 10, 16); err != nil {
				return scheme + hidden
			}
		}
	}
	if named && database != "" {
		return scheme + hosts + "/" + database
	}
	return scheme + hosts
}

// databaseOf returns the database that a URI names, persepsi where it names
// none. Its errors never hold the password.
func databaseOf(uri string) (string, error) {
	cs, err := connstring.ParseAndValidate(uri)
	if err == nil {
		if cs.Database == "" {
			return defaultDatabase, nil
		}
		if strings.ContainsAny(cs.Database, "/\\. \"$*<>:|?\x00") || len(cs.Database) > 63 {
			return "", survey.Errorf(survey.Invalid, "the MongoDB address %s is not valid: a database cannot have that name", Redact(uri))
		}
		return cs.Database, nil
	}
	return "", survey.Errorf(survey.Invalid, "the MongoDB address %s is not valid: %s", Redact(uri), whyInvalid(uri))
}

// whyInvalid returns the driver's reason against an address where that can't
// quote a secret: it is asked again without credentials and options.
func whyInvalid(uri string) string {
	shown := Redact(uri)
	scheme, rest, _ := strings.Cut(shown, "://")
	rest = strings.TrimPrefix(rest, hidden+"@")
	if rest == hidden {
		return "a port is not a number"
	}
	bare := scheme + "://" + rest
	if !strings.Contains(shown, "://") {
		bare = rest
	}
	if _, err := connstring.ParseAndValidate(bare); err != nil {
		var unknown *net.DNSError
		if errors.As(err, &unknown) {
			return "the name " + unknown.Name + " is not known"
		}
		return strings.TrimPrefix(err.Error(), "error parsing uri: ")
	}
	if strings.Contains(shown, hidden+"@") {
		return "its user name and password must be percent-encoded, and its options known"
	}
	return "an option after ? is not understood"
}
