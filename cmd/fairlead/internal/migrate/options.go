package migrate

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strings"
)

// optionNames are go-redis's options by Fairlead's names. What stands behind a point is a field of Options.Retry.
var optionNames = map[string]string{
	"Addr": "Addr", "Network": "Network", "ClientName": "ClientName", "Protocol": "Protocol", "Username": "Username",
	"Password": "Password", "DB": "DB", "CredentialsProviderContext": "Credentials", "TLSConfig": "TLS", "Dialer": "Dialer",
	"DialTimeout": "DialTimeout", "ReadTimeout": "Timeout", "PoolSize": "MaxConnections", "MinIdleConns": "MinIdle",
	"PoolTimeout": "PoolTimeout", "ConnMaxIdleTime": "IdleTimeout", "ConnMaxLifetime": "MaxLifetime",
	"MaxRetries": "Retry.MaxRetries", "MinRetryBackoff": "Retry.MinBackoff", "MaxRetryBackoff": "Retry.MaxBackoff",
}

// needless are options that Fairlead has no use for: leaving them away changes no result.
var needless = map[string]string{
	"ContextTimeoutEnabled": "contexts always count", "PoolFIFO": "idle connections are closed by IdleTimeout",
	"ReadBufferSize": "buffers grow by themselves", "WriteBufferSize": "buffers grow by themselves",
	"DialerRetries": "a command dials again by itself", "DialerRetryTimeout": "a command dials again by itself",
	"MaxConcurrentDials": "connections are opened one by one", "DisableIdentity": "no library name is sent",
	"DisableIndentity": "no library name is sent", "PipelinePoolSize": "pipes need no pool of their own",
	"PipelineReadBufferSize": "buffers grow by themselves", "PipelineWriteBufferSize": "buffers grow by themselves",
}

const seeOptions = "see the documentation of fairlead.Options"

// optionsLiteral changes redis.Options{…}. The options of retries are gathered in one field.
func (r *rewriter) optionsLiteral(lit *ast.CompositeLit) {
	var retry []*ast.KeyValueExpr
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		key, named := ast.Expr(nil), false
		if ok {
			key, named = kv.Key, true
		}
		id, isName := key.(*ast.Ident)
		if !named || !isName {
			r.leave(lit, r.source(lit), "its fields have no names", "write them as Name: value")
			return
		}
		r.claim(id)
		to := optionNames[id.Name]
		switch {
		case !r.optionFits(kv.Value, id.Name, lit):
		case strings.HasPrefix(to, "Retry."):
			retry = append(retry, kv)
		case to != "":
			r.edits.replace(id.Pos(), id.End(), to)
		case needless[id.Name] != "" || id.Name == "WriteTimeout":
			r.dropElement(lit, kv)
		}
	}
	r.gatherRetry(lit, retry)
}

// optionFits reports whether the option can be changed, and tells why not.
func (r *rewriter) optionFits(value ast.Expr, name string, lit *ast.CompositeLit) bool {
	c := r.info.Types[value].Value
	why, do := "", seeOptions
	switch {
	case name == "WriteTimeout":
		if read := elementOf(lit, "ReadTimeout"); read == nil || r.source(read) != r.source(value) {
			why, do = "Fairlead has one Timeout, for a command from being sent to its reply", "set Timeout to what the two were meant to be together"
		}
	case optionNames[name] == "" && needless[name] == "":
		why = "Fairlead has no such option"
	case needless[name] != "" && c == nil:
		why, do = "it is not needed: "+needless[name], "leave it away"
	case name == "ConnMaxLifetime" && c != nil && constant.Sign(c) < 0, strings.HasSuffix(name, "RetryBackoff") && c != nil && constant.Sign(c) < 0:
		why, do = "a negative value is an error in Fairlead", "leave it away, or say how long"
	case name == "Dialer" && elementOf(lit, "TLSConfig") != nil:
		why, do = "Fairlead lays TLS over what the Dialer returns, go-redis does not", "let one of the two do it"
	}
	if why != "" {
		r.leave(value, name, why, do)
	}
	return why == ""
}

func elementOf(lit *ast.CompositeLit, name string) ast.Expr {
	if lit == nil {
		return nil
	}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok && id.Name == name {
				return kv.Value
			}
		}
	}
	return nil
}

// dropElement takes an element of a literal away, with the comma behind it and, if it has it to itself, the line.
func (r *rewriter) dropElement(lit *ast.CompositeLit, kv *ast.KeyValueExpr) {
	end := lit.Rbrace
	for i, e := range lit.Elts {
		if e == kv && i+1 < len(lit.Elts) {
			end = lit.Elts[i+1].Pos()
		}
	}
	r.claimAll(kv)
	r.edits.replace(kv.Pos(), end, "")
}

// claimAll accounts for all names inside of what is taken away.
func (r *rewriter) claimAll(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			r.claim(id)
		}
		return true
	})
}

// gatherRetry writes the options of retries as the field Retry, in the place of the first of them.
func (r *rewriter) gatherRetry(lit *ast.CompositeLit, retry []*ast.KeyValueExpr) {
	for i, kv := range retry {
		name := strings.TrimPrefix(optionNames[kv.Key.(*ast.Ident).Name], "Retry.")
		if i == 0 {
			r.edits.replace(kv.Pos(), kv.Colon, "Retry: "+r.ownName("Retry")+"{"+name)
			rest := ""
			for _, other := range retry[1:] {
				rest += ", " + strings.TrimPrefix(optionNames[other.Key.(*ast.Ident).Name], "Retry.") + ": " + r.source(other.Value)
			}
			r.edits.close(kv.End(), rest+"}")
			continue
		}
		r.dropElement(lit, kv)
	}
}

// optionField changes opt.PoolSize and the like.
func (r *rewriter) optionField(s *ast.SelectorExpr) {
	r.claim(s.Sel)
	to := optionNames[s.Sel.Name]
	value := ast.Expr(nil)
	if a, ok := r.parents[s].(*ast.AssignStmt); ok && len(a.Lhs) == 1 && a.Lhs[0] == s {
		value = a.Rhs[0]
	}
	switch {
	case to == "":
		r.leave(s, r.source(s), "Fairlead has no such option", seeOptions)
	case value != nil && !r.optionFits(value, s.Sel.Name, nil):
	default:
		r.edits.replace(s.Sel.Pos(), s.Sel.End(), to)
	}
}

// newClient changes redis.NewClient(…), which cannot fail, to a function of the program that panics where an option is wrong.
func (r *rewriter) newClient(call *ast.CallExpr) {
	s, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) != 1 {
		return
	}
	r.claim(s.Sel)
	r.usesOwn = true
	r.edits.replace(s.Pos(), s.End(), r.helper("newRedisClient"))
	r.note(call, "NewClient", "go-redis sends every command again after a timeout, and looks at contexts only with ContextTimeoutEnabled; "+
		"Fairlead sends again only what did not run or only reads, and contexts always count",
		"set Retry.OnTimeout if commands may run twice; see docs/from-go-redis.md")
}

// closeClient changes rdb.Close(): closing a client leaves its pool open, which others may share.
func (r *rewriter) closeClient(s *ast.SelectorExpr) {
	r.claim(s.Sel)
	r.edits.open(s.Sel.Pos(), "Pool().")
}

// isPointer reports whether t is a pointer.
func isPointer(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.Pointer)
	return ok
}
