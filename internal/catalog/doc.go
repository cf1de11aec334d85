// Package catalog knows what can be bought: it selects products and names a
// selection by a digest.
//
// It reads through the client and knows nothing of Terraform or of placing orders.
package catalog
