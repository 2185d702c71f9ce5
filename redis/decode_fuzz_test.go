package redis

import (
	"testing"

	"github.com/fairlead-go/fairlead/resp"
)

// reader reads a reply as a command does and forgets the value.
func reader[T any](c Cmd[T]) func(resp.Reply) error {
	return func(r resp.Reply) error { _, err := c.Read(r); return err }
}

// FuzzRead: whatever a server sends, every decoder makes a value or an error of it.
func FuzzRead(f *testing.F) {
	readers := []func(resp.Reply) error{
		reader(Get("k")), reader(Set("k", "v", 0)), reader(Incr("k")), reader(ZScore("k", "m")), reader(SetNX("k", "v", 0)),
		reader(SMembers("k")), reader(SMembersMap("k")), reader(MGet("k")), reader(ZMScore("k", "m")), reader(LPosCount("k", "v", 0, LPosArgs{})),
		reader(SMIsMember("k", "m")), reader(HGetAll("k")), reader(TTL("k")), reader(PTTL("k")), reader(HTTL("k", "f")), reader(HPTTL("k", "f")),
		reader(ExpireTime("k")), reader(PExpireTime("k")), reader(HExpireTime("k", "f")), reader(HPExpireTime("k", "f")), reader(BLPop(0, "k")),
		reader(HRandFieldWithValues("k", 1)), reader(LMPop("LEFT", 0, "k")), reader(ZPopMin("k")), reader(BZPopMin(0, "k")), reader(ZMPop("MIN", 0, "k")),
		reader(ZRankWithScore("k", "m")), reader(Scan(0, "", 0)), reader(HScan("k", 0, "", 0)), reader(ZScan("k", 0, "", 0)),
		reader(LCSIdx("a", "b", LCSArgs{})), reader(WaitAOF(1, 1, 0)), reader(Migrate("h", "1", "k", 0, 0)), reader(ClientInfo()), reader(ClientList()),
		reader(ClientTrackingInfo()), reader(ACLGetUser("u")), reader(ACLLog(0)), reader(Command()), reader(CommandInfo()), reader(CommandDocs()),
		reader(CommandGetKeysAndFlags("get", "k")), reader(CommandLogGet(1, "SLOW")), reader(SlowLogGet(1)), reader(Info()), reader(LatencyHistogram()),
		reader(LatencyHistory("e")), reader(LatencyLatest()), reader(MemoryStats()), reader(ModuleList()), reader(Role()), reader(Time()),
		reader(BitField("k")), reader(BitFieldRO("k")), reader(GeoPos("k")), reader(GeoSearchLocation("k", GeoSearchLocationArgs{})),
		reader(XRange("s", "-", "+")), reader(XReadStreams("s", "0")), reader(XAutoClaim(XAutoClaimArgs{})), reader(XAutoClaimJustID(XAutoClaimArgs{})),
		reader(XPending("s", "g")), reader(XPendingExt(XPendingExtArgs{})), reader(XInfoStream("s")), reader(XInfoStreamFull("s", 0)),
		reader(XInfoGroups("s")), reader(XInfoConsumers("s", "g")),

		reader(ClusterInfo()), reader(ClusterNodes()), reader(ClusterReplicas("id")), reader(ClusterSlots()), reader(ClusterShards()), reader(ClusterLinks()),
		reader(ClusterBumpEpoch()), reader(ClusterSlotStats(0, 1)), reader(ClusterGetSlotMigrations()), reader(ClusterScan("0", ClusterScanArgs{})),
		reader(VEmb("k", "e")), reader(VEmbRaw("k", "e")), reader(VInfo("k")), reader(VLinks("k", "e")), reader(VLinksWithScores("k", "e")),
		reader(VSimWithScores("k", VectorRef{"e"})), reader(VSimWithArgsWithAttribs("k", VectorRef{"e"}, VSimArgs{})),
		reader(VSimWithArgsWithScoresWithAttribs("k", VectorRef{"e"}, VSimArgs{})),
		reader(SentinelMaster("m")), reader(SentinelReplicas("m")), reader(SentinelSentinels("m")), reader(SentinelGetMasterAddrByName("m")),
		reader(SentinelIsMasterDownByAddr("h", "1", 0, "*")), reader(SentinelPendingScripts()), reader(SentinelInfoCache("m")), reader(SentinelDebug()),

		reader(JSONArrLen("k", "$")), reader(JSONArrPop("k", "$", -1)), reader(JSONNumIncrBy("k", "$", 1)), reader(JSONToggle("k", "$")),
		reader(JSONObjKeys("k", "$")), reader(JSONType("k", "$")), reader(BFScanDump("k", 0)), reader(BFInfo("k")), reader(BFInfoSize("k")),
		reader(CFInfo("k")), reader(CFInsert("k", CFInsertArgs{}, "e")), reader(CMSInfo("k")), reader(TopKInfo("k")), reader(TDigestInfo("k")),
		reader(TSGet("k")), reader(TSRange("k", 0, 1)), reader(TSMAdd(TSSample{})), reader(TSMGet(nil)), reader(TSInfo("k")),
		reader(FTSearch("i", "*")), reader(FTSearchWithArgs("i", "*", FTSearchArgs{WithScores: true, WithPayloads: true, WithSortKeys: true})),
		reader(FTAggregate("i", "*")), reader(FTCursorRead("i", 7, 0)), reader(FTHybrid("i", "q", "v", nil)), reader(FTInfo("i")),
		reader(FTSpellCheck("i", "q")), reader(FTSynDump("i")), reader(FTSugGetWithScores("k", "p", FTSugGetArgs{})),
		reader(FTSugGetWithPayloads("k", "p", FTSugGetArgs{})),
	}
	for _, seed := range []string{
		"$1\r\nv\r\n", ":7\r\n", ",1.5\r\n", "_\r\n", "#t\r\n", "*0\r\n", "%1\r\n+a\r\n*1\r\n:1\r\n", "*2\r\n$1\r\n0\r\n*2\r\n+a\r\n+1\r\n",
		"*2\r\n*2\r\n+a\r\n,1\r\n*2\r\n+b\r\n,2\r\n", "*5\r\n+slave\r\n+h\r\n:1\r\n+connected\r\n:2\r\n", "$23\r\nid=7 name= =x a=b=c # S:1\r\n",
		"*10\r\n+get\r\n:2\r\n~0\r\n:1\r\n:1\r\n:1\r\n~0\r\n*0\r\n*1\r\n%1\r\n+begin_search\r\n%0\r\n*0\r\n", "%1\r\n+db.0\r\n%1\r\n+x\r\n:1\r\n",
		"*1\r\n*2\r\n+1-0\r\n*2\r\n+f\r\n+v\r\n", "%1\r\n+s\r\n*1\r\n*2\r\n+1-0\r\n_\r\n", "%2\r\n+length\r\n:1\r\n+groups\r\n*1\r\n%1\r\n+lag\r\n_\r\n",
		"*1\r\n-ERR inside\r\n", "*6\r\n:1\r\n:2\r\n:3\r\n*1\r\n+GET\r\n+a\r\n+b\r\n",
		"*3\r\n:1\r\n_\r\n:-2\r\n", "*2\r\n*2\r\n,1.5\r\n,2\r\n*-1\r\n", "*1\r\n*4\r\n+a\r\n+1.5\r\n:7\r\n*2\r\n,1\r\n,2\r\n",
		"$60\r\na h:1@2,n,x=y myself,master - 1 2 3 connected 0-5 [5->-b] 9\n\r\n", "*1\r\n%2\r\n+slots\r\n*2\r\n:1\r\n:2\r\n+nodes\r\n*1\r\n%1\r\n+port\r\n:1\r\n",
		"%1\r\n+a\r\n*2\r\n,0.5\r\n_\r\n", "*1\r\n*3\r\n:0\r\n:1\r\n*4\r\n_\r\n:1\r\n+id\r\n%0\r\n", "%2\r\n+flags\r\n+a,b\r\n+port\r\n+x\r\n",
		"$8\r\n[null,1]\r\n", "*1\r\n*2\r\n+string\r\n_\r\n", "*2\r\n*1\r\n+a\r\n*-1\r\n",
		"%1\r\n+k\r\n*3\r\n%0\r\n%1\r\n+sources\r\n*0\r\n*1\r\n*2\r\n:1\r\n,1\r\n", "%1\r\n+rules\r\n%1\r\n+d\r\n*2\r\n:1\r\n+AVG\r\n",
		"*3\r\n:1\r\n+k\r\n*2\r\n+a\r\n*1\r\n+x\r\n", "%2\r\n+total_results\r\n:1\r\n+results\r\n*1\r\n%1\r\n+extra_attributes\r\n%0\r\n",
		"%1\r\n+attributes\r\n*1\r\n%1\r\n+flags\r\n*1\r\n+UNF\r\n", "*1\r\n*3\r\n+TERM\r\n+a\r\n*1\r\n*2\r\n+1\r\n+b\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, wire []byte) {
		scan := resp.NewScanner(resp.Limits{})
		for rest := wire; len(rest) > 0; {
			n := copy(scan.Room(), rest)
			scan.Grew(n)
			rest = rest[n:]
		}
		r, ok, err := scan.Next()
		if !ok || err != nil {
			return
		}
		for i, read := range readers {
			if err := read(r); err == nil && r.Err() != nil {
				t.Errorf("decoder %d reads an error of the server as a value: %q", i, wire)
			}
		}
	})
}
