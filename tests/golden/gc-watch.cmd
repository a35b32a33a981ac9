$HEAPWISE gc watch gc-observation.txt --interval=1
$HEAPWISE gc watch gc-observation.txt --interval=2 --ndjson | head -2
$HEAPWISE gc watch gc-watch.cmd
$HEAPWISE gc watch http://127.0.0.1:1/metrics 2>&1 | sed "s/after [0-9]* ms/after N ms/"
$HEAPWISE gc credit --profile=gc-observation.txt gc-observation.txt
$HEAPWISE gc credit gc-observation.txt
$HEAPWISE gc watch pid:x 2>&1 | head -1
$HEAPWISE gc watch pid:2147483647
