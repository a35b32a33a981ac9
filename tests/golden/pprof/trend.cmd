# Two snapshots of a program that keeps more and more; given in the wrong order.
$HEAPWISE profile trend later.pb heap.pb; echo "status $?"
$HEAPWISE profile trend --by package --json heap.pb later.pb | grep -vE '"(r2|growth|lifetime_s|slope)"' | head -60; echo "status $?"
$HEAPWISE profile trend --sample_index alloc_objects --all heap.pb later.pb | head -12
$HEAPWISE profile trend heap.pb; echo "status $?"
$HEAPWISE profile trend heap.pb nosuch.pb; echo "status $?"
$HEAPWISE profile trend heap.pb heap.pb | head -3; echo "status $?"
$HEAPWISE profile trend --count 3 heap.pb later.pb 2>&1 | head -1
$HEAPWISE profile trend --every 5 heap.pb 2>&1 | head -1
$HEAPWISE profile trend --every 5s heap.pb later.pb 2>&1 | head -1
$HEAPWISE profile trend --every 5s --count 1 heap.pb 2>&1 | head -1
$HEAPWISE profile trend --every 10ms --count 2 --dir snaps.tmp nosuch.pb 2>&1 | head -1; ls snaps.tmp; rm -rf snaps.tmp
$HEAPWISE profile trend --every 10ms --count 5 --keep 3 --dir snaps.tmp heap.pb | head -1; ls snaps.tmp | wc -l; rm -rf snaps.tmp
$HEAPWISE profile trend --by stack heap.pb later.pb | sed -n '5,7p;/main.mid/p'; echo "status $?"
$HEAPWISE profile trend --by stack --json heap.pb later.pb | grep -E '"(name|file)"' | head -6
