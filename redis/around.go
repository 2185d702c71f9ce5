package redis

import "github.com/fairlead-go/fairlead/resp"

// LongValue is how many bytes make a value a long one: copying it costs more than to send it from where it lies.
const LongValue = 64 << 10

// HasLong reports whether the command has long values.
func (r *Request) HasLong() bool { return r.long }

// AppendAround is Append for one who sends long values from where they lie: it calls place where such a value belongs. What place
// appends to b of it stays; the rest is left out. lent says that the value is a []byte of the caller's, who may change it once
// the command was answered, or given up.
func (r *Request) AppendAround(b []byte, place func(b []byte, value string, lent bool) []byte) []byte {
	b = resp.AppendArray(b, r.spec.words+int(r.n))
	b = append(b, r.spec.wire...)
	for i := range int(r.n) {
		a := r.at(i)
		if !a.isLong() {
			b = a.append(b)
			continue
		}
		b = resp.AppendBulkHead(b, a.size())
		b = place(b, a.text(), a.has(isBytes))
		b = resp.AppendBulkEnd(b)
	}
	return b
}

// isLong reports whether the argument is a text as long as a long value.
func (a *arg) isLong() bool { return a.bits&length >= LongValue && a.isText() }

// AppendBefore is Append up to the bytes of one value, for one who sends a value of n bytes in its place: the argument with that index,
// counted from 0 after the command's name. It also returns what follows the value.
func (r *Request) AppendBefore(b []byte, index, n int) (before, after []byte) {
	b = resp.AppendArray(b, r.spec.words+int(r.n))
	b = append(b, r.spec.wire...)
	for i := range index {
		b = r.at(i).append(b)
	}
	after = resp.AppendBulkEnd(nil)
	for i := index + 1; i < int(r.n); i++ {
		after = r.at(i).append(after)
	}
	return resp.AppendBulkHead(b, n), after
}
