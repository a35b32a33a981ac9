// profile/decode.c: from the bytes of a protobuf profile to its tables. Samples are only looked
// over here (are they well formed, which ids and strings do they name) and stay where they are.
// Format: profile.proto of github.com/google/pprof.
#include "codec/proto.h"
#include "profile/profile_internal.h"

// Field numbers of Profile.
enum {
    F_TYPE = 1,
    F_SAMPLE,
    F_MAPPING,
    F_LOCATION,
    F_FUNCTION,
    F_STRING,
    F_DROP,
    F_KEEP,
    F_TIME,
    F_DURATION,
    F_PERIOD_TYPE,
    F_PERIOD,
    F_COMMENT,
    F_DEFAULT_TYPE,
    F_DOC,
    F_COUNT
};

// A stretch of the file that holds nothing but fields of one number.
typedef struct Run {
    const uint8_t *at, *end;
    uint32_t number, count;
} Run;

typedef struct Decoder {
    Arena *arena;
    Profile *p;
    VEC(Run) runs;
    uint64_t counts[F_COUNT];
    bool bad;      // not a protobuf profile
    bool bad_text; // a string that is not there is named
    bool concat;   // two profiles, one after the other
    // What the samples name, tested once the tables are known.
    StackScan stacks;
    uint64_t max_string;
    uint32_t not_zero; // columns of the current sample, a bit each
    uint32_t crowded;  // columns with too many samples to mark them
    uint32_t values_first;
    bool values_differ, any_sample;
    ProfileIds mapping_ids, function_ids;
} Decoder;

// Reads a message of plain numbers into fields[1..n]; others are skipped, as the format asks.
static bool numbers(const uint8_t *at, const uint8_t *end, uint64_t *fields, uint32_t n) {
    while (at < end) {
        ProtoField f;
        at = proto_field(at, end, &f);
        if (!at) return false;
        if (f.number == 0 || f.number > n) continue;
        if (f.wire != PROTO_VARINT) return false;
        fields[f.number] = f.value;
    }
    return true;
}

// Calls `each` for every field of one number; the runs were found well formed before.
typedef void EachField(Decoder *d, const ProtoField *f);
static void each(Decoder *d, uint32_t number, EachField *call) {
    for (uint32_t i = 0; i < d->runs.len && !d->bad; i++) {
        if (d->runs.v[i].number != number) continue;
        const uint8_t *at = d->runs.v[i].at;
        while (at < d->runs.v[i].end && !d->bad) {
            ProtoField f;
            at = proto_field(at, d->runs.v[i].end, &f);
            call(d, &f);
        }
    }
}

static void on_string(Decoder *d, const ProtoField *f) {
    vec_push(d->arena, &d->p->strings, ((Str){(const char *)f->at, (size_t)(f->end - f->at)}));
}

// String number i, or bad.
static Str text(Decoder *d, uint64_t i) {
    if (i < d->p->strings.len) return d->p->strings.v[i];
    d->bad_text = true;
    return STR("");
}

static ProfileType type_of(Decoder *d, const ProtoField *f) {
    uint64_t n[3] = {0};
    if (!numbers(f->at, f->end, n, 2)) d->bad = true;
    return (ProfileType){text(d, n[1]), text(d, n[2])};
}

static void on_type(Decoder *d, const ProtoField *f) {
    vec_push(d->arena, &d->p->types, type_of(d, f));
}

static void on_period_type(Decoder *d, const ProtoField *f) { d->p->period_type = type_of(d, f); }

static void on_mapping(Decoder *d, const ProtoField *f) {
    uint64_t n[11] = {0};
    if (!numbers(f->at, f->end, n, 10)) d->bad = true;
    ProfileMapping *m = vec_add(d->arena, &d->p->mappings);
    *m = (ProfileMapping){n[1],          n[2],      n[3],      n[4],      text(d, n[5]),
                          text(d, n[6]), n[7] != 0, n[8] != 0, n[9] != 0, n[10] != 0};
}

