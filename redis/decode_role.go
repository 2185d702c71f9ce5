package redis

import "github.com/fairlead-go/fairlead/resp"

// RoleInfo is a server's role and whom it is connected to.
type RoleInfo struct {
	Role     string        // "master", "slave" or "sentinel", as servers still say
	Offset   int64         // how many bytes of changes it has made or got; 0 for a sentinel, -1 for a replica without a primary
	Replicas []RoleReplica // a primary's
	Host     string        // of a replica's primary
	Port     int64         // of a replica's primary
	State    string        // of a replica's connection: "connect", "connecting", "sync" or "connected"
	Names    []string      // of the primaries that a sentinel watches
}

// A RoleReplica is a replica as its primary sees it.
type RoleReplica struct {
	Host   string
	Port   int64
	Offset int64 // how many bytes of changes it has confirmed
}

func readRole(r resp.Reply) (role RoleInfo, err error) {
	f, err := columns(r, 2)
	if err != nil {
		return role, err
	}
	if role.Role, err = f[0].Str(); err != nil {
		return role, err
	}
	switch {
	case role.Role == "sentinel":
		role.Names, err = readStrings(f[1])
	case len(f) == 3:
		if role.Offset, err = f[1].Int(); err == nil {
			role.Replicas, err = readSlice(f[2], readRoleReplica)
		}
	case len(f) == 5:
		err = role.replica(f)
	}
	return role, err
}

func (role *RoleInfo) replica(f []resp.Reply) (err error) {
	if role.Host, err = f[1].Str(); err != nil {
		return err
	}
	if role.Port, err = f[2].Int(); err != nil {
		return err
	}
	if role.State, err = f[3].Str(); err != nil {
		return err
	}
	role.Offset, err = f[4].Int()
	return err
}

func readRoleReplica(r resp.Reply) (replica RoleReplica, err error) {
	f, err := columns(r, 3)
	if err != nil {
		return replica, err
	}
	if replica.Host, err = f[0].Str(); err != nil {
		return replica, err
	}
	if replica.Port, err = f[1].Int(); err != nil {
		return replica, err
	}
	replica.Offset, err = f[2].Int()
	return replica, err
}
