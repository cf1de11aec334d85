package main

import (
	"encoding/json"
	"net"
	"net/http"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// products is the size of the catalogue.
const products = 5000

// localRuna is the sandbox of one repetition, on a loopback port.
type localRuna struct {
	*sandbox.Sandbox
	server  *http.Server
	address string
	seen    int // calls of the journal that are counted
}

// startRuna serves a new sandbox, whose orders are done as soon as they are placed: how
// long Runa works on them is not what is measured.
func startRuna(latency time.Duration, perMinute int) (*localRuna, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	if perMinute == 0 {
		perMinute = -1
	}
	r := &localRuna{
		Sandbox: sandbox.New(sandbox.Options{Products: products, Latency: latency, Processing: -1, RatePerMinute: perMinute}),
		address: listener.Addr().String(),
	}
	r.server = &http.Server{Handler: r, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = r.server.Serve(listener) }()
	return r, nil
}

func (r *localRuna) stop() error {
	r.Close()
	return r.server.Close()
}

// count counts the calls since it was last asked.
func (r *localRuna) count() (posts, gets float64) {
	journal := r.Journal()
	for _, call := range journal[r.seen:] {
		if call.Method == http.MethodPost {
			posts++
		} else {
			gets++
		}
	}
	r.seen = len(journal)
	return posts, gets
}

// codes are those of some products that a plan may name, as Terraform reads a list.
func (r *localRuna) codes(number int) (string, error) {
	request, err := http.NewRequest(http.MethodGet, "http://"+r.address+"/v2/product?limit=500", http.NoBody) //nolint:noctx // our own server
	if err != nil {
		return "", err
	}
	request.Header.Set("X-Api-Key", sandbox.Key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	var page struct {
		Catalog []struct {
			Code string `json:"code"`
		} `json:"catalog"`
	}
	if err := json.NewDecoder(response.Body).Decode(&page); err != nil {
		return "", err
	}
	r.count() // this one is not the provider's
	var codes []string
	for _, product := range page.Catalog[:min(number, len(page.Catalog))] {
		codes = append(codes, product.Code)
	}
	list, err := json.Marshal(codes)
	return string(list), err
}
