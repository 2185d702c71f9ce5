package redis

import (
	"slices"
	"time"
)

func liveConnection(l *live) {
	expect(l, "PONG", Ping())
	expect(l, "hi", PingMessage("hi"))
	expect(l, "hi", Echo("hi"))
	expectNil(l, ClientGetName())
	succeed(l, ClientSetName("me"))
	expect(l, "me", ClientGetName())
	succeed(l, ClientSetInfo("LIB-NAME", "fairlead"))
	succeed(l, ClientSetInfo("LIB-VER", "1.0"))
	var id int64
	such(l, ClientID(), func(n int64) bool { id = n; return n > 0 }, "a number")
	such(l, ClientInfo(), func(c ClientDetails) bool {
		return c.ID == id && c.Name == "me" && c.LAddr == l.server.Addr() && c.LastCmd == "client|info" && c.User == "default" && c.Redirect == -1
	}, "this connection")
	such(l, ClientList(), func(cs []ClientDetails) bool {
		return slices.ContainsFunc(cs, func(c ClientDetails) bool { return c.ID == id && c.Name == "me" })
	}, "this connection among others")
	such(l, ClientListWithArgs(ClientFilterArgs{IDs: []int64{id}}), func(cs []ClientDetails) bool {
		return len(cs) == 1 && cs[0].ID == id
	}, "this connection")
	if l.since("", "9.0.0") {
		such(l, ClientListWithArgs(ClientFilterArgs{Name: "me", DB: "0", NotType: "PUBSUB"}), func(cs []ClientDetails) bool {
			return len(cs) == 1 && cs[0].ID == id
		}, "this connection")
	}

	succeed(l, ClientNoEvict(true))
	succeed(l, ClientNoEvict(false))
	succeed(l, ClientNoTouch(true))
	succeed(l, ClientNoTouch(false))
	succeed(l, ClientCapa("redirect"))
	if l.since("", "8.1.0") {
		succeed(l, ConfigSet("import-mode", "yes"))
		defer succeed(l, ConfigSet("import-mode", "no"))
	}
	succeed(l, ClientImportSource(true))
	succeed(l, ClientImportSource(false))
	succeed(l, ClientPause(time.Millisecond))
	succeed(l, ClientPauseWrite(time.Hour))
	succeed(l, ClientUnpause())
	liveTracking(l)
	liveKill(l, id)
}

// liveTracking redirects to another connection, which RESP2 needs.
func liveTracking(l *live) {
	o := l.other(3)
	id, err := ask(o, ClientID())
	if err != nil {
		l.t.Fatal(err)
	}
	expect(l, -1, ClientGetRedir())
	expect(l, TrackingInfo{[]string{"off"}, -1, []string{}}, ClientTrackingInfo())
	succeed(l, ClientTracking(true, ClientTrackingArgs{Redirect: id, OptIn: true}))
	succeed(l, ClientCaching(true))
	expect(l, id, ClientGetRedir())
	such(l, ClientTrackingInfo(), func(i TrackingInfo) bool {
		return i.Redirect == id && slices.Contains(i.Flags, "on") && slices.Contains(i.Flags, "optin")
	}, "on, optin")
	succeed(l, ClientTracking(false, ClientTrackingArgs{}))
	succeed(l, ClientTracking(true, ClientTrackingArgs{Redirect: id, BCast: true, Prefixes: []string{"a:", "b:"}, NoLoop: true}))
	such(l, ClientTrackingInfo(), func(i TrackingInfo) bool {
		slices.Sort(i.Prefixes)
		return slices.Contains(i.Flags, "bcast") && slices.Equal(i.Prefixes, []string{"a:", "b:"})
	}, "bcast with two prefixes")
	succeed(l, ClientTracking(false, ClientTrackingArgs{}))
}

func liveKill(l *live, self int64) {
	victim := l.other(2)
	info, err := ask(victim, ClientInfo())
	if err != nil {
		l.t.Fatal(err)
	}
	expect(l, false, ClientUnblock(info.ID))
	expect(l, false, ClientUnblockWithError(info.ID))
	succeed(l, ClientKill(info.Addr))
	fails(l, "no such client", ClientKill(info.Addr))
	expect(l, 0, ClientKillByFilter(ClientFilterArgs{IDs: []int64{self}, SkipMe: "YES"}))
	victim = l.other(2)
	if info, err = ask(victim, ClientInfo()); err != nil {
		l.t.Fatal(err)
	}
	expect(l, 1, ClientKillByFilter(ClientFilterArgs{Type: "NORMAL", Addr: info.Addr}))
}
