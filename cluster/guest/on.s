//go:build faultline_overlay

// Functions of the runtime are declared here without a body.
