$HEAPWISE benchstat old.txt new.txt
$HEAPWISE benchstat -format csv -filter .unit:ns/op old.txt new.txt | grep -v geomean # last digit: by processor
$HEAPWISE benchstat -col '/format@(gob json)' -row .name -ignore .file B=new.txt
$HEAPWISE benchstat bad.txt
