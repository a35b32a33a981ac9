// view/objdump.h: the disassembly of `go tool objdump`, byte for byte, function by function.
#ifndef HEAPWISE_VIEW_OBJDUMP_H
#define HEAPWISE_VIEW_OBJDUMP_H

#include "codec/regex.h"
#include "doc/doc.h"

typedef struct ObjdumpStyle {
    bool source;         // -S: source lines between the instructions
    bool gnu;            // -gnu: the GNU form beside Go's
    bool fix_avx;        // --fix-avx: VEX and EVEX instructions as they are
    Regex *match;        // -s: only symbols with a match; NULL: all. Freed once all is written
    uint64_t start, end; // only functions that overlap this range; 0 and UINT64_MAX: all
    // Reads a source file for -S; false: not there. The bytes live as long as the page.
    bool (*read)(void *ctx, Str path, Str *out);
    void *read_ctx;
    // Called now and then: the pages of the program read so far are not needed soon. May be NULL.
    void (*release)(void *ctx);
    void *release_ctx;
} ObjdumpStyle;

// The functions follow the page as a stream; bytes must outlive it.
Err view_objdump(Doc *d, Str path, Str bytes, const ObjdumpStyle *style);

#endif
