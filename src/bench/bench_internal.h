// bench/bench_internal.h: what the files of this folder share.
#ifndef HEAPWISE_BENCH_BENCH_INTERNAL_H
#define HEAPWISE_BENCH_BENCH_INTERNAL_H

#include "base/utf8.h"
#include "bench/bench.h"
#include "codec/regex.h"

// ---- num.c
typedef enum NumStatus { NUM_OK, NUM_SYNTAX, NUM_RANGE } NumStatus;
NumStatus num_parse_int(Str s, int64_t *out);
NumStatus num_parse_float(Arena *scratch, Str s, double *out);  // as strconv.ParseFloat
NumStatus num_parse_metric(Arena *scratch, Str s, double *out); // also "2k", "1Mi", "4KB"
void num_quote(Buf *out, Str s);                                // as strconv.Quote
bool num_unquote(Arena *a, Str s, Str *out); // as strconv.Unquote of a double-quoted string

// ---- unit.c
typedef struct UnitInfo {
    bool known;
    BenchStr tidied;
    double factor; // value in `tidied` = factor * value
} UnitInfo;
typedef struct UnitMeta {
    BenchStr unit, key, value; // unit is tidied
} UnitMeta;
struct BenchSet {
    Arena *arena;
    StrMap strings; // id = value; names.v[id] is the text
    StrVec names;
    VEC(UnitInfo) units; // by string id; made on first use
    VEC(UnitMeta) meta;
    StrVec warnings;
    uint32_t config_version; // the last one given out: a number per state of a result's config
};

UnitInfo unit_info(BenchSet *s, BenchStr unit);
const UnitMeta *unit_meta(BenchSet *s, BenchStr tidied, BenchStr key);

// ---- query.c
typedef enum FilterKind { FILTER_AND, FILTER_OR, FILTER_NOT, FILTER_MATCH } FilterKind;
typedef struct Filter Filter;
struct Filter {
    FilterKind kind;
    VEC(Filter *) subs;
    Str key;
    Str literal;
    const Regex *regex; // NULL: equal to literal
    size_t offset;      // of the key in the query
};
typedef struct Field {
    Str key, order; // order: "first", "fixed" or a name
    StrVec fixed;
    size_t key_offset, order_offset;
} Field;
typedef VEC(Field) FieldVec;

typedef VEC(Regex *) RegexVec;
// Compiled expressions are added to regexes, whose owner frees them.
Err query_parse_filter(Arena *a, Str query, RegexVec *regexes, Filter **out);
Err query_parse_projection(Arena *a, Str query, FieldVec *out);
Err query_error(Arena *a, Str query, size_t offset, Str msg);

// ---- project.c
// A projection turns a result into a key: a tuple of strings, one per column. Equal tuples are one
// number. Columns of .config appear as the keys are met; a key made before reads as empty there.
typedef enum PartKind {
    PART_CONFIG_ALL,
    PART_FULLNAME,
    PART_NAME,
    PART_SUBNAME,
    PART_CONFIG
} PartKind;
typedef enum OrderKind { ORDER_FIRST, ORDER_ALPHA, ORDER_NUM, ORDER_FIXED } OrderKind;

typedef struct Part { // one field of the expression
    PartKind kind;
    OrderKind order;
    Str key;
    BenchStr key_id;
    StrVec fixed;
    U32Vec ranks;    // by string id: rank + 1, of the order first seen or fixed
    uint32_t ranked; // how many have one
    U32Vec columns;  // one, or for .config one per key met
} Part;
typedef VEC(Part) PartVec;

typedef struct KeyMemo {
    uint32_t version; // of the config the key was worked out with
    uint32_t key;     // + 1
} KeyMemo;

typedef struct Projection {
    PartVec parts;
    StrVec column_names;
    U32Vec column_keys;  // the config key of a column, or 0
    U32Vec row;          // being built, one string id per column
    U32Vec pool, starts; // key k is pool[starts[k] .. starts[k+1]), trailing empty strings cut
    Index index;
    VEC(KeyMemo) memo; // by name id, or one entry when names do not matter
    bool uses_name, uses_config;
} Projection;

typedef struct Projector { // the projections of one command: they share what they leave out
    BenchSet *set;
    Arena *arena;
    StrVec specific;    // ".name" and "/key" asked for by name; .fullname leaves them out
    U32Vec config_keys; // config keys asked for by name; .config leaves them out
    bool have_config, have_fullname;
} Projector;

typedef VEC(Filter *) FilterVec;
// Adds to filters what fixed orders imply.
Err project_parse(Projector *pj, Str text, Projection *out, FilterVec *filters);
void project_residue(Projector *pj, Projection *out); // of what no projection names
uint32_t project_key(Projector *pj, Projection *p, const BenchResult *r, BenchStr name);
uint32_t project_count(const Projection *p);        // of keys
U32Vec project_flat(Arena *a, const Projection *p); // columns in the order of the expression
BenchStr project_get(const Projection *p, uint32_t key, uint32_t column);
void project_sort(BenchSet *s, const Projection *p, uint32_t *keys, uint32_t count);
Str project_label(Arena *a, BenchSet *s, const Projection *p, uint32_t key);
// What a filter compares: .name, .fullname, /sub-name or a config key.
Str project_extract(const BenchSet *s, PartKind kind, Str key, const BenchResult *r);
PartKind project_kind(Str key);

// ---- filter.c
Err filter_check(Arena *a, Str query, const Filter *f); // keys no result can have
// Keeps the values of r that match; false when none is left.
bool filter_apply(const BenchSet *s, const Filter *f, BenchResult *r);

#endif
