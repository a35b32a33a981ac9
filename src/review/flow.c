// The way out in words: each reason the engine gives becomes a step a reader follows in his source.
#include "review/review_internal.h"

// clang-format off
// %e is the note's expression, %f the callee in it.
static const struct { const char *why, *text; } WORDS[] = {
    {"address-of",               "its address is taken: %e"},
    {"return",                   "returned: %e"},
    {"send",                     "sent: %e"},
    {"assign",                   "assigned: %e"},
    {"assign-pair",              "assigned: %e"},
    {"assign-pair-dot-type",     "assigned: %e"},
    {"assign-pair-mapr",         "assigned: %e"},
    {"assign-pair-receive",      "assigned: %e"},
    {"call parameter",           "passed to %f"},
    {"callee operand",           "called: %e"},
    {"captured by a closure",    "captured by a closure that survives"},
    {"interface-converted",      "converted to an interface: %e"},
    {"slice-literal-element",    "put into the slice %e"},
    {"array literal element",    "put into the array %e"},
    {"struct literal element",   "put into the struct %e"},
    {"map literal key",          "a key of the map %e"},
    {"map literal value",        "a value of the map %e"},
    {"key of map put",           "the key stored by %e"},
    {"appendee slice",           "the slice that grows: %e"},
    {"appended slice...",        "its elements are appended: %e"},
    {"appended",                 "appended: %e"},
    {"copied slice",             "its elements are copied: %e"},
    {"range",                    "ranged over: %e"},
    {"range-deref",              "an element ranged over: %e"},
    {"switch case",              "bound by a type switch: %e"},
    {"slice",                    "sliced: %e"},
    {"slice-to-array",           "made an array of: %e"},
    {"dot",                      "its field is used: %e"},
    {"dot of pointer",           "reached through a pointer: %e"},
    {"indirection",              "read through a pointer: %e"},
    {"fixed-array-index-of",     "its element is used: %e"},
    {"too large for stack",      "larger than the compiler puts on a stack"},
    {"too aligned for stack",    "needs a larger alignment than a stack has"},
    {"non-constant size",        "its size is known only at run time"},
    {"zero-sized element",       "its elements have no size"},
    {"conversion to unsafe.Pointer", "converted to unsafe.Pointer: %e"},
    {"reflect.Header.Data",      "stored in a reflect header"},
    {"//go:uintptrescapes",      "passed where //go:uintptrescapes says so"},
};
// clang-format on

static Str spill_text(Form form) {
    switch (form) {
    case FORM_BOXED: return STR("copied into an interface value: %e");
    case FORM_FUNC: return STR("the closure is made: its captured variables are kept with it");
    case FORM_METHOD: return STR("bound to its receiver: %e");
    case FORM_VARIADIC: return STR("the slice of variadic arguments is made");
    case FORM_STRING: return STR("the bytes are copied: %e");
    case FORM_APPEND: return STR("the grown slice is made: %e");
    case FORM_VARIABLE:
    case FORM_POINTER:
    case FORM_MAKE: return STR("made here: %e");
    }
    BUG("form %d", (int)form);
}

// Compiler-made names for results and variadic slices, as words.
static Str readable(Str expr) {
    if (str_eq(expr, STR("... argument"))) return STR("of variadic arguments");
    if (str_eq(expr, STR("for loop"))) return STR("in this loop");
    return expr;
}

static Str fill(Arena *a, Str text, Str expr) {
    size_t at = str_find(text, STR("%"));
    if (at == STR_NONE) return text;
    Str value = readable(expr);
    if (text.ptr[at + 1] == 'f') {
        value = review_callee(expr);
        if (!value.len) value = expr;
    }
    return str_join3(a, str_to(text, at), value, str_from(text, at + 2));
}

static Str note_text(Arena *a, const EngineNote *n, Form form) {
    if (str_eq(n->why, STR("spill"))) return fill(a, spill_text(form), n->expr);
    for (size_t i = 0; i < COUNT(WORDS); i++)
        if (str_eq_c(n->why, WORDS[i].why)) return fill(a, str_c(WORDS[i].text), n->expr);
    return str_fmt(a, STR_FMT ": " STR_FMT, STR_ARG(n->why), STR_ARG(n->expr));
}

// Left out: the second half of a capture, and what only the compiler sees (the results and
// parameters of inlined calls become variables that are assigned to each other).
static bool says_nothing(const EngineNote *n) {
    if (str_eq(n->why, STR("reference"))) return true;
    if (!str_starts(n->why, STR("assign-pair"))) return false;
    return str_starts(n->expr, STR("~r")) || str_find(n->expr, STR(" := ")) != STR_NONE;
}

static void add_step(Arena *a, ReviewStepVec *out, ReviewStep step) {
    if (out->len) {
        const ReviewStep *last = &vec_last(out);
        if (last->pos.line == step.pos.line && str_eq(last->text, step.text)) return;
    }
    vec_push(a, out, step);
}

// The way ends in a variable: the reader wants to know why that one is on the heap.
static void add_holder(Arena *a, const Evidence *e, const EvidenceFinding *x, ReviewStepVec *out) {
    const EngineMove *m = review_holder(e, x);
    if (!m || !m->steps.len || !m->steps.v[0].notes.len) return;
    const EngineNote *n = &m->steps.v[0].notes.v[0];
    ReviewStep step = {str_fmt(a, STR_FMT " is on the heap itself: " STR_FMT, STR_ARG(m->what),
                               STR_ARG(note_text(a, n, FORM_VARIABLE))),
                       n->why, evidence_own_pos(e, n->pos, &n->chain)};
    vec_push(a, out, step);
}

ReviewStepVec review_flow(Arena *a, const Evidence *e, const EvidenceFinding *x) {
    ReviewStepVec out = {0};
    Form form = review_form(x);
    for (uint32_t i = 0; i < x->move->steps.len; i++) {
        const EngineStep *s = &x->move->steps.v[i];
        for (uint32_t k = 0; k < s->notes.len; k++) {
            const EngineNote *n = &s->notes.v[k];
            if (says_nothing(n)) continue;
            bool carried = i > 0 && str_eq(n->expr, STR("... argument"));
            if (carried && str_eq(n->why, STR("spill"))) continue; // said by the step before
            // Only the first thing made is the finding's; later ones carry it.
            Form made = i == 0 ? form : review_carrier(n->expr);
            ReviewStep step = {note_text(a, n, made), n->why,
                               evidence_own_pos(e, n->pos, &n->chain)};
            add_step(a, &out, step);
        }
    }
    add_holder(a, e, x, &out);
    return out;
}
