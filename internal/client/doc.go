// Package client speaks Runa's HTTP API: one file for each group of calls,
// one send path, typed errors.
//
// It says exactly what happened on the wire and decides nothing from it: whether
// an order counts as bought is for internal/purchase. It knows nothing of
// Terraform, of rules about orders, or of anything else above it.
package client
