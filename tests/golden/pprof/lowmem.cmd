# -low-mem changes no answer, and no error.
for f in heap.pb later.pb; do gzip -nc $f >$f.tmp.gz; done
for words in "-top" "-tree -sample_index=alloc_space" "-raw" "-top -diff_base=heap.pb.tmp.gz" "-traces" "-tags" "-dot"; do
    $HEAPWISE pprof $words later.pb.tmp.gz >plain.tmp 2>&1; plain=$?
    $HEAPWISE pprof -low-mem $words later.pb.tmp.gz >low.tmp 2>&1; echo "$words: $plain $? $(cmp plain.tmp low.tmp && echo the same)"
done
$HEAPWISE pprof -low-mem -top heap.pb | head -3
head -c 300 heap.pb.tmp.gz >cut.tmp.gz; $HEAPWISE pprof -low-mem -top cut.tmp.gz; echo "status $?"
(cat heap.pb.tmp.gz; echo junk) >more.tmp.gz; $HEAPWISE pprof -low-mem -top more.tmp.gz; echo "status $?"
echo text | gzip -nc >text.tmp.gz; $HEAPWISE pprof -low-mem -top text.tmp.gz; echo "status $?"
TMPDIR=/nosuch $HEAPWISE pprof -low-mem -top heap.pb.tmp.gz; echo "status $?"
rm -f *.tmp *.tmp.gz
