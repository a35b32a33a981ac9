// bench/lines.c: the benchmark format, line by line.
//
//     BenchmarkName iterations value unit [value unit ...]
//     key: value            (key starts lower case; an empty value deletes the key)
//     Unit name key=value ...
//
// Other lines are not ours and are passed over. A line of ours that is wrong becomes a warning.
#include <string.h>

#include "bench/bench_internal.h"
#include "codec/regex.h"

enum { LINE_LIMIT = 64 * 1024 }; // benchstat's; no benchmark's output comes near

BenchSet *bench_set_new(Arena *a) {
    BenchSet *s = NEW(a, BenchSet);
    s->arena = a;
    s->strings = strmap_new(a);
    vec_push(a, &s->names, (Str){0});
    return s;
}

Arena *bench_set_arena(BenchSet *s) { return s->arena; }
Str bench_str(const BenchSet *s, BenchStr id) { return s->names.v[id]; }
const StrVec *bench_warnings(const BenchSet *s) { return &s->warnings; }

BenchStr bench_intern(BenchSet *s, Str text) {
    if (!text.len) return 0;
    const uint32_t *known = strmap_get(&s->strings, text);
    if (known) return *known;
    Str own = str_copy(s->arena, text);
    BenchStr id = s->names.len;
    *strmap_put(&s->strings, own) = id;
    vec_push(s->arena, &s->names, own);
    return id;
}

static void warn(BenchReader *r, Str what) {
    BenchSet *s = r->set;
    vec_push(s->arena, &s->warnings,
             str_fmt(s->arena, STR_FMT ":%u: " STR_FMT, STR_ARG(r->file), r->result.line,
                     STR_ARG(what)));
}

// ---- configuration

static BenchConfig *find_config(BenchResult *r, BenchStr key) {
    for (uint32_t i = 0; i < r->config.len; i++)
        if (r->config.v[i].key == key) return &r->config.v[i];
    return NULL;
}

static void set_config(BenchReader *r, BenchStr key, BenchStr value, bool from_file) {
    BenchConfig *c = find_config(&r->result, key);
    if (!c && !value) return;
    if (!c) {
        vec_push(r->set->arena, &r->result.config, ((BenchConfig){key, value, from_file}));
    } else if (!value) {
        *c = vec_last(&r->result.config);
        r->result.config.len--;
    } else if (c->value == value) {
        return;
    } else {
        c->value = value;
    }
    r->result.config_version = ++r->set->config_version;
}

BenchReader bench_reader(BenchSet *s, Str bytes, Str file, Str label) {
    BenchReader r = {.set = s, .rest = bytes, .file = file};
    r.result.config_version = ++s->config_version;
    set_config(&r, bench_intern(s, STR(".file")), bench_intern(s, label), false);
    return r;
}

// ---- fields

static bool ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static size_t space_width(Str s, uint32_t *width) {
    *width = 1;
    if ((unsigned char)s.ptr[0] < 0x80) return ascii_space(s.ptr[0]);
    return utf8_is_space(utf8_decode(s, width));
}

// Cuts the first field off and the white space after it.
static Str cut_field(Str *rest) {
    Str s = *rest;
    uint32_t width;
    size_t i = 0;
    for (; i < s.len && !space_width((Str){s.ptr + i, s.len - i}, &width); i += width) {}
    Str field = {s.ptr, i};
    for (; i < s.len && space_width((Str){s.ptr + i, s.len - i}, &width); i += width) {}
    *rest = (Str){s.ptr + i, s.len - i};
    return field;
}

// ---- "Benchmark..."

static bool parse_iterations(BenchReader *r, Str field) {
    if (!field.len) {
        warn(r, STR("missing iteration count"));
        return false;
    }
    NumStatus status = num_parse_int(field, &r->result.iterations);
    if (status == NUM_SYNTAX) warn(r, STR("parsing iteration count: invalid syntax"));
    if (status == NUM_RANGE) warn(r, STR("parsing iteration count: value out of range"));
    return status == NUM_OK;
}

// Whole numbers without sign are by far the most frequent.
static bool plain_number(Str s, double *out) {
    uint64_t n = 0;
    if (!s.len || s.len > 15) return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned d = (unsigned)(unsigned char)s.ptr[i] - '0';
        if (d > 9) return false;
        n = n * 10 + d;
    }
    *out = (double)n;
    return true;
}

static bool parse_value(BenchReader *r, Str number, Str unit) {
    double v;
    NumStatus status =
        plain_number(number, &v) ? NUM_OK : num_parse_float(r->set->arena, number, &v);
    if (status == NUM_SYNTAX) warn(r, STR("parsing measurement: invalid syntax"));
    if (status == NUM_RANGE) warn(r, STR("parsing measurement: value out of range"));
    if (status != NUM_OK) return false;
    if (!unit.len) {
        warn(r, STR("missing units"));
        return false;
    }
    BenchStr written = bench_intern(r->set, unit);
    UnitInfo info = unit_info(r->set, written);
    double tidied = v * info.factor;
    // A value that conversion leaves as it is (0 ns/op) keeps its unit, as in benchstat.
    BenchValue value = {v, written, 0};
    if (tidied != v) value = (BenchValue){tidied, info.tidied, written};
    vec_push(r->set->arena, &r->result.values, value);
    return true;
}

