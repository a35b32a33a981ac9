// go/program/pgo.c: CPU profiles that packages are compiled with (default.pgo, -pgo): read once,
// shared by all packages of a main package. Only the last two frames of a stack make a call.
// Rules: cmd/internal/pgo (pprof.go, deserialize.go), internal/profile NewGraph.
#include "codec/inflate.h"
#include "codec/proto.h"
#include "go/program/program_internal.h"
#include "sys/file.h"

enum { FRAMES_MOST = 64, INFLATED_MOST = 1 << 30 };

typedef struct PgoFunction {
    uint64_t id, name, start_line;
} PgoFunction;

typedef struct PgoLocation {
    uint64_t id, address;
    uint32_t first_line, line_count; // in PgoFile.lines, innermost first
} PgoLocation;

typedef struct PgoLine {
    uint64_t function, line;
} PgoLine;

typedef struct PgoType {
    uint64_t type, unit;
} PgoType;

typedef struct PgoFile {
    Arena *a;
    VEC(PgoType) types;
    VEC(PgoFunction) functions;
    VEC(PgoLocation) locations;
    VEC(PgoLine) lines;
    VEC(Str) strings;
    VEC(ProtoField) samples;
    Index function_ids, location_ids;
    VEC(PgoEdge) edges;
    bool has_start_lines;
} PgoFile;

// ---- the file

static Err broken(const PgoFile *f) {
    return err_new(f->a, ERR_FORMAT, 0, "error parsing profile: malformed");
}

typedef void PgoPart(PgoFile *f, void *out, const ProtoField *field);

static bool read_message(PgoFile *f, const ProtoField *m, PgoPart *part, void *out) {
    const uint8_t *at = m->at;
    while (at < m->end) {
        ProtoField field;
        at = proto_field(at, m->end, &field);
        if (!at) return false;
        part(f, out, &field);
    }
    return true;
}

static void type_part(PgoFile *f, void *out, const ProtoField *x) {
    (void)f;
    PgoType *t = out;
    if (x->number == 1) t->type = x->value;
    if (x->number == 2) t->unit = x->value;
}

static void function_part(PgoFile *f, void *out, const ProtoField *x) {
    (void)f;
    PgoFunction *fn = out;
    if (x->number == 1) fn->id = x->value;
    if (x->number == 2) fn->name = x->value;
    if (x->number == 5) fn->start_line = x->value;
}

static void line_part(PgoFile *f, void *out, const ProtoField *x) {
    (void)f;
    PgoLine *l = out;
    if (x->number == 1) l->function = x->value;
    if (x->number == 2) l->line = x->value;
}

static void location_part(PgoFile *f, void *out, const ProtoField *x) {
    PgoLocation *l = out;
    if (x->number == 1) l->id = x->value;
    if (x->number == 3) l->address = x->value;
    if (x->number != 4 || x->wire != PROTO_BYTES) return;
    PgoLine line = {0};
    if (!read_message(f, x, line_part, &line)) return;
    vec_push(f->a, &f->lines, line);
    l->line_count++;
}

static bool read_field(PgoFile *f, const ProtoField *x) {
    if (x->wire != PROTO_BYTES) return true;
    switch (x->number) {
    case 1: return read_message(f, x, type_part, vec_add(f->a, &f->types));
    case 2: vec_push(f->a, &f->samples, *x); return true;
    case 4: {
        PgoLocation l = {.first_line = f->lines.len};
        if (!read_message(f, x, location_part, &l)) return false;
        vec_push(f->a, &f->locations, l);
        index_add(&f->location_ids, hash_mix(l.id, 1), f->locations.len);
        return true;
    }
    case 5: {
        PgoFunction *fn = vec_add(f->a, &f->functions);
        if (!read_message(f, x, function_part, fn)) return false;
        f->has_start_lines |= fn->start_line != 0;
        index_add(&f->function_ids, hash_mix(fn->id, 2), f->functions.len);
        return true;
    }
    case 6:
        vec_push(f->a, &f->strings, ((Str){(const char *)x->at, (size_t)(x->end - x->at)}));
        return true;
    default: return true;
    }
}

static Str string_at(const PgoFile *f, uint64_t i) {
    return i < f->strings.len ? f->strings.v[i] : (Str){0};
}

static const PgoLocation *location_of(const PgoFile *f, uint64_t id) {
    for (IndexIter it = index_find(&f->location_ids, hash_mix(id, 1)); it.id; index_next(&it))
        if (f->locations.v[it.id - 1].id == id) return &f->locations.v[it.id - 1];
    return NULL;
}

