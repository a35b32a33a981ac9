# What is wrong with the words is found out before any Go toolchain is asked.
$HEAPWISE review --engine nope; echo "status $?"
$HEAPWISE review --fail-on sometimes; echo "status $?"
$HEAPWISE review --profile no/such/file.pprof; echo "status $?"
$HEAPWISE review -C no/such/dir; echo "status $?"
$HEAPWISE review --top many; echo "status $?"
PATH=/nonexistent $HEAPWISE review --engine=compiler; echo "status $?"
