package fairlead

import (
	"context"

	"github.com/fairlead-go/fairlead/redis"
)

// TrimAcknowledged removes from a stream what all of its consumer groups have read and acknowledged, and returns how many entries
// it removed. What is pending in any group, or not read by one, stays; so does everything behind it, and a stream without groups
// as a whole. Some entries more may stay where that is cheaper, and where there are very many they go in several calls. A group
// that nobody reads keeps everything: destroy it. A group that is created later does not get what was removed, and XGROUP SETID
// cannot bring it back.
//
// Call it now and then, from anywhere; it reads three facts and trims once. It is an error if the stream does not exist. Since
// Redis 6.2.0.
func (c Commands) TrimAcknowledged(ctx context.Context, stream string) (int64, error) {
	groups, err := Do(ctx, c, redis.XInfoGroups(stream))
	if err != nil || len(groups) == 0 {
		return 0, err
	}
	var keep streamID // the lowest id that somebody still needs
	for i, g := range groups {
		needed, err := c.firstNeeded(ctx, stream, g)
		if err != nil {
			return 0, err
		}
		if i == 0 || needed.less(keep) {
			keep = needed
		}
	}
	return Do(ctx, c, redis.XTrimMinIDApprox(stream, keep.String(), 0))
}

// firstNeeded returns the lowest id that a group still needs: what is pending, or comes after what it was delivered when its
// facts were read. What it is delivered since then is above that, so no moment has to be the same for both.
func (c Commands) firstNeeded(ctx context.Context, stream string, g redis.XInfoGroup) (streamID, error) {
	last, err := parseStreamID(g.LastDeliveredID)
	if err != nil {
		return streamID{}, err
	}
	pending, err := Do(ctx, c, redis.XPending(stream, g.Name))
	if err != nil || pending.Count == 0 {
		return last.next(), err
	}
	lowest, err := parseStreamID(pending.Lower)
	if err != nil || last.less(lowest) {
		return last.next(), err
	}
	return lowest, nil
}
