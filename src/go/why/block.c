// go/why/block.c: from the bytes asked for to the block the allocator gives.
// Source: internal/runtime/gc/sizeclasses.go (SizeClassToSize) and runtime/malloc.go of Go 1.26.
#include "go/why/why.h"

static const uint16_t size_classes[] = {
    8,     16,    24,    32,    48,    64,    80,    96,    112,   128,   144,  160,   176,   192,
    208,   224,   240,   256,   288,   320,   352,   384,   416,   448,   480,  512,   576,   640,
    704,   768,   896,   1024,  1152,  1280,  1408,  1536,  1792,  2048,  2304, 2688,  3072,  3200,
    3456,  4096,  4864,  5376,  6144,  6528,  6784,  6912,  8192,  9472,  9728, 10240, 10880, 12288,
    13568, 14336, 16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768};

enum {
    HEADER_BYTES = 8,    // before a small object with pointers that is larger than
    HEADER_FROM = 512,   // this: up to it, the block's bitmap lies in its span
    SMALL_BYTES = 32768, // the largest block that has a class
    PAGE_BYTES = 8192,   // what is larger takes whole pages
    TINY_BYTES = 16,     // smaller ones without pointers share blocks of this size
};

int64_t why_block(int64_t bytes, bool pointers) {
    if (bytes <= 0) return bytes < 0 ? COST_UNKNOWN : 0;
    if (why_is_tiny(bytes, pointers)) return TINY_BYTES;
    if (bytes > SMALL_BYTES - HEADER_BYTES) return align_up(bytes, PAGE_BYTES);
    if (pointers && bytes > HEADER_FROM) bytes += HEADER_BYTES;
    size_t i = 0;
    while (size_classes[i] < bytes) i++;
    return size_classes[i];
}
