# What cannot be read or understood: one line, status 2.
for words in "-top" "-top nofile.pb" "-top -focus ( heap.pb" "-top -tree heap.pb" "-nodecount=x heap.pb" \
    "-nosuch heap.pb" "-top -sample_index=cpu heap.pb" "-peek zzz heap.pb" "-base heap.pb -diff_base heap.pb heap.pb" \
    "-top top.cmd"; do
    $HEAPWISE pprof $words 2>&1
    echo "status $?"
done
