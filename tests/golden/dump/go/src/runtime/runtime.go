// Package runtime is here so that this directory is a Go tree.
package runtime
