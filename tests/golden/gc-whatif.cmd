$HEAPWISE gc whatif gc-observation.txt --budget=64MiB
$HEAPWISE gc whatif gc-observation.txt --gogc=50,off --memlimit=off,24MiB --budget=64MiB
$HEAPWISE gc whatif gc-observation.txt --gogc=200 --memlimit=off --budget=64MiB --json
$HEAPWISE gc whatif gc-observation.txt --gogc=zero
$HEAPWISE gc whatif gc-observation.txt --memlimit=1G
$HEAPWISE gc whatif gc-whatif.cmd
$HEAPWISE gc whatif gc-observation.txt gc-observation.txt gc-observation.txt --gogc=200 --memlimit=off
$HEAPWISE gc whatif gc-observation.txt gc-other-work.txt
