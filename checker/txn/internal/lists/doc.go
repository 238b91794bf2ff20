// Package lists infers from reads of lists in which order transactions took effect.
//
// Whoever reads a list reads in which order its elements were appended. So the longest list that was read of a key is the order of its
// versions, as far as all reads agree, and versions that nobody read come behind it (Kingsbury and Alvaro, Elle, 2020, sections 3 and 4). From
// that order follow the direct dependencies of Adya (Weak Consistency, 1999, definitions 2 to 6): ww to who installed the next version, wr
// to who read a version, rw from who read a version to who installed the next one. What failed transactions wrote is no version.
//
// Of a key whose reads do not agree, or that has a value twice, the order is used up to there and no further.
package lists
