package migrate

import (
	"slices"
	"strings"
)

// helperTexts are small functions that are written to the end of a file of the program if it needs them: they stand where an
// expression must stay one expression.
var helperTexts = map[string]string{
	"newRedisClient": `
// newRedisClient returns a client with a pool of its own, which rdb.Pool().Close() closes. It panics if an option is wrong.
func newRedisClient(o *fairlead.Options) *fairlead.Client {
	pool, err := fairlead.NewPool(o)
	if err != nil {
		panic(err)
	}
	return fairlead.NewClient(pool)
}
`,
	"valueOf": `
// valueOf returns the value, zero if there was an error.
func valueOf[T any](v T, _ error) T { return v }
`,
	"errorOf": `
// errorOf returns the error alone.
func errorOf[T any](_ T, err error) error { return err }
`,
	"pipelined": `
// pipelined executes what fill queues, unless fill fails.
func pipelined(ctx context.Context, p *fairlead.Pipe, fill func(p *fairlead.Pipe) error) error {
	if err := fill(p); err != nil {
		return err
	}
	return p.Exec(ctx)
}
`,
}

// helper is the name of a helper, which the package will have.
func (r *rewriter) helper(name string) string {
	r.needs[name] = true
	return r.helperName(name)
}

// helperName is what a helper is called: something longer if the package has that name already.
func (r *rewriter) helperName(name string) string {
	if r.pkg.Types.Scope().Lookup(name) == nil {
		return name
	}
	return "fairlead" + strings.ToUpper(name[:1]) + name[1:]
}

// helperText is what is written to the end of a file.
func (r *rewriter) helperText(f *file) string {
	var names []string
	for name, at := range r.helpers {
		if at == f {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var b strings.Builder
	for _, name := range names {
		text := strings.ReplaceAll(helperTexts[name], name, r.helperName(name))
		f.usesOwn = f.usesOwn || strings.Contains(text, "fairlead.")
		b.WriteString(text)
	}
	return b.String()
}
