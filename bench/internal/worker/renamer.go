package worker

import (
	"context"
	"errors"
	"fmt"

	"github.com/fairlead-go/fairlead/bench/internal/dataset"
	"github.com/fairlead-go/fairlead/bench/internal/driver"
)

// renamer gives a large value of its own a new name before each read, over a connection of its own: a client that remembers which
// keys are large has never heard of this one. That costs the server next to nothing, whatever the size.
type renamer struct {
	conn *driver.Conn
	g, n int
}

type renamers []*renamer

// renamers returns one for each goroutine that reads large values, or none if the cell's have one name.
func (m *meter) renamers() (list renamers, err error) {
	if !m.spec.Cell.NewNames {
		return nil, nil
	}
	for g := range m.spec.Cell.Large {
		conn, err := driver.Dial(m.spec.Server)
		if err != nil {
			return nil, errors.Join(err, list.close())
		}
		r := &renamer{conn: conn, g: g}
		list = append(list, r)
		if _, err := conn.Do("COPY", dataset.LargeKey(largeValue), r.name(), "REPLACE"); err != nil {
			return nil, errors.Join(fmt.Errorf("COPY: %w", err), list.close())
		}
		m.sockets++
	}
	return list, nil
}

func (r *renamer) name() string { return fmt.Sprintf("bench:renamed:%d:%d", r.g, r.n) }

func (r *renamer) rename() error {
	from := r.name()
	r.n++
	if _, err := r.conn.Do("RENAME", from, r.name()); err != nil {
		return fmt.Errorf("RENAME: %w", err)
	}
	return nil
}

// turn reads the value under its new name.
func (r *renamer) turn(w *work, c driver.Client) turn {
	return turn{ready: r.rename, call: func(int) error { return w.getLarge(context.Background(), c, r.name()) }}
}

// close takes the values away.
func (list renamers) close() (err error) {
	for _, r := range list {
		_, deleted := r.conn.Do("DEL", r.name())
		err = errors.Join(err, deleted, r.conn.Close())
	}
	return err
}
