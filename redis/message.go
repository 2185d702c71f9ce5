package redis

// A Message is one that was published to a channel (PUBLISH, SPUBLISH) and that a subscription received.
type Message struct {
	// Channel is the channel it was published to.
	Channel string
	// Pattern is the pattern by which it was received, "" if it was received by its channel's name. A subscription to both gets it twice.
	Pattern string
	// Payload is what was published. It shares memory with the rest of the message as it was on the wire.
	Payload string
}
