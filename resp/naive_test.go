package resp_test

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/fairlead-go/fairlead/resp"
)

// A naive is a second parser of RESP, to compare the Scanner with: it has everything in memory, looks at a line with
// regular expressions and at the rest by calling itself. It knows the default limits of Bulk, Elements and Depth.
type naive struct{ in string }

var (
	errShort = errors.New("more bytes are needed")
	errBad   = errors.New("no RESP")
)

var lines = map[byte]*regexp.Regexp{
	'+': regexp.MustCompile(`^[^\r\n]*$`),
	'-': regexp.MustCompile(`^[^\r\n]*$`),
	':': regexp.MustCompile(`^[+-]?[0-9]+$`),
	'_': regexp.MustCompile(`^$`),
	'#': regexp.MustCompile(`^[tf]$`),
	',': regexp.MustCompile(`^([+-]?inf|-?nan|NaN|Inf|-Inf|INF|-INF|[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?)$`),
	'(': regexp.MustCompile(`^[+-]?[0-9]+$`),
	'$': regexp.MustCompile(`^([0-9]+|-1|\?)$`),
	'!': regexp.MustCompile(`^[0-9]+$`),
	'=': regexp.MustCompile(`^[0-9]+$`),
	'*': regexp.MustCompile(`^([0-9]+|-1|\?)$`),
	'%': regexp.MustCompile(`^([0-9]+|\?)$`),
	'~': regexp.MustCompile(`^([0-9]+|\?)$`),
	'|': regexp.MustCompile(`^[0-9]+$`),
	'>': regexp.MustCompile(`^[0-9]+$`),
	';': regexp.MustCompile(`^[0-9]+$`),
	'.': regexp.MustCompile(`^$`),
}

// replies returns all complete replies, and what comes after them: nil, errShort or errBad.
func (p *naive) replies() (all []resp.Value, err error) {
	for p.in != "" {
		v, err := p.reply(0)
		if err != nil {
			return all, err
		}
		all = append(all, v)
	}
	return all, nil
}

// reply takes one reply, with what is before it.
func (p *naive) reply(depth int) (v resp.Value, err error) {
	var attrs []resp.Value
	for strings.HasPrefix(p.in, "|") {
		if attrs, err = p.aggregate(depth); err != nil {
			return v, err
		}
	}
	v, err = p.element(depth)
	v.Attrs = attrs
	return v, err
}

// line takes a line that begins with one of these bytes.
func (p *naive) line(types string) (kind byte, line string, err error) {
	if p.in == "" {
		return 0, "", errShort
	}
	kind = p.in[0]
	if strings.IndexByte(types, kind) < 0 {
		return 0, "", errBad
	}
	before, after, ended := strings.Cut(p.in, "\n")
	if !ended {
		return 0, "", errShort
	}
	line, cr := strings.CutSuffix(before[1:], "\r")
	if !cr || !lines[kind].MatchString(line) {
		return 0, "", errBad
	}
	p.in = after
	return kind, line, nil
}

func (p *naive) element(depth int) (v resp.Value, err error) {
	types := "+-:_#,($!=*%~"
	if depth == 0 {
		types += ">"
	}
	if p.in != "" && strings.IndexByte("*%~>", p.in[0]) >= 0 && strings.IndexByte(types, p.in[0]) >= 0 {
		kind := resp.Kind(p.in[0])
		elems, err := p.aggregate(depth)
		if err == errNil {
			return resp.Value{Kind: resp.Null}, nil
		}
		return resp.Value{Kind: kind, Elems: elems}, err
	}
	kind, line, err := p.line(types)
	if err != nil {
		return v, err
	}
	v = resp.Value{Kind: resp.Kind(kind)}
	switch kind {
	case ':':
		v.Int, err = strconv.ParseInt(line, 10, 64)
		if err != nil {
			return v, errBad
		}
	case '#':
		v.Bool = line == "t"
	case ',':
		v.Str = line
		v.Float, _ = strconv.ParseFloat(strings.TrimPrefix(line, "-nan")+strings.Repeat("nan", strings.Count(line, "-nan")), 64)
	case '$', '!', '=':
		if line == "-1" {
			return resp.Value{Kind: resp.Null}, nil
		}
		if line == "?" {
			v.Str, err = p.parts()
			return v, err
		}
		return p.payload(v, line)
	default:
		v.Str = line
	}
	return v, nil
}

// count reads digits of any length; more than most is bad.
func count(line string, most int) (int, error) {
	line = strings.TrimLeft(line, "0")
	if line == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(line)
	if err != nil || n > most {
		return 0, errBad
	}
	return n, nil
}

func (p *naive) payload(v resp.Value, line string) (resp.Value, error) {
	n, err := count(line, 512<<20)
	if err != nil || (v.Kind == resp.VerbatimString && n < 4) {
		return v, errBad
	}
	if len(p.in) < n+2 {
		return v, errShort
	}
	v.Str, p.in = p.in[:n], p.in[n:]
	if !strings.HasPrefix(p.in, "\r\n") || (v.Kind == resp.VerbatimString && v.Str[3] != ':') {
		return v, errBad
	}
	p.in = p.in[2:]
	if v.Kind == resp.VerbatimString {
		v.Format, v.Str = v.Str[:3], v.Str[4:]
	}
	return v, nil
}

func (p *naive) parts() (joined string, err error) {
	for {
		_, line, err := p.line(";")
		if err != nil {
			return "", err
		}
		if strings.Trim(line, "0") == "" {
			return joined, nil
		}
		v, err := p.payload(resp.Value{}, line)
		if err != nil {
			return "", err
		}
		joined += v.Str
	}
}

var errNil = errors.New("a nil array")

func (p *naive) aggregate(depth int) (elems []resp.Value, err error) {
	kind, line, err := p.line("*%~|>")
	if err != nil {
		return nil, err
	}
	if line == "-1" {
		return nil, errNil
	}
	n := 0
	if line != "?" {
		if n, err = count(line, 1<<20); n == 0 || err != nil {
			return nil, err
		}
	}
	if depth == 64 {
		return nil, errBad
	}
	if kind == '%' || kind == '|' {
		n *= 2
	}
	for len(elems) < n || line == "?" {
		if line == "?" && strings.HasPrefix(p.in, ".") {
			if kind == '%' && len(elems)%2 == 1 {
				return nil, errBad
			}
			_, _, err := p.line(".")
			return elems, err
		}
		e, err := p.reply(depth + 1)
		if err != nil {
			return nil, err
		}
		elems = append(elems, e)
	}
	return elems, nil
}
