// doc/html_internal.h: what the files of the HTML renderer share.
#ifndef HEAPWISE_DOC_HTML_INTERNAL_H
#define HEAPWISE_DOC_HTML_INTERNAL_H

#include "doc/stacks.h"

typedef struct Html {
    Arena *arena; // scratch of one rendering
    Buf *out;
    Str title; // of the page
} Html;

void html_text(Html *h, Str s); // escaped
void html_value(Html *h, DocValue v);
void html_code(Html *h, const DocCode *c);
void html_chart(Html *h, const DocChart *c);
void html_stacks(Html *h, const DocStacks *s);

// Of src/doc/assets, embedded by the build.
extern const char page_css[], page_js[], stacks_css[], stacks_js[];

#endif
