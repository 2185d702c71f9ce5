package conn_test

import (
	"testing"

	"github.com/fairlead-go/fairlead/redistest"
)

func TestMain(m *testing.M) { redistest.Main(m) }
