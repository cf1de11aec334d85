// Package input judges what people write: text that was copied from a mail program or
// a spreadsheet, and numbers that were calculated. It says what is wrong in a few words
// that follow the name of a field ("has a space at its end"), and never repeats the
// text: it may be a secret.
//
// It knows nothing of Terraform, of Runa's API or of the catalogue.
package input
