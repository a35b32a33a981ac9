// base/utf8.h: UTF-8 as Go reads it: a bad sequence is one byte wide and gives U+FFFD.
#ifndef HEAPWISE_BASE_UTF8_H
#define HEAPWISE_BASE_UTF8_H

#include "base/buf.h"

#define UTF8_BAD 0xFFFDu

// Decodes the first rune of s (not empty); *width is set to its bytes. Bad input: UTF8_BAD,
// width 1.
uint32_t utf8_decode(Str s, uint32_t *width);
uint32_t utf8_encode(char out[4], uint32_t rune); // bytes written; a bad rune is written as U+FFFD
bool utf8_valid(Str s);
size_t utf8_count(Str s);          // runes, as Go's utf8.RuneCountInString
bool utf8_is_space(uint32_t rune); // as Go's unicode.IsSpace
size_t utf8_columns(Str s); // cells on a terminal: wide and combining runes as wcwidth would say

#endif
