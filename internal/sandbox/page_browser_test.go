package sandbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	_ "image/png" // for screenshots
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/sandbox"
)

// chromium is a browser of this machine, where there is one.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no Chromium on PATH: the page is not looked at in a browser")
	return ""
}

// browse opens an address in a browser of some width, without a window.
func browse(t *testing.T, address string, width int, flags ...string) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	args := append([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--user-data-dir=" + t.TempDir(), fmt.Sprintf("--window-size=%d,1200", width),
	}, flags...)
	var said bytes.Buffer
	cmd := exec.CommandContext(ctx, chromium(t), append(args, address)...)
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			t.Skipf("Chromium does not start here: %v", err)
		}
		t.Fatalf("got error %v, want none: %s", err, said.String())
	}
	return out
}

// widest is a page around the views, which measures how far the widest thing in each
// reaches beyond the window, and presses a button. It is served beside the sandbox, from
// the same origin, since the sandbox's own pages run no script and go into no frame.
const widest = `<!DOCTYPE html><meta charset="utf-8"><style>body { margin: 0 }</style><div id="view"></div><p id="out">wait</p><script>
(async () => {
  const out = {};
  for (const path of VIEWS) {
    const text = await (await fetch(path)).text();
    const view = new DOMParser().parseFromString(text, "text/html");
    document.getElementById("view").innerHTML = view.querySelector("style").outerHTML + view.body.innerHTML;
    const wide = [...document.querySelectorAll("#view .code, #view button, #view input")].filter(e => e.getClientRects().length > 1 || e.getBoundingClientRect().right > window.innerWidth);
    out[path] = {beyond: document.documentElement.scrollWidth - window.innerWidth, broken: wide.map(e => e.textContent)};
  }
  document.getElementById("view").innerHTML = "";
  const form = new URLSearchParams({do: "lose"});
  out.pressed = {beyond: (await fetch("/_sandbox/press", {method: "POST", body: form})).status, broken: []};
  document.getElementById("out").textContent = JSON.stringify(out);
})();
</script>`

// TestPageInBrowser looks at the views in a real browser, wide and narrow, with one order
// and with many: nothing reaches beyond the window, no code or id is broken into two
// lines, a screenshot is not empty, and a button can be pressed from the page's origin.
func TestPageInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	chromium(t)
	for _, orders := range []int{1, 1000} {
		to := receive(t, func(n int) int { return 200 + 300*(n%2) })
		r := production(t, sandbox.Options{Processing: -1, RatePerMinute: -1, Balances: map[string]string{"USD": "900000"}, Webhooks: []sandbox.Webhook{{URL: to.url}}})
		var id string
		for i := range orders {
			id = idOf(t, r.must(r.order(fmt.Sprintf("8d1fa1f0-0d2c-5f5e-9f5a-%012d", i), springSurvey), 202))
		}
		views := []string{"/", "/?show=orders", "/?show=requests", "/?show=events", "/?show=products", "/?show=admin", "/?order=" + id}
		text := strings.Replace(widest, "VIEWS", string(mustMarshal(t, views)), 1)
		around := besides(t, r, text)
		for _, width := range []int{1400, 400} {
			dom := string(browse(t, around+"/measure", width, "--virtual-time-budget=20000", "--dump-dom"))
			_, rest, _ := strings.Cut(dom, `<p id="out">`)
			rest, _, _ = strings.Cut(rest, "</p>")
			var measured map[string]struct {
				Beyond int
				Broken []string
			}
			if err := json.Unmarshal([]byte(rest), &measured); err != nil {
				t.Fatalf("got error %v, want JSON: %s", err, dom[max(0, len(dom)-500):])
			}
			for _, view := range views {
				if m, ok := measured[view]; !ok || m.Beyond > 0 || len(m.Broken) > 0 {
					t.Errorf("%d orders, %d wide: %s reaches %d beyond the window, and breaks %q; want 0 and none", orders, width, view, m.Beyond, m.Broken)
				}
			}
			if status := measured["pressed"].Beyond; status != http.StatusOK {
				t.Errorf("a button is answered %d, want 200", status)
			}
		}
		shot := filepath.Join(t.TempDir(), "page.png")
		browse(t, r.url+"/", 1400, "--screenshot="+shot)
		if colours := coloursOf(t, shot); colours < 20 {
			t.Errorf("%d orders: got %d colours on the page, want at least 20", orders, colours)
		}
	}
}

// besides serves a page at /measure of an origin that is otherwise the sandbox's.
func besides(t *testing.T, r *rig, text string) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/", r.box)
	mux.HandleFunc("/measure", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, text)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// coloursOf counts the colours of a screenshot.
func coloursOf(t *testing.T, path string) int {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	picture, _, err := image.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[[3]uint32]bool{}
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y += 2 {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x++ {
			red, green, blue, _ := picture.At(x, y).RGBA()
			seen[[3]uint32{red, green, blue}] = true
		}
	}
	return len(seen)
}
