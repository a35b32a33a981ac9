# Two snapshots of a program that keeps more and more, sampled at rate 1: exact.
$HEAPWISE profile gate heap.pb later.pb; echo "status $?"
$HEAPWISE profile gate later.pb heap.pb; echo "status $?"
$HEAPWISE profile gate --by package --all --max-growth 1GB heap.pb later.pb; echo "status $?"
$HEAPWISE profile gate --rule '^main=any' --rule '^\(total' heap.pb later.pb; echo "status $?"
$HEAPWISE profile gate --rule '^main=any' --rule '^\(total=200%' heap.pb later.pb; echo "status $?"
$HEAPWISE profile gate --format github --sample_index inuse_objects heap.pb later.pb; echo "status $?"
$HEAPWISE profile gate --format markdown heap.pb later.pb | head -5
$HEAPWISE profile gate --format sarif heap.pb later.pb | grep -E '"(ruleId|startLine|level|uri)"'
$HEAPWISE profile gate --json --max-growth any heap.pb later.pb; echo "status $?"
$HEAPWISE profile gate heap.pb nosuch.pb; echo "status $?"
$HEAPWISE profile gate heap.pb gate.cmd; echo "status $?"
$HEAPWISE profile gate heap.pb - <later.pb | head -1
head -c 900 heap.pb | $HEAPWISE profile gate --max-growth any heap.pb -; echo "status $?"
$HEAPWISE profile gate --by leaf heap.pb later.pb; echo "status $?"
$HEAPWISE profile gate --max-growth=-3 heap.pb later.pb; echo "status $?"
$HEAPWISE profile gate --sample_index nosuch heap.pb later.pb; echo "status $?"
$HEAPWISE profile gate --rule '(=5%' heap.pb later.pb; echo "status $?"
$HEAPWISE profile; echo "status $?"
$HEAPWISE profile gate --by stack --all heap.pb later.pb; echo "status $?"
