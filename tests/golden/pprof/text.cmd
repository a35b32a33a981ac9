# A text profile names its frames in comments, which pprof does not read (-compat).
printf 'heap profile: 1: 64 [2: 128] @ heap/2\n1: 64 [2: 128] @ 0x401001 0x402011 0x403021 0x404031\n#\t0x402010\tmain.fill+0x10\t\texample.com/m/fill.go:3\n#\t0x403020\tmain.main+0x20\t/src/main.go:20\n\n' >heap.tmp
$HEAPWISE pprof -top heap.tmp
$HEAPWISE pprof -compat -top heap.tmp
# Built with -trimpath: the file is below the module here.
mkdir -p mod.tmp; cd mod.tmp; printf 'module example.com/m\n' >go.mod; printf 'package main\n\nfunc fill() {}\n' >fill.go
$HEAPWISE pprof -list fill ../heap.tmp
$HEAPWISE pprof -compat -list fill ../heap.tmp; echo "status $?"
cd ..; rm -r mod.tmp heap.tmp
