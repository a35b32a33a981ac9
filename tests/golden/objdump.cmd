cd ../fuzz/corpus/object
$HEAPWISE objdump elf
$HEAPWISE objdump --fix-avx -s f$ elf
$HEAPWISE objdump -gnu -s f$ elf
$HEAPWISE objdump -gnu ../goobj/archive
$HEAPWISE objdump macho
$HEAPWISE objdump pe 401000 0x401010
$HEAPWISE objdump -s '(' elf
$HEAPWISE objdump elf 40zz 50
$HEAPWISE objdump
