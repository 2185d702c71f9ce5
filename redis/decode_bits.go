package redis

import "github.com/fairlead-go/fairlead/resp"

func readOptionalInts(r resp.Reply) ([]Optional[int64], error) { return readSlice(r, readOptionalInt) }

func readOptionalInt(r resp.Reply) (Optional[int64], error) {
	if r.IsNull() {
		return Optional[int64]{}, nil
	}
	n, err := r.Int()
	return Optional[int64]{Value: n, Found: err == nil}, err
}
