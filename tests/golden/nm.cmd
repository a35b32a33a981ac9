cd ../fuzz/corpus/object
$HEAPWISE nm -n -size elf
$HEAPWISE nm -section elf
$HEAPWISE nm -sort size macho pe
$HEAPWISE nm --json elf
$HEAPWISE nm ../json/simple
$HEAPWISE nm -sort up elf
head -c 300 elf > /tmp/heapwise-golden-cut && $HEAPWISE nm /tmp/heapwise-golden-cut; rm -f /tmp/heapwise-golden-cut
$HEAPWISE nm -n -size ../goobj/goobj ../goobj/archive
