// Package versions judges registers whose values have versions that the store gives them, as the keys of etcd: a register begins
// with null at version 0, and each change makes the next version. It is linearizable exactly if
//
//	one-writer   each version was made by one change, which did not fail
//	one-value    a version has one value, whoever tells of it, and a compare-and-set found in the version before what it expected
//	in-order     no operation saw or made a version that is smaller than one that was seen or made before it began
//
// An operation that is ok tells its version, so there is no order to search for: versions are the order. What is open is which change of
// unknown outcome made a version that no acknowledged change made. Such a change must be called before anything returns that
// saw this version or a later one, and must write the value that was seen. That is a matching, and is found by augmenting paths. It remains unknown where
// a compare-and-set would have to follow a version whose value nobody saw.
//
// The operations are read, write and cas, in either of two forms:
//
//	[version value]              as Jepsen's test of etcd has it: the argument is [nil 5] or [nil [old new]], and the answer has the version
//	{:value 5, :version 3}       as an answer; the argument is 5, or [expected new] where expected is a value or such a map
//
// A read that returns neither a version nor a value says nothing, and neither does one that failed. One that returns a version above 0 with
// null tells the version alone, as in Jepsen's model. A compare-and-set that failed says nothing here.
package versions
