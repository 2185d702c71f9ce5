package worker

import (
	"strconv"
	"strings"

	"github.com/fairlead-go/fairlead/bench/internal/driver"
	"github.com/fairlead-go/fairlead/bench/internal/sample"
)

// serverUse is what the server has used so far.
type serverUse struct{ seconds, commands, reads float64 }

func askServer(c *driver.Conn) (serverUse, error) {
	var u serverUse
	for _, section := range []string{"cpu", "stats"} { // older servers take one at a time
		info, err := c.Do("INFO", section)
		if err != nil {
			return u, err
		}
		for line := range strings.Lines(info) {
			u.add(strings.Cut(strings.TrimSpace(line), ":"))
		}
	}
	return u, nil
}

func (u *serverUse) add(key, text string, _ bool) {
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return
	}
	switch key {
	case "used_cpu_sys", "used_cpu_user":
		u.seconds += value
	case "total_commands_processed":
		u.commands = value
	case "total_reads_processed":
		u.reads = value
	}
}

// since adds to s what the server used per command since before.
func (u serverUse) since(before serverUse, s sample.Sample) {
	commands := max(1, u.commands-before.commands)
	s[sample.ServerCPU] = (u.seconds - before.seconds) * 1e6 / commands
	if reads := u.reads - before.reads; reads > 0 {
		s[sample.Batch] = commands / reads
	}
}
