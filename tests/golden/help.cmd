$HEAPWISE version --json | sed 's/"version": "[^"]*"/"version": "V"/'
$HEAPWISE nosuch
$HEAPWISE version --jsn
