// tests/unit/profile/writer.h: writes the protobuf form of a profile, right or wrong, for the
// tests.
#ifndef HEAPWISE_TESTS_PROFILE_WRITER_H
#define HEAPWISE_TESTS_PROFILE_WRITER_H

#include "base/buf.h"
#include "base/index.h"

typedef struct Writer {
    Arena *arena;
    Buf out;      // everything but the strings
    StrMap texts; // text -> number
} Writer;

Writer writer_new(Arena *a);
uint32_t writer_text(Writer *w, const char *text);
void writer_type(Writer *w, const char *type, const char *unit);
void writer_mapping(Writer *w, uint64_t id, uint64_t start, uint64_t limit, const char *file);
void writer_function(Writer *w, uint64_t id, const char *name, const char *file, int64_t line);
// lines: pairs of function id and line, innermost first.
void writer_location(Writer *w, uint64_t id, uint64_t mapping, uint64_t address,
                     const uint64_t (*lines)[2], size_t count);
// A sample's message without labels; packed or one field per number.
typedef struct WriterSample {
    const uint64_t *locations;
    size_t depth;
    const int64_t *values;
    size_t count;
    bool packed;
} WriterSample;
Buf writer_sample(Writer *w, WriterSample s);
void writer_text_label(Writer *w, Buf *sample, const char *key, const char *text);
void writer_number_label(Writer *w, Buf *sample, const char *key, int64_t number, const char *unit);
void writer_add(Writer *w, uint32_t field, const Buf *message);
void writer_number(Writer *w, uint32_t field, int64_t value);
Str writer_finish(Writer *w); // with the string table

// main.leaf (inlined in main.mid) called by main.main; four heap types; two samples:
// leaf<-main 1 object of 100 alloc, inuse 0; mid<-main 2 of 64 in use. Label bytes on both.
void writer_heap(Writer *w);

#endif
