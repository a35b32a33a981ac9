// base/err.h: a file or the system is at fault. Err is NULL on success; text lives in an arena.
// Wrong Go code goes to diag.h instead; our own mistakes to BUG.
#ifndef HEAPWISE_BASE_ERR_H
#define HEAPWISE_BASE_ERR_H

#include "base/str.h"

typedef enum ErrCode { ERR_IO, ERR_FORMAT, ERR_TRUNCATED, ERR_LIMIT, ERR_USAGE } ErrCode;
typedef const struct Error {
    ErrCode code;
    uint64_t offset; // in the input, where one is known, else 0
    Str what;        // one line: what is wrong and, where that helps, what to do
} * Err;             // NULL is success

Err err_new(Arena *a, ErrCode code, uint64_t offset, const char *fmt, ...) PRINTF_LIKE(4, 5);
Err err_io(Arena *a, const char *doing, Str path);                         // with errno's text
Err err_wrap(Arena *a, Err inner, const char *fmt, ...) PRINTF_LIKE(3, 4); // "outer: inner"

#define TRY(call)                                                                                  \
    do {                                                                                           \
        Err err_ = (call);                                                                         \
        if (err_) return err_;                                                                     \
    } while (0) // the one macro that returns

#endif
