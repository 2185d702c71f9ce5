package redis

import (
	"errors"
	"math/big"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"github.com/fairlead-go/fairlead/resp"
)

// everything has a field of every sort.
type everything struct {
	*Audit
	Name  string `redis:"a"`
	Small int8
	Big   *big.Int
	At    time.Time
	For   time.Duration
	Addr  netip.Addr
	Any   any
	Raw   resp.Reply
	Tree  resp.Value
	List  []everything
	Map   map[int]map[string]*everything
	Array [2]uint8
	Pair  [2]float32
	Set   map[string]struct{}
	Next  *everything
}

// fuzzReply reads a reply as a T. Whatever it is: no panic, a zero value with an error, and the same again the second time.
func fuzzReply[T any](t *testing.T, r resp.Reply) {
	v, err := readReply[T](r)
	again, errAgain := readReply[T](r)
	var mismatch *resp.TypeError
	var server *resp.Error
	switch {
	case err != nil && !reflect.ValueOf(&v).Elem().IsZero():
		t.Fatalf("as %T: error %v with a value", v, err)
	case err != nil && (errAgain == nil || err.Error() != errAgain.Error()):
		t.Fatalf("as %T: error %v, then %v", v, err, errAgain)
	case err == nil && errAgain != nil:
		t.Fatalf("as %T: no error, then %v", again, errAgain)
	case err != nil && err != Nil && !errors.As(err, &mismatch) && !errors.As(err, &server):
		t.Fatalf("as %T: error %v is neither Nil, the server's nor a *resp.TypeError", v, err)
	case err == Nil && !r.IsNull():
		t.Fatalf("as %T: Nil for a reply that is %v", v, r.Kind())
	}
}

// FuzzConvert reads whatever the scanner takes for a reply as types of every sort.
func FuzzConvert(f *testing.F) {
	for _, seed := range []string{
		"$2\r\nhi\r\n", "+OK\r\n", ":42\r\n", ":-9223372036854775808\r\n", "$20\r\n18446744073709551615\r\n", ",1.5e308\r\n", ",-nan\r\n",
		"#t\r\n", "_\r\n", "$-1\r\n", "*-1\r\n", "(123456789012345678901\r\n", "=6\r\ntxt:hi\r\n", "-ERR no\r\n", "!6\r\nERR no\r\n",
		"*2\r\n:1\r\n$-1\r\n", "*2\r\n*2\r\n+a\r\n,1\r\n*2\r\n+b\r\n,2\r\n", "*3\r\n*1\r\n:1\r\n*0\r\n-ERR\r\n",
		"%2\r\n+a\r\n+x\r\n+small\r\n:300\r\n", "%1\r\n%1\r\n:1\r\n:2\r\n~1\r\n*0\r\n", "~2\r\n+a\r\n+a\r\n",
		"%1\r\n+next\r\n%1\r\n+next\r\n%2\r\n+map\r\n*2\r\n:1\r\n%1\r\n+k\r\n_\r\n+list\r\n*1\r\n%0\r\n",
		"*8\r\n+for\r\n+1.5s\r\n+at\r\n:0\r\n+addr\r\n+::1\r\n+array\r\n$2\r\nxy\r\n", "|1\r\n+ttl\r\n:1\r\n*1\r\n|1\r\n+a\r\n:1\r\n:7\r\n",
		"$20\r\n2023-11-14T22:13:20Z\r\n", "*?\r\n:1\r\n.\r\n", "*1000000\r\n", "$500000000\r\nx",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, wire []byte) {
		s := resp.NewScanner(resp.Limits{})
		n := copy(s.Room(), wire)
		s.Grew(n)
		r, ok, err := s.Next()
		if !ok || err != nil {
			return
		}
		fuzzReply[string](t, r)
		fuzzReply[[]byte](t, r)
		fuzzReply[int](t, r)
		fuzzReply[int8](t, r)
		fuzzReply[uint32](t, r)
		fuzzReply[uint64](t, r)
		fuzzReply[float32](t, r)
		fuzzReply[float64](t, r)
		fuzzReply[bool](t, r)
		fuzzReply[big.Int](t, r)
		fuzzReply[time.Time](t, r)
		fuzzReply[time.Duration](t, r)
		fuzzReply[netip.Addr](t, r)
		fuzzReply[any](t, r)
		fuzzReply[*string](t, r)
		fuzzReply[struct{}](t, r)
		fuzzReply[[]string](t, r)
		fuzzReply[[][]any](t, r)
		fuzzReply[[2]int](t, r)
		fuzzReply[[2]byte](t, r)
		fuzzReply[map[string]any](t, r)
		fuzzReply[map[int8][]byte](t, r)
		fuzzReply[map[string]struct{}](t, r)
		fuzzReply[everything](t, r)
		fuzzReply[[]*everything](t, r)
		fuzzReply[resp.Reply](t, r)
		fuzzReply[[]resp.Value](t, r)
	})
}
