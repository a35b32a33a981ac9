# A profile whose program is not here: lines as the profile names them, without instructions.
$HEAPWISE pprof -weblist="^main.alloc\$" -output=page.tmp heap.pb; sed -e '/<style>/,/<\/style>/d' -e 's/<[^>]*>//g' page.tmp
$HEAPWISE pprof -weblist=nosuch -output=page2.tmp heap.pb; echo "status $?"; ls page2.tmp
rm -f page.tmp
$HEAPWISE pprof -disasm=alloc heap.pb; echo "status $?"
