package redis

import "slices"

func liveSet(l *live) {
	expect(l, 3, SAdd("a", "x", "y", "z"))
	expect(l, 2, SAdd("b", "y", "w"))
	expect(l, 3, SCard("a"))
	expectSet(l, []string{"x", "z"}, SDiff("a", "b"))
	expect(l, 2, SDiffStore("d", "a", "b"))
	expectSet(l, []string{"y"}, SInter("a", "b"))
	expect(l, 1, SInterCard(0, "a", "b"))
	expect(l, 2, SInterCard(2, "a", "a"))
	expect(l, 1, SInterStore("d", "a", "b"))
	expectSet(l, []string{"w", "x", "y", "z"}, SUnion("a", "b"))
	expect(l, 4, SUnionStore("d", "a", "b"))
	expect(l, true, SIsMember("a", "x"))
	expect(l, false, SIsMember("a", "w"))
	expect(l, []bool{true, false}, SMIsMember("a", "x", "w"))
	expectSet(l, []string{"x", "y", "z"}, SMembers("a"))
	expect(l, []string{}, SMembers("none"))
	expect(l, map[string]struct{}{"x": {}, "y": {}, "z": {}}, SMembersMap("a"))
	expect(l, true, SMove("a", "b", "x"))
	expect(l, false, SMove("a", "b", "x"))
	expect(l, 1, SRem("a", "y", "none"))
	expect(l, "z", SRandMember("a"))
	expectNil(l, SRandMember("none"))
	expect(l, []string{"z", "z"}, SRandMemberN("a", -2))
	expect(l, []string{}, SRandMemberN("none", 2))
	expect(l, Page[string]{0, []string{"z"}}, SScan("a", 0, "z*", 10))
	expect(l, "z", SPop("a"))
	expectNil(l, SPop("a"))
	such(l, SPopN("b", 10), func(s []string) bool { return len(s) == 3 }, "all three of w, x, y")
	expect(l, []string{}, SPopN("b", 10))
}

// expectSet compares members that come in no order.
func expectSet(l *live, want []string, c Cmd[[]string]) {
	l.t.Helper()
	such(l, c, func(got []string) bool { slices.Sort(got); return slices.Equal(got, want) }, want)
}
