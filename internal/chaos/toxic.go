package main

import "math/rand/v2"

// toxic is what toxiproxy does to one direction of a connection, as it reads it.
type toxic struct {
	Type       string         `json:"type"`
	Stream     string         `json:"stream"` // upstream: to Runa; downstream: back
	Attributes map[string]int `json:"attributes"`
}

// drawToxics makes a connection fine, slow, or one that ends badly. The numbers fit
// an order, which is some 700 bytes to Runa and as many back, or bulk times as many,
// and a request timeout of one second.
func drawToxics(random *rand.Rand, bulk int) []toxic {
	var harms []toxic
	if random.IntN(4) == 0 {
		harms = append(harms, toxic{"latency", direction(random), map[string]int{"latency": 20 + random.IntN(200), "jitter": random.IntN(20)}})
	}
	switch random.IntN(7) {
	case 0, 1: // nothing worse
	case 2:
		harms = append(harms, toxic{"reset_peer", direction(random), map[string]int{"timeout": random.IntN(300)}})
	case 3:
		harms = append(harms, toxic{"slow_close", direction(random), map[string]int{"delay": 100 + random.IntN(1500)}})
	case 4, 5:
		harms = append(harms, toxic{"limit_data", direction(random), map[string]int{"bytes": 1 + random.IntN(3000*bulk)}})
	case 6:
		harms = append(harms, toxic{"timeout", direction(random), map[string]int{"timeout": 50 + random.IntN(1500)}})
	}
	return harms
}

func direction(random *rand.Rand) string {
	if random.IntN(3) == 0 {
		return "upstream"
	}
	return "downstream" // worse: Runa has done it, and nobody hears of it
}
