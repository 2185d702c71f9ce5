package redis

import "github.com/fairlead-go/fairlead/resp"

func readLCSMatches(r resp.Reply) (m LCSMatches, err error) {
	err = eachField(r, func(name string, value resp.Reply) (err error) {
		switch name {
		case "matches":
			m.Matches, err = readSlice(value, readLCSMatch)
		case "len":
			m.Len, err = value.Int()
		}
		return err
	})
	return m, err
}

func readLCSMatch(r resp.Reply) (m LCSMatch, err error) {
	f, err := columns(r, 2)
	if err != nil {
		return m, err
	}
	if m.Key1, err = readLCSRange(f[0]); err != nil {
		return m, err
	}
	if m.Key2, err = readLCSRange(f[1]); err != nil {
		return m, err
	}
	if len(f) > 2 {
		m.Len, err = f[2].Int()
	}
	return m, err
}

func readLCSRange(r resp.Reply) (LCSRange, error) {
	ends, err := readInts(r)
	if err == nil && len(ends) != 2 {
		err = &resp.TypeError{Want: "a list of two integers", Got: r.Kind()}
	}
	if err != nil {
		return LCSRange{}, err
	}
	return LCSRange{Start: ends[0], End: ends[1]}, nil
}

func readWaitAOF(r resp.Reply) (WaitAOFCount, error) {
	n, err := readInts(r)
	if err == nil && len(n) != 2 {
		err = &resp.TypeError{Want: "a list of two integers", Got: r.Kind()}
	}
	if err != nil {
		return WaitAOFCount{}, err
	}
	return WaitAOFCount{Local: n[0], Replicas: n[1]}, nil
}

// readMigrated reads OK, or NOKEY where there was nothing to move.
func readMigrated(r resp.Reply) (bool, error) {
	status, err := readString(r)
	return status != "NOKEY" && err == nil, err
}
