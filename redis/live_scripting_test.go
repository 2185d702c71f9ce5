package redis

import (
	"slices"
	"strings"
	"time"

	"github.com/fairlead-go/fairlead/redistest"
	"github.com/fairlead-go/fairlead/resp"
)

func liveScripting(l *live) {
	liveEval(l)
	liveScripts(l)
	liveFunctions(l)
	liveBusyScript(l)
}

func liveEval(l *live) {
	expect(l, []string{"a", "b", "x", "1"}, As[[]string](Eval("return {KEYS[1], KEYS[2], ARGV[1], ARGV[2]}", []string{"a", "b"}, "x", 1)))
	expect(l, 3, As[int](Eval("return 3.99", nil))) // numbers have no fraction
	expect(l, 3.99, As[float64](Eval("return tostring(3.99)", nil)))
	expect(l, true, As[bool](Eval("return true", nil)))
	expect(l, "fine", As[string](Eval("return redis.status_reply('fine')", nil)))
	expect(l, []any{int64(1), []any{"two"}}, As[[]any](Eval("return {1, {'two'}, nil, 4}", nil))) // a list ends at its first nil
	such(l, Eval("return nil", nil), resp.Reply.IsNull, "a null, which is no error")
	expectNil(l, As[string](Eval("return false", nil)))
	such(l, Eval("redis.call('HSET', KEYS[1], 'name', 'Ada', 'age', 36)", []string{"h"}), resp.Reply.IsNull, "nothing")
	expect(l, user{Name: "Ada", Age: 36}, As[user](Eval("redis.setresp(3); return redis.call('HGETALL', KEYS[1])", []string{"h"})))
	expect(l, user{Name: "Ada", Age: 36}, As[user](Eval("return redis.call('HGETALL', KEYS[1])", []string{"h"})))

	fails(l, "mine is another", Eval("return redis.error_reply('MINE is another')", nil))
	fails(l, "compiling", Eval("this is no Lua", nil))
	expect(l, "Ada", As[string](EvalRO("return redis.call('HGET', KEYS[1], 'name')", []string{"h"})))
	fails(l, "read-only script", EvalRO("return redis.call('DEL', KEYS[1])", []string{"h"}))
}

func liveScripts(l *live) {
	const source, hash, unknown = "return 1", "e0e1f9fabfc9d4800c877a703b823ac0578ff8db", "0000000000000000000000000000000000000000"
	if s := NewScript(source); s.Hash() != hash {
		l.t.Errorf("the hash of %q is %s, want %s", source, s.Hash(), hash)
	}
	for _, flush := range []Cmd[struct{}]{ScriptFlush(), ScriptFlushAsync(), ScriptFlushSync()} {
		succeed(l, flush)
		fails(l, "NOSCRIPT", EvalSha(hash, nil))
		fails(l, "NOSCRIPT", EvalShaRO(hash, nil))
		expect(l, hash, ScriptLoad(source))
		expect(l, []bool{true, false}, ScriptExists(hash, unknown))
		expect(l, 1, As[int](EvalSha(hash, nil)))
		expect(l, 1, As[int](EvalShaRO(hash, nil)))
		expect(l, source, ScriptShow(hash))
	}
	fails(l, "NOSCRIPT", ScriptShow(unknown))
	fails(l, "compiling", ScriptLoad("this is no Lua"))
	fails(l, "NOTBUSY", ScriptKill())
}

const library = `#!lua name=mylib
redis.register_function{function_name='first', callback=function(keys, args) return {keys[1], args[1]} end,
	description='returns the first key and argument', flags={'no-writes', 'allow-stale'}}
redis.register_function('put', function(keys, args) return redis.call('SET', keys[1], args[1]) end)
redis.register_function{function_name='spin', callback=function() while true do end end, flags={'no-writes'}}
`

