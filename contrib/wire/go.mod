module github.com/fairlead-go/fairlead/contrib/wire

go 1.26

require github.com/fairlead-go/fairlead v0.0.0

replace github.com/fairlead-go/fairlead => ../..
