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

	o := l.other(2) // RESP2, so that what comes is no push
	for _, subscribe := range [][]any{{"SUBSCRIBE", "news"}, {"PSUBSCRIBE", "n*"}, {"SSUBSCRIBE", "shard"}} {
		request := namedRequest(subscribe[0].(string), subscribe[1:])
		if _, err := o.roundTrip(request.Append(nil)); err != nil {
			l.t.Fatal(err)
		}
	}
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
