package redis

// orAll is how LIMIT asks for count elements: 0 says nothing about their number, so all of them.
func orAll(count int64) int64 {
	if count == 0 {
		return -1
	}
	return count
}
