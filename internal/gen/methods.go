package main

import (
	"fmt"
	"regexp"
	"strings"
)

// methods writes one group's file of the root package.
func (p *plan) methods(g *group) string {
	var b strings.Builder
	for _, o := range g.Commands {
		for _, m := range o.Makers {
			reply := p.kinds.replies[m.Reply]
			result, via := "("+qualified(reply.Go, "redis.")+", error)", "Do"
			if reply.Go == "struct{}" {
				result, via = "error", "run"
			}
			params, args := p.paramList(m, "redis."), make([]string, len(m.Params))
			for i, q := range m.Params {
				args[i] = q.Name
				if q.Variadic {
					args[i] += "..."
				}
			}
			if params != "" {
				params = ", " + params
			}
			fmt.Fprintf(&b, "%sfunc (c Commands) %s(ctx context.Context%s) %s {\nreturn %s(ctx, c, redis.%s(%s))\n}\n\n",
				comment("", p.linked(p.doc(m.Method, o, m))), m.Method, params, result, via, m.Name, strings.Join(args, ", "))
		}
	}
	body := b.String()
	return header + "package fairlead\n\n" + imports(body) + body
}

var docLink = regexp.MustCompile(`\B\[(\w+)\]`)

// linked turns the links of a comment for package redis into those of the root package: to methods, or to redis itself.
func (p *plan) linked(doc string) string {
	return docLink.ReplaceAllStringFunc(doc, func(link string) string {
		for _, g := range p.groups {
			for _, o := range g.Commands {
				for _, m := range o.Makers {
					if link == "["+m.Name+"]" {
						return "[Commands." + m.Method + "]"
					}
				}
			}
		}
		return "[redis." + link[1:]
	})
}
