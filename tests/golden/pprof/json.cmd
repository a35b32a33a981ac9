# Reports as data, and where we differ from pprof on purpose.
$HEAPWISE pprof -json -tree -nodecount=3 -sample_index=alloc_space heap.pb
$HEAPWISE pprof -json -top -lines heap.pb | grep -A12 '"id": 1,'
$HEAPWISE pprof -json -peek=alloc -focus=main heap.pb | grep -E '"(name|matches|text)"'
$HEAPWISE pprof -json -peek=nosuch heap.pb; echo "status $?"
$HEAPWISE pprof -json -traces heap.pb; echo "status $?"
$HEAPWISE pprof -top heap.pb nosuch.pb | head -1; $HEAPWISE pprof -top heap.pb nosuch.pb >/dev/null 2>&1; echo "status $?"
$HEAPWISE pprof -compat -top heap.pb nosuch.pb 2>&1 | head -3; $HEAPWISE pprof -compat -top heap.pb nosuch.pb >/dev/null 2>&1; echo "status $?"