static bool parse_benchmark(BenchReader *r, Str line) {
    size_t all = line.len;
    r->result.name = cut_field(&line);
    if (!line.len && r->result.name.len == all) return false; // "go test -v" announces the name
    if (!parse_iterations(r, cut_field(&line))) return false;
    r->result.values.len = 0;
    for (;;) {
        Str number = cut_field(&line);
        if (!number.len) break;
        if (!parse_value(r, number, cut_field(&line))) return false;
    }
    if (!r->result.values.len) warn(r, STR("missing measurements"));
    return r->result.values.len > 0;
}

// ---- "Unit ..."

static void parse_unit_entry(BenchReader *r, Str unit, Str entry) {
    BenchSet *s = r->set;
    size_t equals = str_find_byte(entry, '=');
    if (equals == STR_NONE || equals == 0) {
        warn(r, STR("expected key=value"));
        return;
    }
    BenchStr tidied = unit_info(s, bench_intern(s, unit)).tidied;
    BenchStr key = bench_intern(s, str_to(entry, equals));
    BenchStr value = bench_intern(s, str_from(entry, equals + 1));
    const UnitMeta *known = unit_meta(s, tidied, key);
    if (!known)
        vec_push(s->arena, &s->meta, ((UnitMeta){tidied, key, value}));
    else if (known->value != value)
        warn(r,
             str_fmt(s->arena, "metadata " STR_FMT " of unit " STR_FMT " already set to " STR_FMT,
                     STR_ARG(bench_str(s, key)), STR_ARG(unit),
                     STR_ARG(bench_str(s, known->value))));
}

static void parse_unit(BenchReader *r, Str line) {
    Str unit = cut_field(&line);
    if (!unit.len) warn(r, STR("missing unit"));
    while (unit.len && line.len) {
        Str entry = cut_field(&line);
        if (!entry.len) return;
        parse_unit_entry(r, unit, entry);
    }
}

// ---- "key: value"

static bool in_class(BenchSet *s, const char *pattern, Str rune) {
    Regex *re;
    if (regex_compile(s->arena, str_c(pattern), &re)) BUG("pattern %s", pattern);
    bool yes = regex_match(re, rune);
    regex_free(re);
    return yes;
}

// Runes past ASCII are rare enough in keys that compiling a class for each does no harm.
static bool key_rune(BenchSet *s, Str text, size_t i, uint32_t *width) {
    uint32_t r = utf8_decode(str_from(text, i), width);
    if (r < 0x80) {
        bool lower = r >= 'a' && r <= 'z', upper = r >= 'A' && r <= 'Z';
        return i == 0 ? lower : !upper && !utf8_is_space(r);
    }
    Str rune = str_slice(text, i, i + *width);
    if (*width == 1) rune = STR("\xef\xbf\xbd");
    return i == 0 ? in_class(s, "^\\p{Ll}$", rune)
                  : !utf8_is_space(r) && !in_class(s, "^\\p{Lu}$", rune);
}

static void parse_key(BenchReader *r, Str line) {
    size_t i = 0;
    for (uint32_t width;; i += width) {
        if (i >= line.len || (i > 0 && line.ptr[i] == ':')) break;
        if (!key_rune(r->set, line, i, &width)) return;
    }
    if (i == 0 || i >= line.len) return;
    Str value = str_from(line, i + 1), all = value;
    while (value.len && (value.ptr[0] == ' ' || value.ptr[0] == '\t')) value = str_from(value, 1);
    if (all.len && value.len == all.len) return; // no space after the colon
    set_config(r, bench_intern(r->set, str_to(line, i)), bench_intern(r->set, value), true);
}

// ---- lines

static bool parse_line(BenchReader *r, Str line) {
    if (str_cut_prefix(&line, STR("Benchmark"))) return parse_benchmark(r, line);
    if (line.len && line.ptr[0] == 'U') {
        Str rest = line;
        if (str_eq(cut_field(&rest), STR("Unit"))) {
            parse_unit(r, rest);
            return false;
        }
    }
    parse_key(r, line);
    return false;
}

bool bench_read(BenchReader *r) {
    while (r->rest.len && !r->failed) {
        const char *end = memchr(r->rest.ptr, '\n', r->rest.len);
        size_t len = end ? (size_t)(end - r->rest.ptr) : r->rest.len;
        if (len >= LINE_LIMIT) {
            r->failed =
                err_new(r->set->arena, ERR_LIMIT, 0, STR_FMT ":%u: bufio.Scanner: token too long",
                        STR_ARG(r->file), r->result.line);
            return false;
        }
        Str line = str_to(r->rest, len);
        r->rest = str_from(r->rest, len + (end != NULL));
        r->result.line++;
        str_cut_suffix(&line, STR("\r"));
        if (parse_line(r, line)) return true;
    }
    return false;
}
