// --fail-on: when a review makes the command fail.
#include "review/review.h"

static bool find_category(Str word, Category *out) {
    for (int c = 0; c < CATEGORY_COUNT; c++) {
        if (!str_eq_c(word, review_rule_id((Category)c))) continue;
        *out = (Category)c;
        return true;
    }
    return false;
}

static Err bad_word(Arena *a, Str word) {
    return err_new(a, ERR_USAGE, 0,
                   "--fail-on " STR_FMT ": give any, a number, share=PERCENT, bytes=N or a rule "
                   "such as returned-pointer",
                   STR_ARG(word));
}

static Err parse_word(Arena *a, Str word, FailOn *out) {
    Category category;
    uint64_t n;
    if (str_eq(word, STR("any"))) {
        out->counts = true;
        out->more_than = 0;
    } else if (str_to_u64(word, &n)) {
        out->counts = true;
        out->more_than = n;
    } else if (find_category(word, &category)) {
        out->categories[category] = true;
    } else if (str_cut_prefix(&word, STR("share="))) {
        str_cut_suffix(&word, STR("%"));
        if (!str_to_f64(word, &out->share) || !(out->share > 0)) return bad_word(a, word);
    } else if (str_cut_prefix(&word, STR("bytes="))) {
        if (!str_to_u64(word, &n) || n > INT64_MAX) return bad_word(a, word);
        out->bytes = (int64_t)n;
        out->has_bytes = true;
    } else {
        return bad_word(a, word);
    }
    return NULL;
}

Err review_parse_fail_on(Arena *a, Str spec, FailOn *out) {
    FailOn f = {.set = true};
    if (!spec.len) return bad_word(a, spec);
    while (spec.len) TRY(parse_word(a, str_trim(str_split(&spec, ',')), &f));
    *out = f;
    return NULL;
}

uint32_t review_failures(const Review *r, const FailOn *f) {
    uint32_t failing = 0;
    if (!f->set) return 0;
    for (uint32_t i = 0; i < r->findings.len; i++) {
        const ReviewFinding *x = &r->findings.v[i];
        failing += f->categories[x->category] || (f->share > 0 && x->share >= f->share) ||
                   (f->has_bytes && x->evidence->bytes >= f->bytes);
    }
    if (f->counts && r->findings.len > f->more_than) failing = MAX(failing, r->findings.len);
    return failing;
}
