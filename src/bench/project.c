// bench/project.c: names taken apart, and results projected to keys.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench_internal.h"

// ---- names: base {"/" part} ["-" digits]

static size_t procs_start(Str name) { // where "-N" begins; name.len when there is none
    for (size_t i = name.len; i-- > 0;) {
        char c = name.ptr[i];
        if (c == '-' && i + 1 < name.len) return i;
        if (c < '0' || c > '9') break;
    }
    return name.len;
}

static Str base_name(Str name) {
    size_t slash = str_find_byte(name, '/');
    return str_to(name, slash != STR_NONE ? slash : procs_start(name));
}

// Walks "/part" and last "-N": *rest starts as the name without its base.
static bool next_part(Str *rest, size_t procs_len, Str *part) {
    if (!rest->len) return false;
    if (rest->len == procs_len) {
        *part = *rest;
        *rest = (Str){0};
        return true;
    }
    size_t end = 1;
    while (end < rest->len - procs_len && rest->ptr[end] != '/') end++;
    *part = str_to(*rest, end);
    *rest = str_from(*rest, end);
    return true;
}

typedef struct NameParts {
    Str base, rest;
    size_t procs_len;
} NameParts;

static NameParts split_name(Str name) {
    size_t procs = procs_start(name);
    size_t slash = str_find_byte(str_to(name, procs), '/');
    size_t base = slash == STR_NONE ? procs : slash;
    return (NameParts){str_to(name, base), str_from(name, base), name.len - procs};
}

static bool part_has_key(Str part, Str key) { // "/key=..."
    return str_starts(part, key) && part.len > key.len && part.ptr[key.len] == '=';
}

static Str sub_name(Str name, Str key) {
    NameParts np = split_name(name);
    if (str_eq(key, STR("/gomaxprocs")) && np.procs_len)
        return str_from(name, name.len - np.procs_len + 1);
    for (Str part; next_part(&np.rest, np.procs_len, &part);)
        if (part_has_key(part, key)) return str_from(part, key.len + 1);
    return (Str){0};
}

static bool left_out(const StrVec *specific, Str part) {
    for (uint32_t i = 0; i < specific->len; i++) {
        Str key = specific->v[i];
        if (key.ptr[0] != '/') continue;
        if (part_has_key(part, key)) return true;
        if (part.ptr[0] == '-' && str_eq(key, STR("/gomaxprocs"))) return true;
    }
    return false;
}

// The name without what other projections show; a left-out base becomes "*".
static Str full_name(Arena *a, const StrVec *specific, Str name) {
    bool no_base = strvec_has(specific, STR(".name"));
    NameParts np = split_name(name);
    bool changed = no_base;
    for (Str rest = np.rest, part; !changed && next_part(&rest, np.procs_len, &part);)
        changed = left_out(specific, part);
    if (!changed) return name;
    Buf out = buf_new(a);
    buf_str(&out, no_base ? STR("*") : np.base);
    for (Str part; next_part(&np.rest, np.procs_len, &part);)
        if (!left_out(specific, part)) buf_str(&out, part);
    return buf_view(&out);
}

PartKind project_kind(Str key) {
    if (str_eq(key, STR(".config"))) return PART_CONFIG_ALL;
    if (str_eq(key, STR(".fullname"))) return PART_FULLNAME;
    if (str_eq(key, STR(".name"))) return PART_NAME;
    return key.len && key.ptr[0] == '/' ? PART_SUBNAME : PART_CONFIG;
}

static BenchStr config_value(const BenchResult *r, BenchStr key) {
    for (uint32_t i = 0; i < r->config.len; i++)
        if (r->config.v[i].key == key) return r->config.v[i].value;
    return 0;
}

Str project_extract(const BenchSet *s, PartKind kind, Str key, const BenchResult *r) {
    switch (kind) {
    case PART_FULLNAME: return r->name;
    case PART_NAME: return base_name(r->name);
    case PART_SUBNAME: return sub_name(r->name, key);
    case PART_CONFIG: {
        const uint32_t *id = strmap_get(&s->strings, key);
        return id ? bench_str(s, config_value(r, *id)) : (Str){0};
    }
    case PART_CONFIG_ALL: break;
    }
    BUG("part %d has no text", kind);
}

