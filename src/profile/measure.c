// profile/measure.c: values and their units: scaling, "12.50MB", percentages. Formats are pprof's:
// two digits after the point with ".00" removed, KiB written kB.
#include <ctype.h>
#include <math.h>

#include "profile/profile_internal.h"

typedef struct Unit {
    const char *name;
    const char *aliases[4];
    double factor;
} Unit;

typedef struct UnitKind {
    const Unit *units;
    size_t count;
    const char *fallback; // when nothing scales well
    double fallback_factor;
} UnitKind;

static const Unit memory[] = {
    {"B", {"b", "byte"}, 1},
    {"kB", {"kb", "kbyte", "kilobyte"}, 1024.0},
    {"MB", {"mb", "mbyte", "megabyte"}, 1048576.0},
    {"GB", {"gb", "gbyte", "gigabyte"}, 1073741824.0},
    {"TB", {"tb", "tbyte", "terabyte"}, 1099511627776.0},
    {"PB", {"pb", "pbyte", "petabyte"}, 1125899906842624.0},
};
static const Unit duration[] = {
    {"ns", {"ns", "nanosecond"}, 1},    {"us", {"\xce\xbcs", "us", "microsecond"}, 1e3},
    {"ms", {"ms", "millisecond"}, 1e6}, {"s", {"s", "sec", "second"}, 1e9},
    {"hrs", {"hour", "hr"}, 3600e9},
};
static const Unit compute[] = {
    {"n*GCU", {"nanogcu"}, 1e-9}, {"u*GCU", {"microgcu"}, 1e-6}, {"m*GCU", {"milligcu"}, 1e-3},
    {"GCU", {"gcu"}, 1},          {"k*GCU", {"kilogcu"}, 1e3},   {"M*GCU", {"megagcu"}, 1e6},
    {"G*GCU", {"gigagcu"}, 1e9},  {"T*GCU", {"teragcu"}, 1e12},  {"P*GCU", {"petagcu"}, 1e15},
};
static const UnitKind kinds[] = {
    {memory, COUNT(memory), "B", 1},
    {duration, COUNT(duration), "s", 1e9},
    {compute, COUNT(compute), "GCU", 1},
};

// The unit a word means: lower case, a plural s taken off words longer than two bytes.
static const Unit *find_unit(const UnitKind *kind, Str word) {
    char low[32];
    if (word.len >= sizeof low) return NULL;
    for (size_t i = 0; i < word.len; i++)
        low[i] = (char)((uint8_t)word.ptr[i] < 0x80 ? tolower((uint8_t)word.ptr[i]) : word.ptr[i]);
    Str w = {low, word.len};
    if (w.len > 2) str_cut_suffix(&w, STR("s"));
    for (size_t i = 0; i < kind->count; i++)
        for (size_t k = 0; k < COUNT(kind->units[i].aliases) && kind->units[i].aliases[k]; k++)
            if (str_eq_c(w, kind->units[i].aliases[k])) return &kind->units[i];
    return NULL;
}

// The largest unit in which the value is at least 1.
static double auto_scale(const UnitKind *kind, double value, Str *unit) {
    double factor = 0;
    for (size_t i = 0; i < kind->count; i++)
        if (kind->units[i].factor >= factor && value / kind->units[i].factor >= 1.0) {
            factor = kind->units[i].factor;
            *unit = str_c(kind->units[i].name);
        }
    if (factor != 0) return value / factor;
    *unit = str_c(kind->fallback);
    return value / kind->fallback_factor;
}

static double convert(const UnitKind *kind, double value, Str to, Str *unit) {
    if (str_eq(to, STR("minimum")) || str_eq(to, STR("auto"))) return auto_scale(kind, value, unit);
    const Unit *u = find_unit(kind, to);
    *unit = str_c(u ? u->name : kind->fallback);
    return value / (u ? u->factor : kind->fallback_factor);
}

double measure_scale(int64_t value, Str from, Str to, Str *unit) {
    if (value < 0 && value != INT64_MIN) return -measure_scale(-value, from, to, unit);
    for (size_t i = 0; i < COUNT(kinds); i++) {
        const Unit *u = find_unit(&kinds[i], from);
        if (u) return convert(&kinds[i], (double)value * u->factor, to, unit);
    }
    static const char *const plain[] = {"count", "sample", "unit", "minimum", "auto"};
    *unit = to;
    for (size_t i = 0; i < COUNT(plain); i++)
        if (str_eq_c(to, plain[i])) *unit = STR("");
    return (double)value;
}

Str measure_label(Arena *a, int64_t value, Str from, Str to) {
    Str unit;
    double scaled = measure_scale(value, from, to, &unit);
    char text[400];
    int len = snprintf(text, sizeof text, "%.2f", scaled);
    Str s = {text, (size_t)len};
    str_cut_suffix(&s, STR(".00"));
    if (str_eq(s, STR("0")) || str_eq(s, STR("-0"))) return STR("0");
    return str_join2(a, s, unit);
}

Str measure_percent(Arena *a, int64_t value, int64_t total) {
    double ratio = 0;
    if (total != 0) ratio = (double)value / (double)total * 100;
    ratio = fabs(ratio); // -0 too
    if (ratio >= 99.95 && ratio <= 100.05) return STR("  100%");
    return ratio >= 1 ? str_fmt(a, "%5.2f%%", ratio) : str_fmt(a, "%5.2g%%", ratio);
}

bool measure_comparable(Str x, Str y) {
    if (str_eq(x, y)) return true;
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (find_unit(&kinds[i], x) && find_unit(&kinds[i], y)) return true;
    return false;
}
