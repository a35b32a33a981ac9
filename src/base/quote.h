// base/quote.h: text in quotes as Go's strconv.Quote (the verb %q) writes it.
#ifndef HEAPWISE_BASE_QUOTE_H
#define HEAPWISE_BASE_QUOTE_H

#include "base/buf.h"

bool rune_is_print(uint32_t rune); // as strconv.IsPrint
void buf_quote(Buf *b, Str s);     // "..." with Go's escapes; bad UTF-8 becomes \xhh

#endif
