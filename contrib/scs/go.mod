module github.com/fairlead-go/fairlead/contrib/scs

go 1.26

require (
	github.com/alexedwards/scs/v2 v2.9.0
	github.com/fairlead-go/fairlead v0.0.0
)

replace github.com/fairlead-go/fairlead => ../..