// ---- making projections

static Err bad_field(Projector *pj, Str text, size_t offset, Str msg) {
    return query_error(pj->arena, text, offset, msg);
}

static Err read_order(Projector *pj, Str text, const Field *f, Part *part) {
    static const struct {
        const char *name;
        OrderKind order;
    } orders[] = {
        {"first", ORDER_FIRST}, {"fixed", ORDER_FIXED}, {"alpha", ORDER_ALPHA}, {"num", ORDER_NUM}};
    for (size_t i = 0; i < COUNT(orders); i++)
        if (str_eq_c(f->order, orders[i].name)) {
            part->order = orders[i].order;
            return NULL;
        }
    Buf msg = buf_new(pj->arena);
    buf_lit(&msg, "unknown order ");
    num_quote(&msg, f->order);
    return bad_field(pj, text, f->order_offset, buf_view(&msg));
}

static uint32_t add_column(Projector *pj, Projection *p, Part *part, BenchStr key, Str name) {
    Arena *a = pj->arena;
    vec_push(a, &p->column_names, name);
    vec_push(a, &p->column_keys, key);
    vec_push(a, &p->row, 0);
    vec_push(a, &part->columns, p->column_names.len - 1);
    return p->column_names.len - 1;
}

static void set_rank(Arena *a, Part *part, BenchStr value, uint32_t rank) {
    while (part->ranks.len <= value) vec_push(a, &part->ranks, 0);
    part->ranks.v[value] = rank + 1;
}

static Filter *fixed_filter(Arena *a, const Part *part) {
    Filter *any = NEW(a, Filter);
    any->kind = FILTER_OR;
    for (uint32_t i = 0; i < part->fixed.len; i++) {
        Filter *one = NEW(a, Filter);
        *one = (Filter){.kind = FILTER_MATCH, .key = part->key, .literal = part->fixed.v[i]};
        vec_push(a, &any->subs, one);
    }
    return any;
}

static void add_part(Projector *pj, Projection *p, Part part) {
    Arena *a = pj->arena;
    part.key_id = bench_intern(pj->set, part.key);
    for (uint32_t i = 0; i < part.fixed.len; i++)
        set_rank(a, &part, bench_intern(pj->set, part.fixed.v[i]), i);
    switch (part.kind) {
    case PART_CONFIG_ALL: pj->have_config = true; break;
    case PART_FULLNAME: pj->have_fullname = true; break;
    case PART_NAME:
    case PART_SUBNAME: vec_push(a, &pj->specific, part.key); break;
    case PART_CONFIG: vec_push(a, &pj->config_keys, part.key_id); break;
    }
    bool config = part.kind == PART_CONFIG_ALL || part.kind == PART_CONFIG;
    p->uses_config |= config;
    p->uses_name |= !config;
    if (part.kind != PART_CONFIG_ALL) add_column(pj, p, &part, 0, part.key);
    vec_push(a, &p->parts, part);
}

static Err make_part(Projector *pj, Str text, const Field *f, Part *part) {
    *part = (Part){.kind = project_kind(f->key), .key = f->key, .fixed = f->fixed};
    TRY(read_order(pj, text, f, part));
    if (part->kind == PART_CONFIG_ALL && part->order == ORDER_FIXED)
        return bad_field(pj, text, f->order_offset, STR("fixed order not allowed for .config"));
    if (str_eq(f->key, STR(".unit")))
        return bad_field(pj, text, f->key_offset, STR(".unit is only allowed in filters"));
    if (!f->key.len) return bad_field(pj, text, f->key_offset, STR("key must not be empty"));
    return NULL;
}

static void init_projection(Projector *pj, Projection *p) {
    *p = (Projection){.index = index_new(pj->arena)};
    vec_push(pj->arena, &p->starts, 0);
}

