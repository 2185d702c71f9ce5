package demo

// exclusiveMost bounds the goroutines of a kind of work that takes a connection to itself while it waits: more of them would
// only wait for each other's connections.
const exclusiveMost = 16

// shares says how many of the goroutines do each kind of work: at least one, and the queue and the transactions a sixteenth each.
func shares(goroutines int) [kinds]int {
	var n [kinds]int
	few := min(max(1, goroutines/16), exclusiveMost)
	n[producers], n[consumers], n[transfers] = few, few, few
	rest := goroutines - 3*few
	n[counters] = max(1, rest*3/10)
	n[leaderboard] = max(1, rest*2/10)
	n[sessions] = rest - n[counters] - n[leaderboard]
	return n
}
