$HEAPWISE gc env --go=1.26.8 GODEBUG=gctrace=1,gc=greentea,allocfreetrace=1 GOMEMLIMIT=100MB GOGC=50% | grep -v "container limit"
$HEAPWISE gc env --go=1.25 GODEBUG=gc=greentea GOEXPERIMENT=greenteagc | grep -v "container limit"
$HEAPWISE gc env --go=1.26 GOGC=200 --json | grep -v container
$HEAPWISE gc env --go=1.26 GOGX=1
$HEAPWISE gc env --go=1.12
$HEAPWISE gc nosuch