Err project_parse(Projector *pj, Str text, Projection *out, FilterVec *filters) {
    FieldVec fields = {0};
    init_projection(pj, out);
    TRY(query_parse_projection(pj->arena, text, &fields));
    for (uint32_t i = 0; i < fields.len; i++) {
        Part part;
        TRY(make_part(pj, text, &fields.v[i], &part));
        if (part.order == ORDER_FIXED) vec_push(pj->arena, filters, fixed_filter(pj->arena, &part));
        add_part(pj, out, part);
    }
    return NULL;
}

void project_residue(Projector *pj, Projection *out) {
    init_projection(pj, out);
    if (!pj->have_config) add_part(pj, out, (Part){.kind = PART_CONFIG_ALL, .key = STR(".config")});
    if (!pj->have_fullname)
        add_part(pj, out, (Part){.kind = PART_FULLNAME, .key = STR(".fullname")});
}

// ---- keys

static bool named_elsewhere(const Projector *pj, BenchStr key) {
    for (uint32_t i = 0; i < pj->config_keys.len; i++)
        if (pj->config_keys.v[i] == key) return true;
    return false;
}

static void fill_config(Projector *pj, Projection *p, Part *part, const BenchResult *r) {
    for (uint32_t i = 0; i < r->config.len; i++) {
        const BenchConfig *c = &r->config.v[i];
        if (!c->from_file || named_elsewhere(pj, c->key)) continue;
        uint32_t column = UINT32_MAX;
        for (uint32_t k = 0; k < part->columns.len; k++)
            if (p->column_keys.v[part->columns.v[k]] == c->key) column = part->columns.v[k];
        if (column == UINT32_MAX)
            column = add_column(pj, p, part, c->key, bench_str(pj->set, c->key));
        p->row.v[column] = c->value;
    }
}

static void fill_row(Projector *pj, Projection *p, const BenchResult *r, BenchStr name) {
    for (uint32_t i = 0; i < p->row.len; i++) p->row.v[i] = 0;
    for (uint32_t i = 0; i < p->parts.len; i++) {
        Part *part = &p->parts.v[i];
        if (part->kind == PART_CONFIG_ALL) {
            fill_config(pj, p, part, r);
            continue;
        }
        uint32_t *to = &p->row.v[part->columns.v[0]];
        if (part->kind == PART_CONFIG) {
            *to = config_value(r, part->key_id);
        } else if (part->kind == PART_FULLNAME) {
            Str full = full_name(pj->arena, &pj->specific, r->name);
            *to = full.ptr == r->name.ptr ? name : bench_intern(pj->set, full);
        } else {
            *to = bench_intern(pj->set, project_extract(pj->set, part->kind, part->key, r));
        }
    }
}

static uint64_t hash_row(const uint32_t *row, uint32_t len) {
    uint64_t h = 0;
    for (uint32_t i = 0; i < len; i++) h = hash_mix(h, row[i]);
    return h;
}

static void note_first(Projector *pj, Projection *p) {
    for (uint32_t i = 0; i < p->parts.len; i++) {
        Part *part = &p->parts.v[i];
        // The columns of .config have no order of their own: benchstat sorts them by text.
        if (part->order != ORDER_FIRST || part->kind == PART_CONFIG_ALL) continue;
        BenchStr value = p->row.v[part->columns.v[0]];
        if (value >= part->ranks.len || !part->ranks.v[value])
            set_rank(pj->arena, part, value, part->ranked++);
    }
}

static bool same_row(const Projection *p, uint32_t key, uint32_t len) {
    uint32_t start = p->starts.v[key], i = 0;
    if (p->starts.v[key + 1] - start != len) return false;
    while (i < len && p->pool.v[start + i] == p->row.v[i]) i++;
    return i == len;
}

uint32_t project_count(const Projection *p) { return p->starts.len - 1; }

static uint32_t intern_row(Projector *pj, Projection *p) {
    uint32_t len = p->row.len;
    while (len && !p->row.v[len - 1]) len--;
    uint64_t h = hash_row(p->row.v, len);
    for (IndexIter it = index_find(&p->index, h); it.id; index_next(&it))
        if (same_row(p, it.id - 1, len)) return it.id - 1;
    note_first(pj, p);
    for (uint32_t i = 0; i < len; i++) vec_push(pj->arena, &p->pool, p->row.v[i]);
    vec_push(pj->arena, &p->starts, p->pool.len);
    uint32_t key = project_count(p) - 1;
    index_add(&p->index, h, key + 1);
    return key;
}

