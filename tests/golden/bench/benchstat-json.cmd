$HEAPWISE benchstat --json -filter .unit:ns/op old.txt new.txt
