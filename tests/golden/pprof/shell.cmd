# The shell reads commands from a pipe too.
printf 'top3\nsample_index=alloc_space\ntop 2 -cum\nfocus=main\nlist\nnosuch\nnosuch=3\nfiles\ntop 2\nfunctions\nunit=B //: a //: b\n:\nhelp top\no\nquit\n' | $HEAPWISE pprof heap.pb 2>&1
