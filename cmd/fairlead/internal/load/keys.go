package load

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
)

const (
	batch        = 500              // keys that are written or removed by one pipe at most
	batchBytes   = 1 << 20          // and values in it, unless one alone is larger
	cleanupLimit = 30 * time.Second // for removing the keys, after an interruption too
)

// keys are those of one run. Their prefix is its own, so that runs side by side do not meet.
type keys struct {
	prefix string
	count  int
	value  string
}

func newKeys(o *Options) keys {
	return keys{
		prefix: fmt.Sprintf("fairlead:bench:%08x:", rand.Uint32()),
		count:  o.Keys,
		value:  strings.Repeat("v", o.ValueSize),
	}
}

func (k *keys) name(i int) string { return k.prefix + strconv.Itoa(i) }

// random returns any of the keys.
func (k *keys) random() string { return k.name(rand.IntN(k.count)) }

// write gives every key its value, so that each GET has a reply of known length.
func (k *keys) write(ctx context.Context, c *fairlead.Client) error {
	return k.each(ctx, c, func(p *fairlead.Pipe, key string) { fairlead.Queue(p, redis.Set(key, k.value, 0)) })
}

// remove removes the keys, also when ctx has ended.
func (k *keys) remove(ctx context.Context, c *fairlead.Client) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupLimit)
	defer cancel()
	err := k.each(ctx, c, func(p *fairlead.Pipe, key string) { fairlead.Queue(p, redis.Del(key)) })
	if err != nil {
		return fmt.Errorf("keys named %s… stay behind at the server: %w", k.prefix, err)
	}
	return nil
}

// each queues a command for every key and sends them in batches.
func (k *keys) each(ctx context.Context, c *fairlead.Client, queue func(p *fairlead.Pipe, key string)) error {
	step := max(1, min(batch, batchBytes/max(1, len(k.value))))
	for first := 0; first < k.count; first += step {
		p := c.Pipeline()
		for i := first; i < min(first+step, k.count); i++ {
			queue(p, k.name(i))
		}
		if err := p.Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
