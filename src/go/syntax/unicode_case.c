// go/syntax/unicode_case.c: which letters are upper case: names that begin with one are exported.
#include "go/syntax/case_tables.h"
#include "go/syntax/syntax.h"

static const CaseRange *find(uint32_t rune) {
    size_t lo = 0, hi = COUNT(upper_runes);
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (rune > upper_runes[mid].last)
            lo = mid + 1;
        else
            hi = mid;
    }
    const CaseRange *r = &upper_runes[lo];
    bool in = lo < COUNT(upper_runes) && rune >= r->first && (rune - r->first) % r->stride == 0;
    return in ? r : NULL;
}

bool unicode_is_upper(uint32_t rune) {
    if (rune < 0x80) return rune >= 'A' && rune <= 'Z';
    return find(rune) != NULL;
}

uint32_t unicode_fold(uint32_t rune) {
    if (rune < 0x80) return unicode_is_upper(rune) ? rune + 32 : rune;
    const CaseRange *r = find(rune);
    return r ? (uint32_t)((int32_t)rune + r->lower) : rune;
}
