// codec/regex.h: regular expressions in Go's syntax, matched in linear time (the RE2 library).
// Owns     each Regex keeps memory outside any arena: regex_free.
// Threads  a compiled Regex may be used by any number at once.
// Failure  a wrong pattern gives the text Go's regexp.Compile gives.
#ifndef HEAPWISE_CODEC_REGEX_H
#define HEAPWISE_CODEC_REGEX_H

#include "base/err.h"

typedef struct Regex Regex;

Err regex_compile(Arena *a, Str pattern, Regex **out); // a is for the error alone
void regex_free(Regex *re);                            // NULL is fine
Str regex_pattern(const Regex *re);                    // as given
bool regex_match(const Regex *re, Str text);           // somewhere in text
// The leftmost match that a backtracking search would find first.
bool regex_find(const Regex *re, Str text, Str *match);
// The same with its groups (0: the whole match); one that took no part is empty. At most 16.
bool regex_groups(const Regex *re, Str text, Str *groups, int count);

#endif