// Most results repeat a name under an unchanged config, so the last answer per name is kept.
uint32_t project_key(Projector *pj, Projection *p, const BenchResult *r, BenchStr name) {
    uint32_t at = p->uses_name ? name : 0;
    uint32_t version = p->uses_config ? r->config_version : 1;
    while (p->memo.len <= at) vec_push(pj->arena, &p->memo, (KeyMemo){0});
    KeyMemo *memo = &p->memo.v[at];
    if (memo->key && memo->version == version) return memo->key - 1;
    fill_row(pj, p, r, name);
    *memo = (KeyMemo){version, intern_row(pj, p) + 1};
    return memo->key - 1;
}

BenchStr project_get(const Projection *p, uint32_t key, uint32_t column) {
    uint32_t start = p->starts.v[key], end = p->starts.v[key + 1];
    return column < end - start ? p->pool.v[start + column] : 0;
}

U32Vec project_flat(Arena *a, const Projection *p) {
    U32Vec flat = {0};
    for (uint32_t i = 0; i < p->parts.len; i++)
        for (uint32_t k = 0; k < p->parts.v[i].columns.len; k++)
            vec_push(a, &flat, p->parts.v[i].columns.v[k]);
    return flat;
}

Str project_label(Arena *a, BenchSet *s, const Projection *p, uint32_t key) {
    Buf out = buf_new(a);
    U32Vec flat = project_flat(a, p);
    for (uint32_t i = 0; i < flat.len; i++) {
        Str value = bench_str(s, project_get(p, key, flat.v[i]));
        if (!value.len) continue;
        if (out.len) buf_byte(&out, ' ');
        buf_str(&out, value);
    }
    return buf_view(&out);
}

// ---- order

typedef struct Sorting {
    BenchSet *set;
    const Projection *p;
} Sorting;

static int compare_numbers(BenchSet *s, Str x, Str y) {
    double a, b;
    bool is_a = num_parse_metric(s->arena, x, &a) == NUM_OK;
    bool is_b = num_parse_metric(s->arena, y, &b) == NUM_OK;
    if (!is_a && !is_b) return 0;
    if (!is_a || !is_b) return is_a ? -1 : 1; // numbers first
    if (a < b || (!isnan(a) && isnan(b))) return -1;
    return a > b || (isnan(a) && !isnan(b));
}

static uint32_t rank_of(const Part *part, BenchStr value) {
    uint32_t rank = value < part->ranks.len ? part->ranks.v[value] : 0;
    return rank ? rank - 1 : 0;
}

static int compare_values(BenchSet *s, const Part *part, BenchStr x, BenchStr y) {
    Str a = bench_str(s, x), b = bench_str(s, y);
    int order = 0;
    switch (part->order) {
    case ORDER_FIRST:
    case ORDER_FIXED: order = (int)rank_of(part, x) - (int)rank_of(part, y); break;
    case ORDER_ALPHA: break;
    case ORDER_NUM: order = compare_numbers(s, a, b); break;
    }
    return order ? order : str_cmp(a, b);
}

static int compare_keys(const void *x, const void *y, void *ctx) {
    const Sorting *sorting = ctx;
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    for (uint32_t i = 0; i < sorting->p->parts.len; i++) {
        const Part *part = &sorting->p->parts.v[i];
        for (uint32_t k = 0; k < part->columns.len; k++) {
            BenchStr va = project_get(sorting->p, a, part->columns.v[k]);
            BenchStr vb = project_get(sorting->p, b, part->columns.v[k]);
            if (va != vb) return compare_values(sorting->set, part, va, vb);
        }
    }
    return 0;
}

void project_sort(BenchSet *s, const Projection *p, uint32_t *keys, uint32_t count) {
    Sorting sorting = {s, p};
    if (count > 1) qsort_r(keys, count, sizeof *keys, compare_keys, &sorting);
}