static const PgoFunction *function_of(const PgoFile *f, uint64_t id) {
    for (IndexIter it = index_find(&f->function_ids, hash_mix(id, 2)); it.id; index_next(&it))
        if (f->functions.v[it.id - 1].id == id) return &f->functions.v[it.id - 1];
    return NULL;
}

// The samples' count and their time differ by a factor: either will do.
static bool value_column(const PgoFile *f, uint32_t *out) {
    for (uint32_t i = 0; i < f->types.len; i++) {
        Str type = string_at(f, f->types.v[i].type), unit = string_at(f, f->types.v[i].unit);
        bool samples = str_eq_c(type, "samples") && str_eq_c(unit, "count");
        bool cpu = str_eq_c(type, "cpu") && str_eq_c(unit, "nanoseconds");
        if (!samples && !cpu) continue;
        *out = i;
        return true;
    }
    return false;
}

// ---- calls

typedef struct PgoFrame {
    uint64_t address, line;
    Str name;
    int64_t start_line;
} PgoFrame;

static bool same_frame(const PgoFrame *x, const PgoFrame *y) {
    return x->address == y->address && x->line == y->line && x->start_line == y->start_line &&
           str_eq(x->name, y->name);
}

typedef struct PgoSample {
    uint64_t locations[2]; // the innermost two
    uint32_t location_count, value_count, column;
    int64_t value;
} PgoSample;

static void take_number(PgoSample *s, uint64_t field, uint64_t value) {
    if (field == 1) {
        if (s->location_count < 2) s->locations[s->location_count] = value;
        s->location_count++;
    } else {
        if (s->value_count == s->column) s->value = (int64_t)value;
        s->value_count++;
    }
}

static void sample_part(PgoFile *f, void *out, const ProtoField *x) {
    (void)f;
    if (x->number != 1 && x->number != 2) return;
    if (x->wire == PROTO_VARINT) take_number(out, x->number, x->value);
    if (x->wire != PROTO_BYTES) return;
    const uint8_t *at = x->at;
    while (at && at < x->end) { // packed
        uint64_t value;
        at = proto_varint(at, x->end, &value);
        if (at) take_number(out, x->number, value);
    }
}

static uint32_t add_frames(const PgoFile *f, uint64_t id, PgoFrame *out, uint32_t n) {
    const PgoLocation *l = location_of(f, id);
    if (!l) return n;
    if (!l->line_count && n < FRAMES_MOST) out[n++] = (PgoFrame){.address = l->address};
    for (uint32_t i = l->line_count; i-- && n < FRAMES_MOST;) {
        const PgoLine *line = &f->lines.v[l->first_line + i];
        const PgoFunction *fn = function_of(f, line->function);
        out[n] = (PgoFrame){.address = l->address};
        if (fn) {
            out[n].line = line->line;
            out[n].name = string_at(f, fn->name);
            out[n].start_line = (int64_t)fn->start_line;
        }
        n++;
    }
    return n;
}

// A call that a stack shows twice counts once.
static bool was_counted(const PgoFrame *frames, uint32_t i) {
    for (uint32_t k = 1; k < i; k++)
        if (same_frame(&frames[k - 1], &frames[i - 1]) && same_frame(&frames[k], &frames[i]))
            return true;
    return false;
}

static void add_calls(PgoFile *f, const PgoSample *s) {
    PgoFrame frames[FRAMES_MOST];
    uint32_t n = 0;
    for (uint32_t i = MIN(s->location_count, 2); i--;)
        n = add_frames(f, s->locations[i], frames, n);
    for (uint32_t i = 1; i < n; i++) {
        const PgoFrame *from = &frames[i - 1], *to = &frames[i];
        if (same_frame(from, to) || was_counted(frames, i)) continue;
        PgoEdge e = {.caller = from->name,
                     .callee = to->name,
                     .offset = pgo_add((int64_t)from->line, (int64_t) - (uint64_t)from->start_line),
                     .weight = s->value};
        vec_push(f->a, &f->edges, e);
    }
}

// ---- edges in order

static int by_key(const void *x, const void *y) {
    const PgoEdge *a = x, *b = y;
    int c = str_cmp(a->caller, b->caller);
    if (!c) c = str_cmp(a->callee, b->callee);
    return c ? c : (a->offset > b->offset) - (a->offset < b->offset);
}

static int by_weight(const void *x, const void *y) {
    const PgoEdge *a = x, *b = y;
    if (a->weight != b->weight) return a->weight > b->weight ? -1 : 1;
    return by_key(x, y);
}

static PgoProfile *in_order(PgoFile *f) {
    uint32_t n = 0;
    PgoEdge *v = f->edges.v;
    if (f->edges.len) qsort(v, f->edges.len, sizeof *v, by_key);
    for (uint32_t i = 0; i < f->edges.len; i++) {
        if (n && by_key(&v[n - 1], &v[i]) == 0)
            v[n - 1].weight = pgo_add(v[n - 1].weight, v[i].weight);
        else
            v[n++] = v[i];
    }
    if (n) qsort(v, n, sizeof *v, by_weight);
    return pgo_profile_new(f->a, v, n);
}

