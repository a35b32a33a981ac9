// bench/unit.c: units of measurement: base units, what metadata says of them, scaled numbers.
#include <math.h>
#include <string.h>

#include "bench/bench_internal.h"

// unit = token { ("*" | "/" | "-" | space) token }; what follows a "/" is the denominator.
typedef struct UnitScan {
    Str unit;
    size_t at;
    Str token;
    size_t start; // of token
    bool denominator;
} UnitScan;

static bool separates(uint32_t r) { return r == '*' || r == '/' || r == '-' || utf8_is_space(r); }

static bool next_token(UnitScan *u) {
    uint32_t width;
    for (; u->at < u->unit.len; u->at += width) {
        uint32_t r = utf8_decode(str_from(u->unit, u->at), &width);
        if (!separates(r)) break;
        if (r == '*') u->denominator = false;
        if (r == '/') u->denominator = true;
    }
    if (u->at >= u->unit.len) return false;
    u->start = u->at;
    for (; u->at < u->unit.len; u->at += width)
        if (separates(utf8_decode(str_from(u->unit, u->at), &width))) break;
    u->token = str_slice(u->unit, u->start, u->at);
    return true;
}

// "ns" becomes "sec" and "MB" becomes "B", in numerators.
static UnitInfo work_out(BenchSet *s, BenchStr id) {
    Str unit = bench_str(s, id);
    UnitInfo info = {true, id, 1};
    if (str_find(unit, STR("ns")) == STR_NONE && str_find(unit, STR("MB")) == STR_NONE) return info;
    Buf tidied = buf_new(s->arena);
    size_t copied = 0;
    for (UnitScan u = {.unit = unit}; next_token(&u);) {
        bool ns = str_eq(u.token, STR("ns")), mb = str_eq(u.token, STR("MB"));
        if (u.denominator || (!ns && !mb)) continue;
        buf_str(&tidied, str_slice(unit, copied, u.start));
        buf_c(&tidied, ns ? "sec" : "B");
        copied = u.at;
        if (ns)
            info.factor /= 1e9;
        else
            info.factor *= 1e6;
    }
    buf_str(&tidied, str_from(unit, copied));
    info.tidied = bench_intern(s, buf_view(&tidied));
    return info;
}

UnitInfo unit_info(BenchSet *s, BenchStr unit) {
    while (s->units.len <= unit) vec_push(s->arena, &s->units, (UnitInfo){0});
    if (!s->units.v[unit].known) {
        UnitInfo info = work_out(s, unit); // may intern, so the vector is looked at again
        s->units.v[unit] = info;
    }
    return s->units.v[unit];
}

const UnitMeta *unit_meta(BenchSet *s, BenchStr tidied, BenchStr key) {
    for (uint32_t i = 0; i < s->meta.len; i++)
        if (s->meta.v[i].unit == tidied && s->meta.v[i].key == key) return &s->meta.v[i];
    return NULL;
}

static Str metadata(BenchSet *s, BenchStr unit, Str key) {
    const UnitMeta *m = unit_meta(s, unit_info(s, unit).tidied, bench_intern(s, key));
    return m ? bench_str(s, m->value) : (Str){0};
}

bool bench_unit_exact(BenchSet *s, BenchStr unit) {
    return str_eq(metadata(s, unit, STR("assume")), STR("exact"));
}

int bench_unit_better(BenchSet *s, BenchStr unit) {
    Str said = metadata(s, unit, STR("better")), name = bench_str(s, unit);
    if (said.len) return str_eq(said, STR("higher")) ? 1 : str_eq(said, STR("lower")) ? -1 : 0;
    static const struct {
        const char *unit;
        int better;
    } known[] = {{"ns/op", -1}, {"sec/op", -1}, {"MB/s", 1},
                 {"B/s", 1},    {"B/op", -1},   {"allocs/op", -1}};
    for (size_t i = 0; i < COUNT(known); i++)
        if (str_eq_c(name, known[i].unit)) return known[i].better;
    return 0;
}

bool bench_unit_is_bytes(Str unit) {
    for (UnitScan u = {.unit = unit}; next_token(&u);)
        if (!u.denominator && (str_eq(u.token, STR("B")) || str_eq(u.token, STR("MB")) ||
                               str_eq(u.token, STR("bytes"))))
            return true;
    return false;
}

// ---- scales: at least four significant digits for the smallest value. The limits are where %.1f,
// %.2f and %.3f of the scaled value would round up to one digit more: 99.995 prints as 100.0.

typedef struct Scale {
    double limits[3]; // for 1, 2 and 3 digits after the point
    BenchScale scale;
} Scale;

static const Scale decimal[] = {
    {{99.995e12, 9.9995e12, .99995e12}, {0, 1e12, "T"}},
    {{99.995e9, 9.9995e9, .99995e9}, {0, 1e9, "G"}},
    {{99.995e6, 9.9995e6, .99995e6}, {0, 1e6, "M"}},
    {{99.995e3, 9.9995e3, .99995e3}, {0, 1e3, "k"}},
    {{99.995e0, 9.9995e0, .99995e0}, {0, 1e0, ""}},
    {{99.995e-3, 9.9995e-3, .99995e-3}, {0, 1e-3, "m"}},
    {{99.995e-6, 9.9995e-6, .99995e-6}, {0, 1e-6, "\xc2\xb5"}},
    {{99.995e-9, 9.9995e-9, .99995e-9}, {0, 1e-9, "n"}},
};
#define BINARY(f, prefix)                                                                          \
    {                                                                                              \
        {99.995 * (f), 9.9995 * (f), .99995 * (f)}, { 0, (f), prefix }                             \
    }
static const Scale binary[] = {BINARY(0x1p40, "Ti"), BINARY(0x1p30, "Gi"), BINARY(0x1p20, "Mi"),
                               BINARY(0x1p10, "Ki"), BINARY(1.0, "")};

static double smallest(const double *values, size_t n) {
    double least = 0;
    for (size_t i = 0; i < n; i++) {
        double v = fabs(values[i]);
        if (v != 0 && (least == 0 || v < least)) least = v;
    }
    return least;
}

// Below the smallest scale: more digits, up to ten after the point.
static BenchScale finest(BenchScale s, double least) {
    static const double limits[] = {9.9995e-1, 9.9995e-2, 9.9995e-3, 9.9995e-4,
                                    9.9995e-5, 9.9995e-6, 9.9995e-7};
    double v = least / s.factor;
    s.precision = 3;
    for (size_t i = 0; i < COUNT(limits) && !(v >= limits[i]); i++) s.precision++;
    return s;
}

BenchScale bench_scale(const double *values, size_t n, bool bytes) {
    double least = smallest(values, n);
    if (least == 0) return (BenchScale){3, 1, ""};
    const Scale *scales = bytes ? binary : decimal;
    size_t count = bytes ? COUNT(binary) : COUNT(decimal);
    for (size_t i = 0; i < count; i++)
        for (int digits = 1; digits <= 3; digits++)
            if (least >= scales[i].limits[digits - 1])
                return (BenchScale){digits, scales[i].scale.factor, scales[i].scale.prefix};
    return finest(scales[count - 1].scale, least);
}

void bench_put_scaled(Buf *out, BenchScale s, double v) {
    bench_put_fixed(out, v / s.factor, s.precision, false);
    buf_c(out, s.prefix);
}
