// base/reader.h: reads a byte string from front to back. A short read is sticky: it gives zeros
// and sets `failed`, so a record is read whole and tested once with reader_err.
#ifndef HEAPWISE_BASE_READER_H
#define HEAPWISE_BASE_READER_H

#include "base/err.h"

typedef struct Reader {
    Str in;
    size_t at;
    bool failed;
    bool big_endian;
} Reader;

Reader reader_over(Str in);
size_t reader_left(const Reader *r);
void reader_seek(Reader *r, size_t at); // past the end fails
Str read_bytes(Reader *r, size_t n);    // a view
Str read_c_string(Reader *r);           // up to a NUL, which is skipped
uint8_t read_u8(Reader *r);
uint16_t read_u16(Reader *r);
uint32_t read_u32(Reader *r);
uint64_t read_u64(Reader *r);
uint64_t read_word(Reader *r, unsigned size_bytes); // 1, 2, 4 or 8
uint64_t read_uleb(Reader *r);
int64_t read_sleb(Reader *r);
// A 32-bit count of items of at least item_bytes each: more than the input can hold fails (and is
// 0).
uint32_t read_count(Reader *r, size_t item_bytes);
Err reader_err(Arena *a, const Reader *r, const char *what); // NULL unless failed

#endif