static Err decode_pprof(PgoFile *f, Str bytes, PgoProfile **out) {
    ProtoField all = {.at = (const uint8_t *)bytes.ptr,
                      .end = (const uint8_t *)bytes.ptr + bytes.len};
    for (const uint8_t *at = all.at; at < all.end;) {
        ProtoField field;
        at = proto_field(at, all.end, &field);
        if (!at || !read_field(f, &field)) return broken(f);
    }
    if (!f->samples.len) return NULL;
    PgoSample s = {0};
    if (!value_column(f, &s.column))
        return err_new(f->a, ERR_FORMAT, 0,
                       "profile does not contain a sample index with value/type \"samples/count\" "
                       "or cpu/nanoseconds\"");
    for (uint32_t i = 0; i < f->samples.len; i++) {
        PgoSample one = {.column = s.column};
        if (!read_message(f, &f->samples.v[i], sample_part, &one)) return broken(f);
        if (one.value) add_calls(f, &one);
    }
    if (!f->has_start_lines)
        return err_new(f->a, ERR_FORMAT, 0,
                       "profile missing Function.start_line data (Go version of profiled "
                       "application too old? Go 1.20+ automatically adds this to profiles)");
    *out = in_order(f);
    return NULL;
}

// ---- what cmd/preprofile writes: three lines an edge, the last one offset and weight

#define PREPROFILE_HEADER STR("GO PREPROFILE V1\n")

static Str next_line(Str *text) {
    size_t end = str_find_byte(*text, '\n');
    Str line = end == STR_NONE ? *text : str_slice(*text, 0, end);
    *text = end == STR_NONE ? (Str){0} : str_from(*text, end + 1);
    return line;
}

static bool read_numbers(Str line, PgoEdge *e) {
    size_t space = str_find_byte(line, ' ');
    return space != STR_NONE && str_to_i64(str_slice(line, 0, space), &e->offset) &&
           str_to_i64(str_from(line, space + 1), &e->weight);
}

static Err decode_preprofile(PgoFile *f, Str text, PgoProfile **out) {
    while (text.len) {
        PgoEdge e = {.caller = next_line(&text)};
        e.callee = next_line(&text);
        if (!read_numbers(next_line(&text), &e))
            return err_new(f->a, ERR_FORMAT, 0, "preprocessed profile is malformed");
        vec_push(f->a, &f->edges, e);
    }
    *out = pgo_profile_new(f->a, f->edges.v, f->edges.len);
    return NULL;
}

Err pgo_decode(Arena *a, Str bytes, PgoProfile **out) {
    *out = NULL;
    PgoFile f = {.a = a, .function_ids = index_new(a), .location_ids = index_new(a)};
    if (str_cut_prefix(&bytes, PREPROFILE_HEADER)) return decode_preprofile(&f, bytes, out);
    if (!inflate_is_gzip(bytes)) return decode_pprof(&f, bytes, out);
    Inflated plain;
    TRY(inflate_gzip(a, bytes, (InflateLimits){INFLATED_MOST, NULL}, &plain));
    Str kept = str_copy(a, (Str){plain.ptr, plain.len}); // names stay
    inflate_free(&plain);
    return decode_pprof(&f, kept, out);
}

// ---- the program's profiles

typedef struct ReadProfile {
    Str path;
    PgoProfile *profile;
} ReadProfile;

static Err read_profile(Program *p, Str path, PgoProfile **out) {
    Str bytes;
    TRY(file_read(p->arena, path, &bytes));
    Err e = pgo_decode(p->arena, bytes, out);
    if (!e) return NULL;
    return err_new(p->arena, e->code, e->offset,
                   STR_FMT ": " STR_FMT " (--pgo=off compiles without it)", STR_ARG(path),
                   STR_ARG(e->what));
}

Err program_read_profiles(Program *p) {
    VEC(ReadProfile) read = {0};
    for (uint32_t i = 0; i < p->units.len; i++) {
        Unit *u = p->units.v[i];
        if (!u->pub.package || !u->pub.package->profile.len) continue;
        uint32_t k = 0;
        while (k < read.len && !str_eq(read.v[k].path, u->pub.package->profile)) k++;
        if (k == read.len) {
            ReadProfile one = {.path = u->pub.package->profile};
            TRY(read_profile(p, one.path, &one.profile));
            vec_push(p->arena, &read, one);
        }
        u->pgo = read.v[k].profile;
    }
    return NULL;
}
