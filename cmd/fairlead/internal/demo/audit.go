package demo

import "strconv"

// audit accounts for every element of the queue. It must be in exactly one place if its push was acknowledged: taken by one
// consumer once, still in the queue, or in the list of a consumer that never heard of it. It must be in no place if its push was
// said not to have run, and may be in one or none if that is in doubt.
func (q *queue) audit(look *plain) ([]finding, error) {
	places := make([][]uint8, len(q.pushes)) // in how many places each producer's elements are
	for p, b := range q.pushes {
		places[p] = make([]uint8, len(b.outcomes))
	}
	pushed, popped := finding{work: producerWork{q}.title()}, finding{work: consumerWork{q}.title()}
	put := func(text string) {
		p, n, ok := q.parseElement(text)
		switch {
		case !ok:
			q.wrong.add("the queue holds %s, which nobody pushed", strconv.Quote(text))
		case places[p][n] < 2:
			places[p][n]++
		}
	}
	waiting, err := look.list("LRANGE", queueKey, "0", "-1")
	if err != nil {
		return nil, err
	}
	for _, text := range waiting {
		put(text)
	}
	for _, b := range q.pops {
		if err := b.places(look, put); err != nil {
			return nil, err
		}
		popped.acknowledged += int64(len(b.taken))
		popped.inDoubt += b.inDoubt
	}
	for p, b := range q.pushes {
		for n, o := range b.outcomes {
			judge(o, places[p][n], &pushed, &popped)
		}
	}
	return []finding{pushed, popped}, nil
}

// places tells put where the consumer's elements are. An element that it took and whose removal was not acknowledged may
// still be in its list; that is one place, not two.
func (b *popBook) places(look *plain, put func(text string)) error {
	unfinished := map[string]bool{}
	for _, t := range b.taken {
		put(t.element)
		if !t.finished {
			unfinished[t.element] = true
		}
	}
	left, err := look.list("LRANGE", b.processing, "0", "-1")
	if err != nil {
		return err
	}
	for _, text := range left {
		if !unfinished[text] {
			put(text)
		}
		delete(unfinished, text) // a second one of the same is a place of its own
	}
	return nil
}

// judge adds one element to the findings.
func judge(o outcome, places uint8, pushed, popped *finding) {
	switch o {
	case acknowledged:
		pushed.acknowledged++
		if places == 0 {
			pushed.lost++
		}
	case inDoubt:
		pushed.inDoubt++
	case notRun:
		if places > 0 {
			pushed.doubled++ // a caller who believed the error has pushed it again
		}
	}
	if places > 1 {
		popped.doubled++
	}
}
