package cacheaside

// Draw replaces chance; before the first Get.
func (c *Cache[T]) Draw(random func() float64) { c.random = random }

// Waiting returns how many callers wait for the key's load.
func (c *Cache[T]) Waiting(key string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f := c.flights[key]; f != nil {
		return f.waiting
	}
	return 0
}
