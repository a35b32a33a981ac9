$HEAPWISE gc ab --recorded=gc-ab-a.txt,gc-ab-same.txt
$HEAPWISE gc ab --recorded=gc-ab-a.txt,gc-ab-worse.txt
echo "status $?"
$HEAPWISE gc ab --recorded=gc-ab-a.txt,gc-ab-worse.txt --json | head -20
$HEAPWISE gc ab --recorded=gc-ab-a.txt,nosuch.txt
$HEAPWISE gc ab --recorded=gc-ab-a.txt,gc-ab.cmd
$HEAPWISE gc ab
$HEAPWISE gc ab --b=GOGC -- true
$HEAPWISE gc ab --load=ftp://localhost/ -- true 2>&1 | head -1
$HEAPWISE gc ab --rate=5 -- true 2>&1 | head -1
$HEAPWISE gc ab --load=http://localhost:1/ --for=0 -- true 2>&1 | head -1
$HEAPWISE gc ab --load=http://127.0.0.1:1/ --pairs=1 -- true
