// Package graph finds cycles among transactions: for each class of them a shortest one, or that there is none.
package graph
