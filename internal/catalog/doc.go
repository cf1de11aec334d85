// Package catalog knows what can be bought: it reads each part of the catalogue
// once in a run, selects products, compares orders with what Runa sells, compares products with
// what they were, and names a selection by a digest.
//
// It reads through the client and knows nothing of Terraform or of placing orders.
package catalog
