package cacheaside

import "encoding/json"

// A Codec says how values are stored. It is used by many goroutines at a time.
type Codec[T any] interface {
	// Append appends the encoded value to b.
	Append(b []byte, v T) ([]byte, error)
	// Decode returns the value of what Append appended. An error makes it be loaded anew.
	Decode(data string) (T, error)
}

// plain is the codec of those who give none.
func plain[T any]() Codec[T] {
	if c, ok := any(textCodec{}).(Codec[T]); ok {
		return c
	}
	if c, ok := any(bytesCodec{}).(Codec[T]); ok {
		return c
	}
	return jsonCodec[T]{}
}

type textCodec struct{}

func (textCodec) Append(b []byte, v string) ([]byte, error) { return append(b, v...), nil }
func (textCodec) Decode(data string) (string, error)        { return data, nil }

type bytesCodec struct{}

func (bytesCodec) Append(b, v []byte) ([]byte, error) { return append(b, v...), nil }
func (bytesCodec) Decode(data string) ([]byte, error) { return []byte(data), nil }

type jsonCodec[T any] struct{}

func (jsonCodec[T]) Append(b []byte, v T) ([]byte, error) {
	data, err := json.Marshal(v)
	return append(b, data...), err
}

func (jsonCodec[T]) Decode(data string) (v T, err error) {
	err = json.Unmarshal([]byte(data), &v)
	return v, err
}
