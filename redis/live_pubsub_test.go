package redis

import (
	"github.com/fairlead-go/fairlead/resp"
)

func livePubSub(l *live) {
	expect(l, 0, Publish("news", "nobody hears it"))
	expect(l, []string{}, PubSubChannels(""))
	expect(l, 0, PubSubNumPat())
	expect(l, map[string]int64{}, PubSubNumSub())
	expect(l, map[string]int64{"news": 0, "none": 0}, PubSubNumSub("news", "none"))
	expect(l, 0, SPublish("shard", "nobody hears it"))
	expect(l, []string{}, PubSubShardChannels(""))
	expect(l, map[string]int64{}, PubSubShardNumSub())

	o := l.other(l.protocol)
	o.pushes = true
	expect(o, []any{"subscribe", "news", int64(1)}, New[[]any]("SUBSCRIBE", "news"))
	expect(o, []any{"psubscribe", "n*", int64(2)}, New[[]any]("PSUBSCRIBE", "n*"))
	expect(o, []any{"ssubscribe", "shard", int64(1)}, New[[]any]("SSUBSCRIBE", "shard"))
	expect(l, []string{"news"}, PubSubChannels(""))
	expect(l, []string{"news"}, PubSubChannels("n*"))
	expect(l, []string{}, PubSubChannels("x*"))
	expect(l, 1, PubSubNumPat())
	expect(l, map[string]int64{"news": 1, "none": 0}, PubSubNumSub("news", "none"))
	expect(l, []string{"shard"}, PubSubShardChannels("s*"))
	expect(l, map[string]int64{"shard": 1, "none": 0}, PubSubShardNumSub("shard", "none"))
	expect(l, 2, Publish("news", "by name and by pattern"))
	expect(l, 1, SPublish("shard", "by name"))
	for _, want := range [][]string{
		{"message", "news", "by name and by pattern"}, {"pmessage", "n*", "news", "by name and by pattern"}, {"smessage", "shard", "by name"},
	} {
		r, err := o.roundTrip(nil)
		if err != nil {
			l.t.Fatal(err)
		}
		expectReply(l, want, r)
	}
	expect(o, []any{"unsubscribe", "news", int64(1)}, New[[]any]("UNSUBSCRIBE", "news"))
	expect(o, []any{"punsubscribe", "n*", int64(0)}, New[[]any]("PUNSUBSCRIBE", "n*"))
	expect(o, []any{"sunsubscribe", "shard", int64(0)}, New[[]any]("SUNSUBSCRIBE", "shard"))
	expect(l, []string{}, PubSubChannels(""))
}

// expectReply compares the strings in a reply.
func expectReply(l *live, want []string, r resp.Reply) {
	l.t.Helper()
	got, err := readStrings(r)
	if err != nil || len(got) != len(want) {
		l.t.Errorf("got %q, %v; want %q", got, err, want)
		return
	}
	for i := range want {
		if got[i] != want[i] {
			l.t.Errorf("got %q, want %q", got, want)
		}
	}
}
