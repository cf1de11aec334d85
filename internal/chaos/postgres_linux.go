package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// servant is who a server runs as, since postgres does not run as root: nil is us.
func servant() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil //nolint:nilnil // nobody else is needed
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(nobody.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(nobody.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
}

func canServe() bool {
	_, err := servant()
	return err == nil
}

// giveAway gives a folder to who serves from it.
func giveAway(dir string) error {
	who, err := servant()
	if err != nil || who == nil {
		return err
	}
	return os.Chown(dir, int(who.Uid), int(who.Gid))
}

// unprivileged has a member of a process group run as who serves.
func unprivileged(command *exec.Cmd) {
	command.SysProcAttr.Credential, _ = servant() // findPostgres has asked
}

// cutClients ends the processes in which a server serves its clients.
func cutClients(server int) (cut int, err error) {
	children, err := childrenOf(server)
	if err != nil {
		return 0, err
	}
	for _, pid := range children {
		title, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		if err == nil && bytes.HasPrefix(title, []byte("postgres: chaos ")) && syscall.Kill(pid, syscall.SIGTERM) == nil {
			cut++
		}
	}
	return cut, nil
}
