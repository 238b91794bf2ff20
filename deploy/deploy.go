// Package deploy has the image and the manifests that run campaigns on Kubernetes. In it are the tests of these and of the GitHub
// action, which is at the root of the repository as GitHub wants it: a module of its own, as Faultline itself needs nothing of
// Kubernetes.
package deploy
