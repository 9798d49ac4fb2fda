package survey

import (
	"errors"
	"reflect"
	"strings"
	"sync"

	"github.com/go-playground/validator/v10"
)

// shape knows the tags of Draft. Like a compiled pattern it never changes, and
// is made when it is needed first.
var shape = sync.OnceValue(func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Tag.Get("field") })
	v.RegisterAlias("language", "oneof="+strings.Join(Languages(), " "))
	v.RegisterAlias("screenmode", "oneof="+strings.Join(ScreenModes(), " "))
	return v
})

// checkShape adds the faults of a draft's shape.
func checkShape(d *Draft, faults *faultList) {
	var bad validator.ValidationErrors
	if err := shape().Struct(d); !errors.As(err, &bad) {
		return
	}
	for _, e := range bad {
		switch e.Tag() {
		case "required":
			faults.add(e.Field(), "required", "is required", nil)
		case "uuid", "ne":
			faults.add(e.Field(), "bad_id", "must be a UUID in the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", nil)
		case "max":
			faults.add(e.Field(), "too_long", "must have at most "+e.Param()+" characters", map[string]any{"Max": e.Param()})
		default:
			faults.add(e.Field(), "unknown_value", "must be one of "+e.Param(), nil)
		}
	}
}
