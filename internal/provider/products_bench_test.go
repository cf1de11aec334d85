package provider

import (
	"net/http/httptest"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/client"
	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// BenchmarkProductsFromWire writes a whole catalogue as Terraform's values.
func BenchmarkProductsFromWire(b *testing.B) {
	s := sandbox.New(sandbox.Options{})
	defer s.Close()
	server := httptest.NewServer(s)
	defer server.Close()
	api, err := client.New(client.Config{BaseURL: server.URL + "/v2", APIKey: sandbox.Key})
	if err != nil {
		b.Fatal(err)
	}
	var products []client.Product
	for product, err := range api.Products(b.Context(), client.ProductFilter{}) {
		if err != nil {
			b.Fatal(err)
		}
		products = append(products, product)
	}
	b.ReportAllocs()
	for b.Loop() {
		productsFromWire(products)
	}
}
