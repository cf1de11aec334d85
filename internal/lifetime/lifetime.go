// Package lifetime makes a plugin live exactly as long as the CLI that started it.
//
// A cancelled pipeline ends its whole process group with SIGTERM. The CLI takes that as
// an interrupt, and waits for what is going on. A plugin that dies of it takes orders
// along that are bought and not recorded. And a CLI that is killed tells its plugin
// nothing: a plugin that waits for it lingers.
package lifetime

import "os"

// Follow outlives SIGTERM, and ends this process when its parent is gone: at once, since
// nobody is left to record what it still does. It must be called before anything else.
func Follow() {
	parent := os.Getppid()
	outliveTerm()
	go func() {
		await(parent)
		os.Exit(1)
	}()
}
