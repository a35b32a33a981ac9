$HEAPWISE gc ab --recorded=gc-ab-a.txt,gc-ab-same.txt
$HEAPWISE gc ab --recorded=gc-ab-a.txt,gc-ab-worse.txt
echo "status $?"
$HEAPWISE gc ab --recorded=gc-ab-a.txt,gc-ab-worse.txt --json | head -20
$HEAPWISE gc ab --recorded=gc-ab-a.txt,nosuch.txt
$HEAPWISE gc ab --recorded=gc-ab-a.txt,gc-ab.cmd
$HEAPWISE gc ab
$HEAPWISE gc ab --b=GOGC -- true
