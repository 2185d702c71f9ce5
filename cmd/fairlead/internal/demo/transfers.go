package demo

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/fairlead-go/fairlead"
	"github.com/fairlead-go/fairlead/redis"
)

const (
	accounts     = 32
	firstBalance = 1000
	transferKey  = "demo:transfers" // how many there were; every transaction increments it
)

// transferWork moves money between accounts in transactions that watch both: the sum never changes.
type transferWork struct {
	*stage
	book tally
}

func (*transferWork) title() string { return "transfers" }

func account(i int) string { return fmt.Sprintf("demo:account:%d", i) }

func (w *transferWork) prepare(ctx context.Context) error {
	balances := make([]any, 0, 2*accounts)
	for i := range accounts {
		balances = append(balances, account(i), firstBalance)
	}
	return w.client.MSet(ctx, balances...)
}

func (w *transferWork) worker() func(context.Context) bool {
	return func(ctx context.Context) bool {
		from := rand.IntN(accounts)
		to := (from + 1 + rand.IntN(accounts-1)) % accounts
		return w.transfer(ctx, account(from), account(to), 1+rand.Int64N(10))
	}
}

func (w *transferWork) transfer(ctx context.Context, from, to string, amount int64) bool {
	asked := false // whether the transaction itself was to be sent, after what is read before it
	err := w.client.Watch(ctx, func(tx *fairlead.Tx) error {
		asked = false
		a, err := fairlead.As[int64](tx.Get(ctx, from))
		if err != nil {
			return err
		}
		b, err := fairlead.As[int64](tx.Get(ctx, to))
		if err != nil {
			return err
		}
		fairlead.Queue(tx, redis.Set(from, a-amount, 0))
		fairlead.Queue(tx, redis.Set(to, b+amount, 0))
		fairlead.Queue(tx, redis.Incr(transferKey))
		asked = true
		return nil
	}, from, to)
	result := outcomeOf(err)
	if !asked {
		result = notRun
	}
	w.book.note(result)
	return w.went(ctx, transfers, err)
}

func (w *transferWork) check(look *plain) ([]finding, error) {
	f := finding{work: w.title()}
	made, err := look.number("GET", transferKey)
	if err != nil {
		return nil, err
	}
	f.compare(&w.book, made)
	sum := int64(0)
	for i := range accounts {
		balance, err := look.number("GET", account(i))
		if err != nil {
			return nil, err
		}
		sum += balance
	}
	f.lost += max(0, accounts*firstBalance-sum) // half of a transaction is money that vanished
	f.doubled += max(0, sum-accounts*firstBalance)
	return []finding{f}, nil
}
