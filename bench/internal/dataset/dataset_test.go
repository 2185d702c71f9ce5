package dataset

import "testing"

func TestEveryKeyHasItsOwnValue(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string]Keys{"get": GetKeys(), "set": SetKeys(), "wide": Wide()} {
		seen := make(map[string]bool, keys.Len())
		for i := range keys.Len() {
			value := keys.Value(i)
			if len(value) != SmallValue || seen[value] {
				t.Fatalf("%s: the value of %s is %q, of another length or that of another key", name, keys.At(i), value)
			}
			seen[value] = true
		}
	}
}

func TestValuesHaveTheirLength(t *testing.T) {
	t.Parallel()
	if n := len(LargeValue(1000)); n != 1000 {
		t.Errorf("a value of 1000 bytes has %d", n)
	}
	names, values := Fields()
	for _, list := range [][]string{values, Elements()} {
		for _, text := range list {
			if len(text) != SmallValue {
				t.Errorf("%q has not %d bytes", text, SmallValue)
			}
		}
	}
	if len(names) != HashFields || len(values) != HashFields || len(Elements()) != ListLength {
		t.Error("there are more or fewer of them than is said")
	}
}
