cd ../fuzz/corpus/object
$HEAPWISE map elf
$HEAPWISE map --json pe
$HEAPWISE static elf
$HEAPWISE size elf
$HEAPWISE size --by function --json macho
$HEAPWISE size --diff --max-growth 0 pe elf
$HEAPWISE size --by weight elf
$HEAPWISE map ../json/simple
