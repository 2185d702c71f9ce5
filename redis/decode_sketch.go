package redis

import "github.com/fairlead-go/fairlead/resp"

// A ScanDump is a part of a Bloom or Cuckoo filter.
type ScanDump struct {
	Iter int64  // where the next part begins; 0: there is no more, and this one is empty
	Data string // to be given to BFLoadChunk or CFLoadChunk together with Iter
}

// BFDetails tell how a Bloom filter is made.
type BFDetails struct {
	Capacity      int64 // elements that it can hold
	Size          int64 // bytes
	Filters       int64 // sub-filters
	ItemsInserted int64 // elements that were added and were new
	ExpansionRate int64 // how many times larger the next sub-filter will be; 0 if the filter does not scale
}

// CFDetails tell how a Cuckoo filter is made.
type CFDetails struct {
	Size             int64 // bytes
	NumBuckets       int64
	NumFilters       int64 // sub-filters
	NumItemsInserted int64
	NumItemsDeleted  int64
	BucketSize       int64 // elements in a bucket
	ExpansionRate    int64 // how many times larger the next sub-filter will be
	MaxIteration     int64 // how often it tries to make room for an element
}

// CMSDetails tell how a Count-Min Sketch is made.
type CMSDetails struct {
	Width    int64 // counters in a row
	Depth    int64 // rows
	Count    int64 // the sum of all counts
	CellSize int64 // bytes of a counter; 0 if the server does not tell
}

// TopKDetails tell how a Top-K is made.
type TopKDetails struct {
	K     int64   // elements that it keeps
	Width int64   // counters in a row
	Depth int64   // rows
	Decay float64 // the probability by which counters decay
}

// TDigestDetails tell how a t-digest is made.
type TDigestDetails struct {
	Compression       int64
	Capacity          int64 // centroids that it has room for
	MergedNodes       int64 // centroids
	UnmergedNodes     int64 // values that are not in centroids yet
	MergedWeight      int64 // values in the centroids
	UnmergedWeight    int64 // values that are not in centroids yet
	Observations      int64 // values in all
	TotalCompressions int64
	MemoryUsage       int64 // bytes
}

func readScanDump(r resp.Reply) (d ScanDump, err error) {
	f, err := columns(r, 2)
	if err != nil {
		return d, err
	}
	if d.Iter, err = f[0].Int(); err != nil {
		return d, err
	}
	d.Data, err = readText(f[1])
	return d, err
}

// readAdded reads for each element whether it was added: 1 or true. That the filter is full is -1.
func readAdded(r resp.Reply) ([]bool, error) {
	return readSlice(r, func(r resp.Reply) (bool, error) {
		n, err := r.Int()
		return n > 0, err
	})
}

func readBFDetails(r resp.Reply) (d BFDetails, err error) {
	err = readFields(r, map[string]any{
		"Capacity": &d.Capacity, "Size": &d.Size, "Number of filters": &d.Filters, "Number of items inserted": &d.ItemsInserted,
		"Expansion rate": &d.ExpansionRate,
	})
	return d, err
}

// readBFNumber reads one of those numbers: alone, in a list, or after its name.
func readBFNumber(r resp.Reply) (int64, error) {
	for c := r.Elements(); ; {
		e, ok := c.Next()
		if !ok {
			return readInt(r)
		}
		r = e
	}
}

func readCFDetails(r resp.Reply) (d CFDetails, err error) {
	err = readFields(r, map[string]any{
		"Size": &d.Size, "Number of buckets": &d.NumBuckets, "Number of filters": &d.NumFilters,
		"Number of items inserted": &d.NumItemsInserted, "Number of items deleted": &d.NumItemsDeleted, "Bucket size": &d.BucketSize,
		"Expansion rate": &d.ExpansionRate, "Max iterations": &d.MaxIteration,
	})
	return d, err
}

func readCMSDetails(r resp.Reply) (d CMSDetails, err error) {
	err = readFields(r, map[string]any{"width": &d.Width, "depth": &d.Depth, "count": &d.Count, "cell_size": &d.CellSize})
	return d, err
}

func readTopKDetails(r resp.Reply) (d TopKDetails, err error) {
	err = readFields(r, map[string]any{"k": &d.K, "width": &d.Width, "depth": &d.Depth, "decay": &d.Decay})
	return d, err
}

func readTDigestDetails(r resp.Reply) (d TDigestDetails, err error) {
	err = readFields(r, map[string]any{
		"Compression": &d.Compression, "Capacity": &d.Capacity, "Merged nodes": &d.MergedNodes, "Unmerged nodes": &d.UnmergedNodes,
		"Merged weight": &d.MergedWeight, "Unmerged weight": &d.UnmergedWeight, "Observations": &d.Observations,
		"Total compressions": &d.TotalCompressions, "Memory usage": &d.MemoryUsage,
	})
	return d, err
}
