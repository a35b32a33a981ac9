// cli/args.c: the option parser.
#include "cli/args.h"

static int find(OptionSet known, Str name) {
    for (uint32_t i = 0; i < known.count; i++) {
        if (str_eq_c(name, known.list[i].name)) return (int)i;
        if (name.len == 1 && known.list[i].letter && name.ptr[0] == known.list[i].letter)
            return (int)i;
    }
    return -1;
}

static bool is_option(Str word) {
    return word.len > 1 && word.ptr[0] == '-' && !str_eq(word, STR("--"));
}

// The nearest known name, for "did you mean".
static const char *nearest(OptionSet known, Str name) {
    for (uint32_t i = 0; i < known.count; i++) {
        Str have = str_c(known.list[i].name);
        if (str_starts(have, name) || (have.len > 2 && str_starts(name, have)))
            return known.list[i].name;
    }
    return NULL;
}

static Err unknown(Arena *a, OptionSet known, Str word, Str name) {
    const char *near = nearest(known, name);
    if (near)
        return err_new(a, ERR_USAGE, 0, STR_FMT ": no such option; did you mean --%s?",
                       STR_ARG(word), near);
    return err_new(a, ERR_USAGE, 0, STR_FMT ": no such option; --help lists them", STR_ARG(word));
}

// value is NULL when the word had no '='.
static Err read_flag(Arena *a, Args *out, int option, Str word, const Str *value) {
    bool yes = !value || str_eq(*value, STR("true")) || str_eq(*value, STR("1"));
    bool no = value && (str_eq(*value, STR("false")) || str_eq(*value, STR("0")));
    if (!yes && !no)
        return err_new(a, ERR_USAGE, 0, STR_FMT ": this option is true or false", STR_ARG(word));
    vec_push(a, &out->values[option], yes ? STR("true") : STR("false"));
    return NULL;
}

static Err read_option(Arena *a, Args *out, char *const *argv, int count, int *at) {
    Str word = str_c(argv[*at]), value = word;
    Str name = str_split(&value, '=');
    bool has_value = name.len < word.len;
    str_cut_prefix(&name, STR("-"));
    str_cut_prefix(&name, STR("-"));
    int option = find(out->known, name);
    if (option < 0) return unknown(a, out->known, word, name);
    bool free_value = has_value && out->known.list[option].value;
    if (out->known.list[option].kind == OPTION_FLAG && !free_value)
        return read_flag(a, out, option, word, has_value ? &value : NULL);
    if (!has_value && out->known.list[option].kind == OPTION_COUNT) {
        vec_push(a, &out->values[option], (Str){0}); // one more
        return NULL;
    }
    if (!has_value) {
        if (*at + 1 >= count)
            return err_new(a, ERR_USAGE, 0, STR_FMT ": wants a value: %s", STR_ARG(word),
                           out->known.list[option].value);
        value = str_c(argv[++*at]);
    }
    vec_push(a, &out->values[option], value);
    return NULL;
}

Err args_parse(Arena *a, OptionSet known, char *const *argv, int count, Args *out) {
    Args args = {.known = known, .values = NEW_ARRAY(a, StrVec, MAX(known.count, 1u))};
    int i = 0;
    for (; i < count; i++) {
        Str word = str_c(argv[i]);
        if (str_eq(word, STR("--"))) {
            args.dashdash = true;
            i++;
            break;
        }
        if (is_option(word)) {
            TRY(read_option(a, &args, argv, count, &i));
            continue;
        }
        if (!known.interleaved) break;
        vec_push(a, &args.rest, word);
    }
    for (; i < count; i++) vec_push(a, &args.rest, str_c(argv[i]));
    *out = args;
    return NULL;
}

const StrVec *args_list(const Args *args, const char *name) {
    int option = find(args->known, str_c(name));
    if (option < 0) BUG("option %s is not in the command's table", name);
    return &args->values[option];
}

bool args_given(const Args *args, const char *name) { return args_list(args, name)->len > 0; }

Str args_value(const Args *args, const char *name, Str absent) {
    const StrVec *v = args_list(args, name);
    return v->len ? vec_last(v) : absent;
}

bool args_flag(const Args *args, const char *name) {
    return str_eq(args_value(args, name, STR("false")), STR("true"));
}

Err args_count(Arena *a, const Args *args, const char *name, int *inout) {
    const StrVec *given = args_list(args, name);
    uint64_t n = 0;
    for (uint32_t i = 0; i < given->len; i++) {
        Str text = given->v[i];
        if (!text.ptr)
            n++;
        else if (!str_to_u64(text, &n) || n > 9)
            return err_new(a, ERR_USAGE, 0, "--%s=" STR_FMT ": wants a number from 0 to 9", name,
                           STR_ARG(text));
    }
    if (given->len) *inout = (int)n;
    return NULL;
}

Err args_u64(Arena *a, const Args *args, const char *name, uint64_t *inout) {
    if (!args_given(args, name)) return NULL;
    Str text = args_value(args, name, (Str){0});
    if (!str_to_u64(text, inout))
        return err_new(a, ERR_USAGE, 0, "--%s=" STR_FMT ": wants a whole number", name,
                       STR_ARG(text));
    return NULL;
}

Err args_duration(Arena *a, const Args *args, const char *name, uint64_t *inout_ns) {
    if (!args_given(args, name)) return NULL;
    static const struct {
        const char *suffix;
        double ns;
    } units[] = {{"ms", 1e6}, {"h", 3600e9}, {"m", 60e9}, {"s", 1e9}};
    Str text = args_value(args, name, (Str){0}), number = text;
    double scale = 0, v;
    for (size_t i = 0; i < COUNT(units) && scale == 0; i++)
        if (str_cut_suffix(&number, str_c(units[i].suffix))) scale = units[i].ns;
    if (scale == 0 || !str_to_f64(number, &v) || !(v > 0 && v < 1e6))
        return err_new(a, ERR_USAGE, 0, "--%s=" STR_FMT ": wants a duration such as 90s or 10m",
                       name, STR_ARG(text));
    *inout_ns = (uint64_t)(v * scale);
    return NULL;
}