static void on_function(Decoder *d, const ProtoField *f) {
    uint64_t n[6] = {0};
    if (!numbers(f->at, f->end, n, 5)) d->bad = true;
    ProfileFunction *fn = vec_add(d->arena, &d->p->functions);
    *fn = (ProfileFunction){n[1], text(d, n[2]), text(d, n[3]), text(d, n[4]), (int64_t)n[5]};
}

static void on_line(Decoder *d, ProfileLocation *l, const ProtoField *f) {
    uint64_t n[4] = {0};
    if (f->wire != PROTO_BYTES || !numbers(f->at, f->end, n, 3)) {
        d->bad = true;
        return;
    }
    uint32_t fn = n[1] ? profile_location_at(&d->function_ids, n[1]) : 0;
    vec_push(d->arena, &d->p->lines, ((ProfileLine){(int64_t)n[2], (int64_t)n[3], fn}));
    l->line_count++;
}

static void on_location(Decoder *d, const ProtoField *f) {
    ProfileLocation *l = vec_add(d->arena, &d->p->locations);
    l->first_line = d->p->lines.len;
    uint64_t mapping = 0;
    for (const uint8_t *at = f->at; at < f->end && !d->bad;) {
        ProtoField in;
        at = proto_field(at, f->end, &in);
        if (!at) {
            d->bad = true;
            return;
        }
        if (in.number == 4) {
            on_line(d, l, &in);
            continue;
        }
        if (in.number == 0 || in.number > 5) continue;
        if (in.wire != PROTO_VARINT) d->bad = true;
        switch (in.number) {
        case 1: l->id = in.value; break;
        case 2: mapping = in.value; break;
        case 3: l->address = in.value; break;
        default: l->folded = in.value != 0; break;
        }
    }
    l->mapping = mapping ? profile_location_at(&d->mapping_ids, mapping) : 0;
}

// ---- samples, looked over

// Numbers are of at most ten bytes; the last byte of each has no high bit.
static int64_t scan_values(Decoder *d, const uint8_t *at, const uint8_t *end, int64_t n) {
    int64_t before = n;
    const uint8_t *first = at;
    for (; at < end; at++) {
        if (*at >= 0x80) continue;
        if (at - first >= 10) return -1;
        if (n < PROFILE_MARKED_COLUMNS && (*at != 0 || at != first)) d->not_zero |= 1u << n;
        first = at + 1;
        n++;
    }
    return first == end ? n - before : -1;
}

// Marks the sample in its columns; those where more than one in eight counts are given up.
static void mark_sample(Decoder *d, const uint8_t *at, const uint8_t *end) {
    Profile *p = d->p;
    for (uint32_t i = 0; i < PROFILE_MARKED_COLUMNS; i++) {
        SampleMarks *m = &p->marks[i];
        if (!((d->not_zero & ~d->crowded) >> i & 1)) continue;
        vec_push(d->arena, m, ((SampleMark){at, (uint32_t)(end - at), (uint32_t)p->sample_count}));
        if (m->len > 1024 && m->len > p->sample_count / 8) d->crowded |= 1u << i;
    }
}

static bool scan_label(Decoder *d, const ProtoField *f) {
    uint64_t n[5] = {0};
    if (f->wire != PROTO_BYTES || !numbers(f->at, f->end, n, 4)) return false;
    uint64_t max = n[1];
    if (n[2] != 0 && n[2] > max) max = n[2];
    if (n[2] == 0 && n[4] > max) max = n[4];
    if (max > d->max_string) d->max_string = max;
    if (n[2] == 0 && n[4] != 0) d->p->has_units = true;
    return true;
}

// One field of a sample; adds to the two counts. False: not well formed.
static bool scan_field(Decoder *d, const ProtoField *f, int64_t *depth, int64_t *values) {
    int64_t n = 1;
    switch (f->number) {
    case 1:
        if (f->wire == PROTO_BYTES)
            n = stack_scan(&d->stacks, f->at, f->end);
        else if (f->wire == PROTO_VARINT)
            stack_note(&d->stacks, f->value);
        else
            return false;
        *depth += n;
        return n >= 0;
    case 2:
        if (f->wire == PROTO_BYTES)
            n = scan_values(d, f->at, f->end, *values);
        else if (f->wire != PROTO_VARINT)
            return false;
        else if (f->value != 0 && *values < PROFILE_MARKED_COLUMNS)
            d->not_zero |= 1u << *values;
        *values += n;
        return n >= 0;
    case 3: return scan_label(d, f);
    default: return true;
    }
}

