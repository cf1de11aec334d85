package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/processgroup"
)

// postgres is a server of one run, which keeps the state that its runners share. It
// listens on a socket in a folder of its own, and on no port.
type postgres struct {
	dir     string              // short: a socket's path has 104 bytes
	group   *processgroup.Group // its own: an interrupt of the runners is none of the server
	command *exec.Cmd
}

// findPostgres gives the two programs that a server needs, from the PATH or where Debian
// keeps them.
func findPostgres() (initdb, server string, found bool) {
	find := func(name string) string {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
		paths, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name) // the pattern is right
		if len(paths) == 0 {
			return ""
		}
		return paths[len(paths)-1]
	}
	initdb, server = find("initdb"), find("postgres")
	return initdb, server, initdb != "" && server != "" && canServe()
}

// startPostgres makes a new server and waits until it answers.
func startPostgres(ctx context.Context) (p *postgres, err error) {
	initdb, server, found := findPostgres()
	if !found {
		return nil, errors.New("there is no postgres")
	}
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		return nil, err
	}
	p = &postgres{dir: dir}
	if p.group, err = processgroup.New(ctx); err != nil {
		return p, err
	}
	if err := giveAway(dir); err != nil {
		return p, err
	}
	data := filepath.Join(dir, "data")
	made := p.group.Command(initdb, "-D", data, "-U", "chaos", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
	unprivileged(made)
	if said, err := made.CombinedOutput(); err != nil {
		return p, fmt.Errorf("initdb: %w: %s", err, said)
	}
	p.command = p.group.Command(server, "-D", data, "-k", dir, "-h", "", "-F")
	unprivileged(p.command)
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return p, err
	}
	defer log.Close() //nolint:errcheck // the child has its own
	p.command.Stdout, p.command.Stderr = log, log
	if err := p.command.Start(); err != nil {
		return p, err
	}
	for range 200 {
		if _, err := os.Stat(filepath.Join(dir, ".s.PGSQL.5432")); err == nil {
			return p, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return p, errors.New("postgres does not start")
}

// env is what points the backend "pg" at the server.
func (p *postgres) env() []string {
	return []string{"PG_CONN_STR=postgres:///postgres?host=" + p.dir + "&user=chaos&sslmode=disable"}
}

// cut ends the connections that clients have, and with them the locks that they hold.
func (p *postgres) cut() (int, error) {
	return cutClients(p.command.Process.Pid)
}

// remove ends the server and takes away what it had.
func (p *postgres) remove() error {
	if p == nil {
		return nil
	}
	if p.group != nil {
		p.group.End()
	}
	if p.command != nil && p.command.Process != nil {
		_ = p.command.Wait()
	}
	return os.RemoveAll(p.dir)
}
