package worker

// dice is a small random generator (xorshift) for one goroutine: it costs next to nothing and gives every driver the same
// sequence.
type dice struct{ state uint64 }

func newDice(seed int) *dice { return &dice{uint64(seed)*0x9E3779B97F4A7C15 + 1} }

// below returns a number from 0 to n-1.
func (d *dice) below(n int) int {
	d.state ^= d.state << 13
	d.state ^= d.state >> 7
	d.state ^= d.state << 17
	return int(d.state >> 1 % uint64(n))
}