// The field at `key` is a sample.
static void on_sample(Decoder *d, const uint8_t *key, const ProtoField *sample) {
    int64_t depth = 0, values = 0;
    d->not_zero = 0;
    for (const uint8_t *at = sample->at; at < sample->end;) {
        ProtoField f;
        at = proto_field(at, sample->end, &f);
        if (!at || !scan_field(d, &f, &depth, &values)) {
            d->bad = true;
            return;
        }
    }
    Profile *p = d->p;
    if (depth > p->max_depth) p->max_depth = (uint32_t)MIN(depth, (int64_t)UINT32_MAX);
    if (!d->any_sample)
        d->values_first = (uint32_t)values;
    else if (d->values_first != (uint32_t)values)
        d->values_differ = true;
    d->any_sample = true;
    p->sample_count++;
    if (d->not_zero & ~d->crowded) mark_sample(d, key, sample->end);
}

// ---- the whole file

// Finds the runs, and looks over the samples while they are in the cache.
static void split_runs(Decoder *d, Str bytes) {
    const uint8_t *at = (const uint8_t *)bytes.ptr, *end = at + bytes.len, *released = at;
    int64_t time = 0;
    while (at < end) {
        if (d->p->release.call && at - released > PROFILE_RELEASE_BYTES) {
            d->p->release.call(d->p->release.ctx);
            released = at;
        }
        ProtoField f;
        const uint8_t *next = proto_field(at, end, &f);
        if (!next) {
            d->bad = true;
            return;
        }
        uint32_t number = f.number < F_COUNT ? (uint32_t)f.number : 0;
        if (number == F_TIME) {
            if (time != 0) {
                d->concat = true;
                return;
            }
            time = (int64_t)f.value;
        }
        if (number == F_STRING && d->counts[F_STRING] == 0 && f.at != f.end) d->bad = true;
        if (number != 0 && f.wire != (number <= F_STRING || number == F_PERIOD_TYPE ? 2u : 0u) &&
            !(number == F_COMMENT && f.wire == PROTO_BYTES))
            d->bad = true;
        if (!d->bad && number == F_SAMPLE) on_sample(d, at, &f);
        if (d->bad) return;
        d->counts[number]++;
        if (d->runs.len > 0 && vec_last(&d->runs).number == number) {
            vec_last(&d->runs).end = next;
            vec_last(&d->runs).count++;
        } else {
            vec_push(d->arena, &d->runs, ((Run){at, next, number, 1}));
        }
        at = next;
    }
}

// ---- the rest

static void on_comment(Decoder *d, const ProtoField *f) {
    if (f->wire == PROTO_VARINT) {
        vec_push(d->arena, &d->p->comments, text(d, f->value));
        return;
    }
    for (const uint8_t *at = f->at; at < f->end && !d->bad;) {
        uint64_t i;
        at = proto_varint(at, f->end, &i);
        if (!at) {
            d->bad = true;
            return;
        }
        vec_push(d->arena, &d->p->comments, text(d, i));
    }
}

// Numbers of the whole profile that are strings: the last one written counts, and "" when none is.
static void on_scalar(Decoder *d, const ProtoField *f) {
    Profile *p = d->p;
    switch (f->number) {
    case F_DROP: p->drop_frames = text(d, f->value); break;
    case F_KEEP: p->keep_frames = text(d, f->value); break;
    case F_TIME: p->time_nanos = (int64_t)f->value; break;
    case F_DURATION: p->duration_nanos = (int64_t)f->value; break;
    case F_PERIOD: p->period = (int64_t)f->value; break;
    case F_DEFAULT_TYPE: p->default_type = text(d, f->value); break;
    case F_DOC: p->doc_url = text(d, f->value); break;
    default: BUG("field %llu", (unsigned long long)f->number);
    }
}

