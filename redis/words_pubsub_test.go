package redis

var pubsubWords = []transcript{
	send("PUBLISH news hello", Publish("news", "hello")),
	send("PUBLISH news 7", Publish("news", 7)),
	send("PUBSUB CHANNELS", PubSubChannels("")),
	send("PUBSUB CHANNELS n*", PubSubChannels("n*")),
	send("PUBSUB NUMPAT", PubSubNumPat()),
	send("PUBSUB NUMSUB", PubSubNumSub()),
	send("PUBSUB NUMSUB a b", PubSubNumSub("a", "b")),
	send("PUBSUB SHARDCHANNELS", PubSubShardChannels("")),
	send("PUBSUB SHARDCHANNELS n*", PubSubShardChannels("n*")),
	send("PUBSUB SHARDNUMSUB", PubSubShardNumSub()),
	send("PUBSUB SHARDNUMSUB a b", PubSubShardNumSub("a", "b")),
	send("SPUBLISH <news> hello", SPublish("news", []byte("hello"))),
}
