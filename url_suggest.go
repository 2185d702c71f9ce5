package fairlead

import "strings"

// nearestOption is the valid option that takes the fewest changes to come to from name; "" if nearly all of name would have
// to change, or if it is too long to be a slip of the pen.
func nearestOption(name string) string {
	const longest = 40
	if len(name) > longest {
		return ""
	}
	name = strings.ToLower(name)
	nearest, fewest := "", (len(name)+1)/2+1
	for _, s := range settings {
		for _, option := range s.names {
			if changes := editDistance(name, option); changes < fewest {
				nearest, fewest = option, changes
			}
		}
	}
	return nearest
}

// editDistance is how many bytes must be inserted, deleted or replaced to turn a into b (Levenshtein's distance).
func editDistance(a, b string) int {
	row := make([]int, len(b)+1) // row[j] is the distance from the part of a that was looked at to b[:j]
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
