$HEAPWISE bench gate old.txt new.txt; echo "status $?"
$HEAPWISE bench gate --all --filter .unit:ns/op old.txt new.txt; echo "status $?"
$HEAPWISE bench gate new.txt old.txt | head -1; echo
$HEAPWISE bench gate --format github old.txt new.txt; echo "status $?"
$HEAPWISE bench gate --format markdown old.txt new.txt | head -6
$HEAPWISE bench gate --format sarif old.txt new.txt | grep -E '"(ruleId|startLine|level|uri)"'
head -5 old.txt | $HEAPWISE bench gate --settled - new.txt; echo "status $?"
$HEAPWISE bench gate --src src --format github old.txt new.txt | head -1