static void reserve(Decoder *d) {
    Profile *p = d->p;
    Arena *a = d->arena;
#define RESERVE(vec, n)                                                                            \
    do {                                                                                           \
        (vec).cap = (uint32_t)(n);                                                                 \
        (vec).v = arena_push(a, (vec).cap, sizeof *(vec).v, 8);                                    \
    } while (0)
    RESERVE(p->strings, d->counts[F_STRING] + 8);
    RESERVE(p->mappings, d->counts[F_MAPPING] + 1);
    RESERVE(p->functions, d->counts[F_FUNCTION] + 1);
    RESERVE(p->locations, d->counts[F_LOCATION] + 1);
    p->mappings.len = p->functions.len = p->locations.len = 1;
    // Most locations have one line; two leave room for inlined frames.
    RESERVE(p->lines, d->counts[F_LOCATION] * 2 + 1);
#undef RESERVE
}

static ProfileIds ids_of(Decoder *d, const void *table, uint32_t len, size_t elem) {
    return profile_ids(d->arena, table, len, elem);
}

static void tables(Decoder *d) {
    Profile *p = d->p;
    each(d, F_STRING, on_string);
    if (p->strings.len == 0) d->bad_text = true;
    each(d, F_MAPPING, on_mapping);
    d->mapping_ids = ids_of(d, p->mappings.v, p->mappings.len, sizeof *p->mappings.v);
    each(d, F_FUNCTION, on_function);
    d->function_ids = ids_of(d, p->functions.v, p->functions.len, sizeof *p->functions.v);
    each(d, F_LOCATION, on_location);
    p->location_ids = ids_of(d, p->locations.v, p->locations.len, sizeof *p->locations.v);
    each(d, F_TYPE, on_type);
    each(d, F_PERIOD_TYPE, on_period_type);
    each(d, F_COMMENT, on_comment);
    static const uint32_t scalars[] = {F_DROP,   F_KEEP,         F_TIME, F_DURATION,
                                       F_PERIOD, F_DEFAULT_TYPE, F_DOC};
    for (size_t i = 0; i < COUNT(scalars); i++) each(d, scalars[i], on_scalar);
}

Err profile_decode(Arena *a, Str bytes, Profile *out) {
    return profile_decode_with(a, bytes, (ProfileRelease){0}, out);
}

Err profile_decode_with(Arena *a, Str bytes, ProfileRelease release, Profile *out) {
    if (bytes.len == 0) return err_new(a, ERR_TRUNCATED, 0, PROFILE_EMPTY);
    Profile p = {.arena = a, .release = release};
    Decoder d = {.arena = a, .p = &p};
    split_runs(&d, bytes);
    if (!d.bad) {
        reserve(&d);
        tables(&d);
    }
    // Only what is well formed up to there counts as two profiles.
    if (d.concat && !d.bad) return err_new(a, ERR_FORMAT, 0, PROFILE_CONCAT);
    if (d.bad || d.bad_text || d.max_string >= MAX(p.strings.len, 1u))
        return err_new(a, ERR_FORMAT, 0, "malformed profile format");
    for (uint32_t i = 0; i < d.runs.len; i++)
        if (d.runs.v[i].number == F_SAMPLE)
            vec_push(
                a, &p.runs,
                ((Str){(const char *)d.runs.v[i].at, (size_t)(d.runs.v[i].end - d.runs.v[i].at)}));
    p.doubtful = d.values_differ || d.stacks.zero || !p.location_ids.same ||
                 d.stacks.max >= p.locations.len || (d.any_sample && d.values_first != p.types.len);
    p.raw_types = p.types.len;
    for (uint32_t i = 0; i < PROFILE_MARKED_COLUMNS; i++)
        p.marks[i].known =
            !p.doubtful && i < p.types.len && !(d.crowded >> i & 1) && p.sample_count <= UINT32_MAX;
    *out = p;
    return NULL;
}
