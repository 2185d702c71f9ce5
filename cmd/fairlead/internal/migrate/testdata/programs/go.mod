module example.com/programs

go 1.26

require (
	github.com/fairlead-go/fairlead v0.0.0
	github.com/redis/go-redis/v9 v9.23.0
)

replace github.com/fairlead-go/fairlead => ../../../../../..
