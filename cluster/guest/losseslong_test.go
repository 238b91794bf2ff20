//go:build long

package guest_test

const losses uint64 = 1000
