package mongodb

import (
	"context"

	"persepsi/survey"
)

// importBatch is what one Append of an import takes: well within its time-out.
const importBatch = 5000

// Import stores responses batch by batch; see survey.Importer. There is no
// transaction around them: one that was broken off has stored some, and the same
// import again stores the rest, since ids tell which are there.
func (db *DB) Import(ctx context.Context, list []*survey.Response) (survey.Imported, error) {
	var total survey.Imported
	for len(list) > 0 {
		n := min(len(list), importBatch)
		outcomes, err := db.Append(ctx, list[:n])
		if err != nil {
			return total, err
		}
		for _, o := range outcomes {
			switch o.Result {
			case survey.Stored:
				total.Stored++
			case survey.Duplicate:
				total.Before++
			default:
				return total, survey.Errorf(survey.Conflict, "an id was stored with other content while the file was imported; import it again to see which")
			}
		}
		list = list[n:]
	}
	return total, nil
}
