module github.com/fairlead-go/fairlead/contrib/redsync

go 1.26.0

require (
	github.com/fairlead-go/fairlead v0.0.0
	github.com/go-redsync/redsync/v4 v4.18.1
	golang.org/x/sync v0.24.0
)

replace github.com/fairlead-go/fairlead => ../..
