// tests/unit/profile/writer.c: see writer.h. Field numbers are those of profile.proto.
#include "writer.h"

#include "codec/proto.h"

Writer writer_new(Arena *a) {
    Writer w = {a, buf_new(a), strmap_new(a)};
    writer_text(&w, "");
    return w;
}

uint32_t writer_text(Writer *w, const char *text) {
    uint32_t *at = strmap_get(&w->texts, str_c(text));
    if (at) return *at;
    uint32_t number = w->texts.entries.len;
    *strmap_put(&w->texts, str_c(text)) = number;
    return number;
}

void writer_add(Writer *w, uint32_t field, const Buf *message) {
    proto_put_bytes(&w->out, field, buf_view(message));
}

void writer_number(Writer *w, uint32_t field, int64_t value) {
    proto_put_u64(&w->out, field, (uint64_t)value);
}

void writer_type(Writer *w, const char *type, const char *unit) {
    Buf m = buf_new(w->arena);
    proto_put_u64(&m, 1, writer_text(w, type));
    proto_put_u64(&m, 2, writer_text(w, unit));
    writer_add(w, 1, &m);
}

void writer_mapping(Writer *w, uint64_t id, uint64_t start, uint64_t limit, const char *file) {
    Buf m = buf_new(w->arena);
    proto_put_u64(&m, 1, id);
    proto_put_u64(&m, 2, start);
    proto_put_u64(&m, 3, limit);
    proto_put_u64(&m, 5, writer_text(w, file));
    proto_put_u64(&m, 7, 1);
    writer_add(w, 3, &m);
}

void writer_function(Writer *w, uint64_t id, const char *name, const char *file, int64_t line) {
    Buf m = buf_new(w->arena);
    proto_put_u64(&m, 1, id);
    proto_put_u64(&m, 2, writer_text(w, name));
    proto_put_u64(&m, 3, writer_text(w, name));
    proto_put_u64(&m, 4, writer_text(w, file));
    proto_put_u64(&m, 5, (uint64_t)line);
    writer_add(w, 5, &m);
}

void writer_location(Writer *w, uint64_t id, uint64_t mapping, uint64_t address,
                     const uint64_t (*lines)[2], size_t count) {
    Buf m = buf_new(w->arena);
    proto_put_u64(&m, 1, id);
    if (mapping) proto_put_u64(&m, 2, mapping);
    proto_put_u64(&m, 3, address);
    for (size_t i = 0; i < count; i++) {
        Buf line = buf_new(w->arena);
        proto_put_u64(&line, 1, lines[i][0]);
        proto_put_u64(&line, 2, lines[i][1]);
        proto_put_bytes(&m, 4, buf_view(&line));
    }
    writer_add(w, 4, &m);
}

Buf writer_sample(Writer *w, WriterSample s) {
    Buf m = buf_new(w->arena);
    Buf stack = buf_new(w->arena), nums = buf_new(w->arena);
    for (size_t i = 0; i < s.depth; i++) {
        if (s.packed)
            proto_put_varint(&stack, s.locations[i]);
        else
            proto_put_u64(&m, 1, s.locations[i]);
    }
    for (size_t i = 0; i < s.count; i++) {
        if (s.packed)
            proto_put_varint(&nums, (uint64_t)s.values[i]);
        else
            proto_put_u64(&m, 2, (uint64_t)s.values[i]);
    }
    if (s.packed) {
        proto_put_bytes(&m, 1, buf_view(&stack));
        proto_put_bytes(&m, 2, buf_view(&nums));
    }
    return m;
}

void writer_text_label(Writer *w, Buf *sample, const char *key, const char *text) {
    Buf m = buf_new(w->arena);
    proto_put_u64(&m, 1, writer_text(w, key));
    proto_put_u64(&m, 2, writer_text(w, text));
    proto_put_bytes(sample, 3, buf_view(&m));
}

void writer_number_label(Writer *w, Buf *sample, const char *key, int64_t number,
                         const char *unit) {
    Buf m = buf_new(w->arena);
    proto_put_u64(&m, 1, writer_text(w, key));
    proto_put_u64(&m, 3, (uint64_t)number);
    if (unit) proto_put_u64(&m, 4, writer_text(w, unit));
    proto_put_bytes(sample, 3, buf_view(&m));
}

Str writer_finish(Writer *w) {
    for (uint32_t i = 0; i < w->texts.entries.len; i++)
        proto_put_bytes(&w->out, 6, w->texts.entries.v[i].key);
    return buf_view(&w->out);
}

void writer_heap(Writer *w) {
    writer_type(w, "alloc_objects", "count");
    writer_type(w, "alloc_space", "bytes");
    writer_type(w, "inuse_objects", "count");
    writer_type(w, "inuse_space", "bytes");
    Buf one =
        writer_sample(w, (WriterSample){(uint64_t[]){1, 2}, 2, (int64_t[]){1, 100, 0, 0}, 4, true});
    writer_number_label(w, &one, "bytes", 100, NULL);
    writer_add(w, 2, &one);
    Buf two =
        writer_sample(w, (WriterSample){(uint64_t[]){2}, 1, (int64_t[]){3, 96, 2, 64}, 4, false});
    writer_number_label(w, &two, "bytes", 32, NULL);
    writer_text_label(w, &two, "job", "b");
    writer_text_label(w, &two, "job", "a");
    writer_text_label(w, &two, "area", "x");
    writer_add(w, 2, &two);
    writer_mapping(w, 1, 0x400000, 0x500000, "/bin/prog");
    writer_function(w, 1, "main.leaf", "/src/main.go", 10);
    writer_function(w, 2, "main.mid", "/src/main.go", 20);
    writer_function(w, 3, "main.main", "/src/main.go", 30);
    writer_location(w, 1, 1, 0x400100, (uint64_t[][2]){{1, 11}, {2, 21}}, 2);
    writer_location(w, 2, 1, 0x400200, (uint64_t[][2]){{3, 31}}, 1);
    writer_number(w, 12, 524288);
    writer_number(w, 14, writer_text(w, "inuse_space"));
}
