// Package redistest is for tests of programs that talk to Redis or Valkey: it starts real servers, replays scripted ones,
// breaks connections in exactly one way, and offers a network in memory for tests with a fake clock. It uses the standard
// library only, and any client can be tested with it.
//
// # A real server
//
// [Start] runs a server for one test: its own process, port, UNIX socket and folder, gone when the test ends.
//
//	server := redistest.Start(t, redistest.AppendOnly())
//	client, err := fairlead.Open(server.URL())
//	…
//	server.Kill()                                  // as if it had crashed
//	if err := server.Restart(); err != nil { … }   // same port, same data
//	got, err := server.Do("GET", "name")           // looked at past the client under test
//
// Options say what the server is like: [ClusterMode] makes it a node of a cluster, [Sentinel] a sentinel.
//
// The program is the one that [Binary] names, or else the first in $FAIRLEAD_REDIS_SERVER, or else redis-server or valkey-server on PATH.
// A starting time of some ten milliseconds is no reason to share servers, but a package with many tests may:
//
//	func TestMain(m *testing.M) { redistest.Main(m) }
//
//	func TestGet(t *testing.T) {
//		server := redistest.Default(t)
//		…
//
// [Main] also fails the package if its tests leave goroutines behind. Programs that are not tests use [StartProcess].
//
// Where $FAIRLEAD_REDIS_SERVER names several programs, separated as in PATH, [Servers] lists them all, to run a test against each.
// $FAIRLEAD_REDIS_PROTOCOL says which version of RESP a test speaks that does not choose one: see [Protocol].
//
// # A scripted server
//
// What no real server does on demand, a [Fake] does. Its script is a Go function for each connection:
//
//	fake := redistest.NewFake(t, func(c *redistest.FakeConn) {
//		c.AnswerHandshake()
//		c.ExpectCommand("GET", "name")
//		c.Reply("$5\r\nhal")
//		c.Reset()
//	})
//	client, err := fairlead.Open(fake.URL())
//
// A client that departs from the script fails the test with a transcript of what was exchanged.
//
// # One thing broken
//
// A [Proxy] stands between a client and a real server and forwards everything, until it is told not to:
//
//	proxy := redistest.NewProxy(t, server.Addr())
//	…
//	cut := proxy.CutAfter(redistest.ToClient, 3, redistest.RST)
//	_, err := client.Get(ctx, "name")   // three bytes of the reply, then RST
//	<-cut
//	…
//	proxy.Stall(redistest.ToClient)     // from now on requests are carried out, replies withheld
//
// # No time at all
//
// In a testing/synctest bubble the clock is a fake, and a time limit of a minute passes at once; but real sockets do not
// work there. A [Network] does, and a fake server can listen on it:
//
//	synctest.Test(t, func(t *testing.T) {
//		var network redistest.Network
//		listener, err := network.Listen("redis:6379")
//		…
//		fake := redistest.NewFakeOn(t, listener, func(c *redistest.FakeConn) { … })
//		options := &fairlead.Options{Addr: fake.Addr(), Dialer: network.Dial}
//		…
//		network.Drop("redis:6379")      // the server's machine vanishes
//
// # Waiting
//
// Tests wait for events, not for time. For the few facts of other processes that nothing announces there is [Eventually].
package redistest
