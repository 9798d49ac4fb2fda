package migrations

// sqliteSums removes releases that hold tallies of the shape before, without the sums
// of pairs of questions: nobody can read them any more, and the next run makes them
// anew from the answers. The tallies themselves are made anew where they are met.
const sqliteSums = `DELETE FROM releases;`
