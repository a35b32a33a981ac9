package enc

import "testing"

func BenchmarkOther(b *testing.B) {}

func BenchmarkEncode(b *testing.B) {}
