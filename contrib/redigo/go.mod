module github.com/fairlead-go/fairlead/contrib/redigo

go 1.26

require (
	github.com/fairlead-go/fairlead v0.0.0
	github.com/fairlead-go/fairlead/contrib/wire v0.0.0
	github.com/gomodule/redigo v1.9.3
)

replace (
	github.com/fairlead-go/fairlead => ../..
	github.com/fairlead-go/fairlead/contrib/wire => ../wire
)
