package account

import (
	"encoding/base64"

	"github.com/gofiber/fiber/v2"

	"persepsi/handlers/view"
	"persepsi/handlers/web"
	"persepsi/internal/access"
	"persepsi/internal/account"
	"persepsi/survey"
)

// The paths of passkeys: to sign in, and one's own. A form without a reply asks for the
// options that the browser's script needs; with one it ends the ceremony.
const (
	keyPath     = "/masuk/passkey"
	ownKeysPath = "/akun/passkey"
)

// ceremonyCookie holds the token of a ceremony that is on its way.
const ceremonyCookie = "persepsi_passkey"

// errNoPasskeys is the error where the service's address allows no passkeys.
var errNoPasskeys = survey.Errorf(survey.NotFound, "passkeys need an address with a name and TLS: --public-url")

// signInByKey is POST /masuk/passkey.
func (d *entrance) signInByKey(c *fiber.Ctx) error {
	if d.keys == nil {
		return errNoPasskeys
	}
	reply := field(c, "reply")
	if reply == "" {
		// Each ceremony is stored, and no password holds anybody back from beginning more.
		if err := d.site.Passing(c)(web.SignInPath); err != nil {
			return err
		}
		options, token, err := d.service.AskPasskey(c.UserContext(), d.keys)
		if err != nil {
			return err
		}
		return d.options(c, options, token)
	}
	in, err := d.service.SignInByPasskey(c.UserContext(), d.keys, d.ceremony(c), []byte(reply), browser(c))
	if err == nil {
		return d.goOn(c, in, web.Asked(c, web.Next))
	}
	e := refusal(c, err, survey.Unauthorized)
	if e == nil {
		return err
	}
	page, err := d.newDoor(c)
	if err != nil {
		return err
	}
	page.Refused = "door.passkey.wrong"
	return d.site.Page(c, "door", page)
}

// options sends what a browser needs for a ceremony, which its cookie names.
func (d *accounts) options(c *fiber.Ctx, options []byte, token string) error {
	d.keep(c, ceremonyCookie, token, access.CeremonyFor)
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	return c.Send(options)
}

// ceremony returns the token of the ceremony that a browser is in, and takes it away.
func (d *accounts) ceremony(c *fiber.Ctx) string {
	token := c.Cookies(ceremonyCookie)
	d.keep(c, ceremonyCookie, "", 0)
	return token
}

// ownKeys is GET /akun/passkey.
func (d *self) ownKeys(c *fiber.Ctx) error {
	if d.keys == nil {
		return errNoPasskeys
	}
	page, err := d.newKeys(c)
	if err != nil {
		return err
	}
	return d.site.Page(c, "keys", page)
}

func (d *self) newKeys(c *fiber.Ctx) (*view.Keys, error) {
	web.AllowFetch(c)
	list, err := d.service.Passkeys(c.UserContext(), web.ActorOf(c).Person)
	if err != nil {
		return nil, err
	}
	directory := d.site.Directories.Directory()
	has, err := d.service.Factors(c.UserContext(), web.ActorOf(c).Person, directory.City().Name)
	if err != nil {
		return nil, err
	}
	page := &view.Keys{Ask: has.Password, Frame: d.site.FormFrame(c, "keys.title"), Shared: access.IsDemo(web.ActorOf(c).Person)}
	for _, k := range list {
		shown := view.Key{ID: base64.RawURLEncoding.EncodeToString(k.ID), Name: k.Name, Day: directory.Today(k.At)}
		if !k.Used.IsZero() {
			shown.Used = directory.Today(k.Used)
		}
		page.Keys = append(page.Keys, shown)
	}
	return page, nil
}

// changeKeys is POST /akun/passkey: options, a new one, or one less.
func (d *self) changeKeys(c *fiber.Ctx) error {
	who := web.ActorOf(c).Person
	switch {
	case d.keys == nil:
		return errNoPasskeys
	case access.IsDemo(who):
		return survey.Errorf(survey.Forbidden, "the demonstration's people are everybody's")
	}
	var err error
	switch reply, gone := field(c, "reply"), field(c, "lepas"); {
	case gone != "":
		id, bad := base64.RawURLEncoding.DecodeString(gone)
		if bad != nil {
			return survey.Errorf(survey.Malformed, "the form names no passkey")
		}
		err = d.service.RemovePasskey(c.UserContext(), who, id)
	case reply != "":
		err = d.service.TakePasskey(c.UserContext(), d.keys, who, field(c, "name"), d.ceremony(c), []byte(reply))
	default:
		options, token, err := d.service.OfferPasskey(c.UserContext(), d.keys, who, field(c, "old"))
		if err != nil { // the script says that it did not work
			return err
		}
		return d.options(c, options, token)
	}
	if err == nil || survey.CodeOf(err) == survey.NotFound { // it is gone already
		return d.lead(c, ownKeysPath+"?lang="+language(c))
	}
	e := refusal(c, err, survey.Unauthorized, survey.Invalid, survey.Conflict)
	if e == nil {
		return err
	}
	page, err := d.newKeys(c)
	if err != nil {
		return err
	}
	page.Refused = map[survey.Code]string{survey.Unauthorized: "keys.wrong", survey.Invalid: "keys.name.wrong", survey.Conflict: "keys.conflict"}[e.Code]
	return d.site.Page(c, "keys", page)
}

// newPasskeys returns what checks passkeys for the service's address, nil where browsers
// have none for it.
func newPasskeys(address string) *account.Passkeys {
	keys, err := account.NewPasskeys(address, "Persepsi")
	if err != nil {
		return nil
	}
	return keys
}
