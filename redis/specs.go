package redis

func init() {
	for _, s := range specs {
		s.encode()
	}
}

// lookup returns the facts about a command, nil if none of the servers that the table was made from knows it.
// Its name is in any case, a subcommand after a space: "get", "CLIENT LIST".
func lookup(name string) *Spec {
	low, high := 0, len(specs)
	for low < high {
		middle := int(uint(low+high) >> 1)
		if compareFold(specs[middle].Name, name) < 0 {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low < len(specs) && compareFold(specs[low].Name, name) == 0 {
		return specs[low]
	}
	return nil
}

// compareFold compares a name in capitals with one in any case.
func compareFold(upper, name string) int {
	for i := 0; i < min(len(upper), len(name)); i++ {
		c := name[i]
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c != upper[i] {
			return int(upper[i]) - int(c)
		}
	}
	return len(upper) - len(name)
}
