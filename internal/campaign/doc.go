// Package campaign deals a list of rewards into orders, once and forever: which
// reward is in which order, what of it is bought, and how it is found again at Runa.
//
// It knows no Terraform type. What buys an order exactly once is internal/purchase.
package campaign