func liveFunctions(l *live) {
	expect(l, []FunctionLibrary{}, FunctionList(FunctionListArgs{}))
	expect(l, "mylib", FunctionLoad(library))
	fails(l, "already exists", FunctionLoad(library))
	expect(l, "mylib", FunctionLoadReplace(library))
	fails(l, "ERR", FunctionLoad("this is no library"))
	expect(l, []string{"k", "x"}, As[[]string](FCall("first", []string{"k"}, "x")))
	expect(l, []string{"k", "x"}, As[[]string](FCallRO("first", []string{"k"}, "x")))
	expect(l, "OK", As[string](FCall("put", []string{"k"}, "v")))
	fails(l, "write flag", FCallRO("put", []string{"k"}, "v"))
	fails(l, "not found", FCall("none", nil))

	isMyLib := func(code string) func(ls []FunctionLibrary) bool {
		return func(ls []FunctionLibrary) bool {
			if len(ls) != 1 || ls[0].Name != "mylib" || ls[0].Engine != "LUA" || ls[0].Code != code || len(ls[0].Functions) != 3 {
				return false
			}
			i := slices.IndexFunc(ls[0].Functions, func(f FunctionDetails) bool { return f.Name == "first" })
			if i < 0 {
				return false
			}
			first := ls[0].Functions[i]
			slices.Sort(first.Flags)
			return first.Description == "returns the first key and argument" && slices.Equal(first.Flags, []string{"allow-stale", "no-writes"})
		}
	}
	such(l, FunctionList(FunctionListArgs{}), isMyLib(""), "mylib without its source")
	such(l, FunctionList(FunctionListArgs{LibraryName: "my*", WithCode: true}), isMyLib(library), "mylib with its source")
	expect(l, []FunctionLibrary{}, FunctionList(FunctionListArgs{LibraryName: "x*"}))
	expect(l, FunctionStatsInfo{Engines: map[string]FunctionEngine{"LUA": {Libraries: 1, Functions: 3}}}, FunctionStats())

	var dump string
	such(l, FunctionDump(), func(s string) bool { dump = s; return strings.Contains(s, "name=mylib") }, "mylib")
	fails(l, "already exists", FunctionRestore(dump))
	fails(l, "already exists", FunctionRestoreWithArgs(dump, FunctionRestoreArgs{Policy: "APPEND"}))
	succeed(l, FunctionRestoreWithArgs(dump, FunctionRestoreArgs{Policy: "REPLACE"}))
	succeed(l, FunctionRestoreWithArgs(dump, FunctionRestoreArgs{Policy: "FLUSH"}))
	for _, remove := range []Cmd[struct{}]{FunctionDelete("mylib"), FunctionFlush(), FunctionFlushAsync(), FunctionFlushSync()} {
		succeed(l, remove)
		expect(l, []FunctionLibrary{}, FunctionList(FunctionListArgs{}))
		succeed(l, FunctionRestore([]byte(dump)))
		such(l, FunctionList(FunctionListArgs{WithCode: true}), isMyLib(library), "mylib")
	}
	fails(l, "not found", FunctionDelete("none"))
	fails(l, "NOTBUSY", FunctionKill())
}

// liveBusyScript asks who keeps the server busy, and ends it.
func liveBusyScript(l *live) {
	succeed(l, ConfigSet("busy-reply-threshold", 5))
	busy := func(run Cmd[resp.Reply], kill Cmd[struct{}], isBusy func(FunctionStatsInfo, error) bool) {
		l.t.Helper()
		o := l.other(2)
		if _, err := o.Write(run.Append(nil)); err != nil {
			l.t.Fatal(err)
		}
		redistest.Eventually(l.t, 10*time.Second, "the server is busy with "+run.Name(), func() bool { return isBusy(ask(l, FunctionStats())) })
		fails(l, "BUSY", Get("k"))
		succeed(l, kill)
		r, err := o.roundTrip(nil)
		if err != nil || r.Err() == nil || !strings.Contains(r.Err().Error(), "killed") {
			l.t.Errorf("%s that was killed: %v, %v", run.Name(), r.Value(), err)
		}
		expect(l, "v", Get("k"))
	}
	busy(FCall("spin", []string{"k"}, "x"), FunctionKill(), func(s FunctionStatsInfo, err error) bool {
		r := s.Running.Value
		if s.Running.Found && (r.Name != "spin" || !slices.Equal(r.Command, []string{"FCALL", "spin", "1", "k", "x"}) || r.Duration < 5*time.Millisecond) {
			l.t.Errorf("FUNCTION STATS: %+v, want spin", r)
		}
		return err == nil && s.Running.Found
	})
	busy(Eval("while true do end", nil), ScriptKill(), func(_ FunctionStatsInfo, err error) bool {
		return err != nil && strings.HasPrefix(err.Error(), "BUSY")
	})
}
