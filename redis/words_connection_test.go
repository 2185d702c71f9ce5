package redis

import "time"

var connectionWords = []transcript{
	send("CLIENT CACHING YES", ClientCaching(true)),
	send("CLIENT CACHING NO", ClientCaching(false)),
	send("CLIENT CAPA redirect", ClientCapa("redirect")),
	send("CLIENT GETNAME", ClientGetName()),
	send("CLIENT GETREDIR", ClientGetRedir()),
	send("CLIENT ID", ClientID()),
	send("CLIENT IMPORT-SOURCE ON", ClientImportSource(true)),
	send("CLIENT IMPORT-SOURCE OFF", ClientImportSource(false)),
	send("CLIENT INFO", ClientInfo()),
	send("CLIENT KILL 127.0.0.1:6379", ClientKill("127.0.0.1:6379")),
	send("CLIENT KILL TYPE NORMAL ID 1 2 USER joe ADDR a:1 LADDR b:2 SKIPME YES MAXAGE 60", ClientKillByFilter(ClientFilterArgs{
		Type: "normal", IDs: []int64{1, 2}, User: "joe", Addr: "a:1", LAddr: "b:2", SkipMe: "YES", MaxAge: time.Minute})),
	send("CLIENT KILL TYPE MASTER NAME n IDLE 1 FLAGS N LIB-NAME l LIB-VER 1 DB 0 CAPA r IP ::1", ClientKillByFilter(ClientFilterArgs{
		Type: "MASTER", Name: "n", Idle: second, Flags: "N", LibName: "l", LibVer: "1", DB: "0", Capa: "r", IP: "::1"})),
	send("CLIENT KILL TYPE PRIMARY NOT-TYPE PUBSUB NOT-ID 3 NOT-USER u NOT-ADDR a:1 NOT-LADDR b:2", ClientKillByFilter(ClientFilterArgs{
		Type: "PRIMARY", NotType: "PUBSUB", NotIDs: []int64{3}, NotUser: "u", NotAddr: "a:1", NotLAddr: "b:2"})),
	send("CLIENT KILL TYPE SLAVE SKIPME NO NOT-NAME n NOT-FLAGS N NOT-LIB-NAME l NOT-LIB-VER 1", ClientKillByFilter(ClientFilterArgs{
		Type: "SLAVE", SkipMe: "NO", NotName: "n", NotFlags: "N", NotLibName: "l", NotLibVer: "1"})),
	send("CLIENT KILL TYPE REPLICA NOT-DB 0 NOT-CAPA r NOT-IP ::1", ClientKillByFilter(ClientFilterArgs{
		Type: "REPLICA", NotDB: "0", NotCapa: "r", NotIP: "::1"})),
	send("CLIENT LIST", ClientList()),
	send("CLIENT LIST TYPE NORMAL ID 1 2 USER joe ADDR a:1 LADDR b:2 SKIPME YES MAXAGE 60", ClientListWithArgs(ClientFilterArgs{
		Type: "NORMAL", IDs: []int64{1, 2}, User: "joe", Addr: "a:1", LAddr: "b:2", SkipMe: "YES", MaxAge: time.Minute})),
	send("CLIENT LIST TYPE MASTER NAME n IDLE 1 FLAGS N LIB-NAME l LIB-VER 1 DB 0 CAPA r IP ::1", ClientListWithArgs(ClientFilterArgs{
		Type: "MASTER", Name: "n", Idle: second, Flags: "N", LibName: "l", LibVer: "1", DB: "0", Capa: "r", IP: "::1"})),
	send("CLIENT LIST TYPE REPLICA NOT-TYPE PUBSUB NOT-ID 3 NOT-USER u NOT-ADDR a:1 NOT-LADDR b:2", ClientListWithArgs(ClientFilterArgs{
		Type: "REPLICA", NotType: "PUBSUB", NotIDs: []int64{3}, NotUser: "u", NotAddr: "a:1", NotLAddr: "b:2"})),
	send("CLIENT LIST SKIPME NO NOT-NAME n NOT-FLAGS N NOT-LIB-NAME l NOT-LIB-VER 1 NOT-DB 0 NOT-CAPA r NOT-IP ::1", ClientListWithArgs(ClientFilterArgs{
		SkipMe: "NO", NotName: "n", NotFlags: "N", NotLibName: "l", NotLibVer: "1", NotDB: "0", NotCapa: "r", NotIP: "::1"})),
	send("CLIENT KILL TYPE NORMAL", ClientKillByFilter(ClientFilterArgs{Type: "NORMAL"})),
	send("CLIENT KILL TYPE MASTER", ClientKillByFilter(ClientFilterArgs{Type: "MASTER"})),
	send("CLIENT KILL TYPE PRIMARY", ClientKillByFilter(ClientFilterArgs{Type: "PRIMARY"})),
	send("CLIENT KILL TYPE SLAVE", ClientKillByFilter(ClientFilterArgs{Type: "SLAVE"})),
	send("CLIENT KILL TYPE REPLICA", ClientKillByFilter(ClientFilterArgs{Type: "REPLICA"})),
	send("CLIENT KILL TYPE PUBSUB", ClientKillByFilter(ClientFilterArgs{Type: "PUBSUB"})),
	send("CLIENT KILL NOT-TYPE NORMAL", ClientKillByFilter(ClientFilterArgs{NotType: "NORMAL"})),
	send("CLIENT KILL NOT-TYPE MASTER", ClientKillByFilter(ClientFilterArgs{NotType: "MASTER"})),
	send("CLIENT KILL NOT-TYPE PRIMARY", ClientKillByFilter(ClientFilterArgs{NotType: "PRIMARY"})),
	send("CLIENT KILL NOT-TYPE SLAVE", ClientKillByFilter(ClientFilterArgs{NotType: "SLAVE"})),
	send("CLIENT KILL NOT-TYPE REPLICA", ClientKillByFilter(ClientFilterArgs{NotType: "REPLICA"})),
	send("CLIENT KILL NOT-TYPE PUBSUB", ClientKillByFilter(ClientFilterArgs{NotType: "PUBSUB"})),
	send("CLIENT LIST TYPE NORMAL", ClientListWithArgs(ClientFilterArgs{Type: "NORMAL"})),
	send("CLIENT LIST TYPE MASTER", ClientListWithArgs(ClientFilterArgs{Type: "MASTER"})),
	send("CLIENT LIST TYPE REPLICA", ClientListWithArgs(ClientFilterArgs{Type: "REPLICA"})),
	send("CLIENT LIST TYPE PUBSUB", ClientListWithArgs(ClientFilterArgs{Type: "PUBSUB"})),
	send("CLIENT LIST NOT-TYPE NORMAL", ClientListWithArgs(ClientFilterArgs{NotType: "NORMAL"})),
	send("CLIENT LIST NOT-TYPE MASTER", ClientListWithArgs(ClientFilterArgs{NotType: "MASTER"})),
	send("CLIENT LIST NOT-TYPE REPLICA", ClientListWithArgs(ClientFilterArgs{NotType: "REPLICA"})),
	send("CLIENT LIST NOT-TYPE PUBSUB", ClientListWithArgs(ClientFilterArgs{NotType: "PUBSUB"})),
	send("CLIENT KILL ID 1 SKIPME YES", ClientKillByFilter(ClientFilterArgs{IDs: []int64{1}, SkipMe: "YES"})),
	send("CLIENT LIST ID 1 2", ClientListWithArgs(ClientFilterArgs{IDs: []int64{1, 2}})),
	send("CLIENT NO-EVICT ON", ClientNoEvict(true)),
	send("CLIENT NO-EVICT OFF", ClientNoEvict(false)),
	send("CLIENT NO-TOUCH ON", ClientNoTouch(true)),
	send("CLIENT NO-TOUCH OFF", ClientNoTouch(false)),
	send("CLIENT PAUSE 100 ALL", ClientPause(100*time.Millisecond)),
	send("CLIENT PAUSE 1 WRITE", ClientPauseWrite(time.Microsecond)), // rounded up
	send("CLIENT SETINFO LIB-NAME fairlead", ClientSetInfo("LIB-NAME", "fairlead")),
	send("CLIENT SETINFO LIB-VER 1.0", ClientSetInfo("lib-ver", "1.0")),
	send("CLIENT SETNAME n", ClientSetName("n")),
	send(`CLIENT SETNAME ""`, ClientSetName("")),
	send("CLIENT TRACKING OFF", ClientTracking(false, ClientTrackingArgs{})),
	send("CLIENT TRACKING ON REDIRECT 5 PREFIX a: PREFIX b: BCAST NOLOOP", ClientTracking(true, ClientTrackingArgs{
		Redirect: 5, Prefixes: []string{"a:", "b:"}, BCast: true, NoLoop: true})),
	send("CLIENT TRACKING ON OPTIN", ClientTracking(true, ClientTrackingArgs{OptIn: true})),
	send("CLIENT TRACKING ON OPTOUT", ClientTracking(true, ClientTrackingArgs{OptOut: true})),
	send("CLIENT TRACKINGINFO", ClientTrackingInfo()),
	send("CLIENT UNBLOCK 7 TIMEOUT", ClientUnblock(7)),
	send("CLIENT UNBLOCK 7 ERROR", ClientUnblockWithError(7)),
	send("CLIENT UNPAUSE", ClientUnpause()),
	send("ECHO hello", Echo("hello")),
	send("PING", Ping()),
	send("PING hello", PingMessage("hello")),
}
