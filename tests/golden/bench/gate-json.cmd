$HEAPWISE bench gate --json old.txt new.txt
