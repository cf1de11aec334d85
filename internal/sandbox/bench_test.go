package sandbox_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// BenchmarkOrders places orders from 32 clients over kept-alive connections, each of
// them acknowledged, in memory and with a data file.
func BenchmarkOrders(b *testing.B) {
	for _, where := range []string{"memory", "data"} {
		b.Run(where, func(b *testing.B) {
			options := sandbox.Options{Mode: sandbox.ModeProduction, Products: 1, RatePerMinute: -1, Balances: map[string]string{"USD": "1000000000"}}
			if where == "data" {
				options.Data = filepath.Join(b.TempDir(), "runa.db")
			}
			box, err := sandbox.Open(options)
			if err != nil {
				b.Fatal(err)
			}
			defer box.Close()
			server := httptest.NewServer(box)
			defer server.Close()
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}}
			var key atomic.Int64
			b.SetParallelism(max(1, 32/runtime.GOMAXPROCS(0)))
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := buy(client, server.URL, fmt.Sprint(key.Add(1))); err != nil {
						b.Error(err)
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "orders/s")
		})
	}
}

// buy places an order.
func buy(client *http.Client, url, key string) error {
	request, err := http.NewRequest("POST", url+"/v2/order", strings.NewReader(tenDollars))
	if err != nil {
		return err
	}
	for name, value := range map[string]string{
		"X-Api-Key": sandbox.ProductionKey, "X-Idempotency-Key": key, "Content-Type": "application/json",
	} {
		request.Header.Set(name, value)
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if text, err := io.ReadAll(response.Body); err != nil || response.StatusCode != 202 {
		return fmt.Errorf("%d %s, %w", response.StatusCode, text, err)
	}
	return nil
}
