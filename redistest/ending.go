package redistest

import (
	"errors"
	"net"
)

// Ending is how a connection is ended.
type Ending int

const (
	// FIN is the orderly end: the other side reads what was sent before and then io.EOF. What it still sends is answered
	// with RST.
	FIN Ending = iota
	// RST is the abrupt end: the other side's reads and writes fail with "connection reset by peer".
	RST
)

// String returns FIN or RST.
func (e Ending) String() string {
	if e == RST {
		return "RST"
	}
	return "FIN"
}

// errNoEnding is about a connection of a kind that knows neither FIN nor RST.
var errNoEnding = errors.New("this kind of connection cannot be ended that way: use TCP or a redistest.Network")

// apply ends conn.
func (e Ending) apply(conn net.Conn) {
	if e == RST {
		_ = reset(conn) // fails only if the connection is closed already
		return
	}
	closeGently(conn)
}

// closeGently closes conn with a FIN in any case. A plain Close would send an RST if bytes have come that were not read.
func closeGently(conn net.Conn) {
	_ = closeWrite(conn) // where it fails, Close does what can be done
	conn.Close()
}

// closeWrite sends a FIN and leaves the other direction open.
func closeWrite(conn net.Conn) error {
	half, ok := conn.(interface{ CloseWrite() error })
	if !ok {
		return errNoEnding
	}
	return half.CloseWrite()
}

// reset closes conn with an RST.
func reset(conn net.Conn) error {
	switch conn := conn.(type) {
	case *MemConn:
		return conn.Reset()
	case *net.TCPConn:
		if err := conn.SetLinger(0); err != nil {
			return err
		}
		return conn.Close()
	}
	conn.Close()
	return errNoEnding
}
