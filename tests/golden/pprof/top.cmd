# Tables, filters, differences, merges: a small heap profile of a program that allocates in main.alloc.
$HEAPWISE pprof -top heap.pb
$HEAPWISE pprof -top -lines -cum -nodecount=3 heap.pb
$HEAPWISE pprof -top -diff_base heap.pb later.pb
$HEAPWISE pprof -top -base heap.pb -sample_index=alloc_objects later.pb
$HEAPWISE pprof -top -focus main.mid -unit kb heap.pb later.pb
$HEAPWISE pprof -top -focus nothing heap.pb
$HEAPWISE pprof -tree -hide runtime heap.pb
$HEAPWISE pprof -tags heap.pb
$HEAPWISE pprof -dot -focus main heap.pb
# Means: what is shown has a mean, too; pprof adds the nodes' means up.
$HEAPWISE pprof -top -mean heap.pb
$HEAPWISE pprof -compat -top -mean heap.pb | grep -A3 Showing
# A program found by its name, which a profile with a build id does not take.
mkdir bin.tmp; ln -s "$HEAPWISE" bin.tmp/main
PPROF_BINARY_PATH=nosuch:bin.tmp $HEAPWISE pprof -comments heap.pb; rm -r bin.tmp
