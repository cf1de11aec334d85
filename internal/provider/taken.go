package provider

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/purchase"
)

// taken tells the provider processes of one machine which orders a purchase has given
// to a resource. Two aliases of a provider are two processes, and send at the same
// moment: Runa's Date, exact to a second, does not tell whose order it was. An order
// leaves an empty file, named by a digest, in a folder of the user's own.
type taken struct{ dir string }

// takenFor is how long an order is told of. After that Runa's times tell.
const takenFor = 24 * time.Hour

// newTaken starts a folder, and forgets what is old in it. Without one (a read-only
// machine) nothing is told, and nothing else changes.
func newTaken(parent string, now time.Time) taken {
	dir := filepath.Join(parent, fmt.Sprintf("terraform-provider-runa-%d", os.Getuid()))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return taken{}
	}
	entries, _ := os.ReadDir(dir) // none is the answer to an error, too
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && now.Sub(info.ModTime()) > takenFor {
			_ = os.Remove(filepath.Join(dir, entry.Name()))
		}
	}
	return taken{dir}
}

// take notes an order, and reports whether a resource had it before.
func (t taken) take(account, order string) bool {
	if t.dir == "" || order == "" {
		return false
	}
	sum := sha256.Sum256([]byte(account + "\n" + order))
	file, err := os.OpenFile(filepath.Join(t.dir, hex.EncodeToString(sum[:])), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return errors.Is(err, fs.ErrExist)
	}
	_ = file.Close()
	return false
}

// takes notes the order that a purchase gives to a resource, and reports whether
// another resource had it before.
func (s *session) takes(result purchase.Result) bool {
	placed := result.Verdict == purchase.Bought || result.Verdict == purchase.Processing
	return placed && s.taken.take(s.client.Account(), result.Order.ID)
}
