# What profile page says when it cannot make a page; the pages themselves are opened by a test with a browser.
$HEAPWISE profile page; echo "status $?"
$HEAPWISE profile page -o page.tmp nosuch.pb; echo "status $?"; ls page.tmp
$HEAPWISE profile page -o page.tmp heap.pb gate.cmd; echo "status $?"; ls page.tmp
$HEAPWISE profile page --base heap.pb -o page.tmp heap.pb later.pb; echo "status $?"
$HEAPWISE profile page --sample_index nosuch heap.pb; echo "status $?"
$HEAPWISE profile page -o nosuch/page.html heap.pb; echo "status $?"
$HEAPWISE profile page heap.pb | grep -oE '^<title>(Profile.*)</title>|"types":[^=]*"total"'
$HEAPWISE profile page --base heap.pb later.pb | grep -oE '^<title>(Profile.*)</title>|"sides":.*"total"'
# A file that cannot be read is named, also where its name is a word of the message.
cd "$(mktemp -d)" && : >empty && $HEAPWISE profile page -o out.html empty; echo "status $?"; ls; rm empty
