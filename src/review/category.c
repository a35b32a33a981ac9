// The guide's category of a move, decided by rules over the way out the engine shows. The first
// rule of the table that fits decides; docs/review.md lists them.
#include "review/review_internal.h"

// --- what moves ---

static bool has(Str s, const char *part) { return str_find(s, str_c(part)) != STR_NONE; }

static bool begins(Str s, const char *prefix) { return str_starts(s, str_c(prefix)); }

// []T{...}, map[K]V{...}, [2]T{...}, T{...} behind &; not a conversion.
static bool is_literal(Str s) {
    return str_ends(s, STR("}")) && (begins(s, "[") || begins(s, "map["));
}

static bool is_string_work(Str s) {
    static const char *const starts[] = {"string(", "[]byte(", "([]byte)(", "[]rune(", "([]rune)("};
    for (size_t i = 0; i < COUNT(starts); i++)
        if (begins(s, starts[i])) return true;
    return has(s, "\" + ") || has(s, " + \"");
}

static const EngineNote *first_note(const EngineMove *m) {
    for (uint32_t i = 0; i < m->steps.len; i++)
        if (m->steps.v[i].notes.len) return &m->steps.v[i].notes.v[0];
    return NULL;
}

// An assignment to a variable of the function itself: it says how, not where to.
static bool stays_local(const EngineStep *s, const EngineNote *n) {
    if (!begins(n->why, "assign") || str_eq(s->dst, STR("{heap}")) || begins(s->dst, "~r"))
        return false;
    size_t at = str_find(n->expr, STR(" = "));
    Str lhs = at == STR_NONE ? STR("") : str_to(n->expr, at);
    return !str_ends(lhs, STR("]")) && !begins(lhs, "*") && str_find_byte(lhs, '.') == STR_NONE;
}

const EngineNote *review_last_note(const EngineMove *m) {
    const EngineNote *last = NULL;
    for (uint32_t i = m->steps.len; i-- > 0;)
        for (uint32_t k = m->steps.v[i].notes.len; k-- > 0;) {
            const EngineNote *n = &m->steps.v[i].notes.v[k];
            if (!last) last = n;
            if (str_eq(n->why, STR("spill"))) return last; // nothing before it leads on
            if (!stays_local(&m->steps.v[i], n)) return n;
        }
    return last;
}

// A value copied for an interface goes into the variadic arguments, into another interface's
// storage, or straight on; a string that was made is first of all the value of its expression.
static bool goes_into_interface(const EngineMove *m) {
    for (uint32_t i = 0; i < m->steps.len; i++)
        for (uint32_t k = 0; k < m->steps.v[i].notes.len; k++)
            if (str_eq(m->steps.v[i].notes.v[k].why, STR("slice-literal-element"))) return i == 0;
    return false;
}

Form review_carrier(Str s) {
    if (str_eq(s, STR("func literal"))) return FORM_FUNC;
    if (str_eq(s, STR("... argument"))) return FORM_VARIADIC;
    if (begins(s, "append(") || str_eq(s, STR("append"))) return FORM_APPEND;
    if ((begins(s, "&") && str_ends(s, STR("}"))) || begins(s, "new(")) return FORM_POINTER;
    if (begins(s, "make(") || is_literal(s)) return FORM_MAKE;
    return FORM_BOXED;
}

Form review_form(const EvidenceFinding *x) {
    const EngineMove *m = x->move;
    Str s = m->what;
    if (m->kind == ENGINE_VAR) return FORM_VARIABLE;
    Form form = review_carrier(s);
    if (form != FORM_BOXED) return form;
    if (is_string_work(s) && !goes_into_interface(m)) return FORM_STRING;
    if (x->flags & EVIDENCE_METHOD_VALUE) return FORM_METHOD;
    if (has(s, " + ") && !goes_into_interface(m)) return FORM_STRING;
    return FORM_BOXED;
}

// append(dst, ...) to a parameter, or append(x[:0], ...): the buffer is handed in or used again,
// and a new one is made only when it is too small.
bool review_reuses(const Evidence *e, const EvidenceFinding *x) {
    Str first = x->move->what;
    if (!str_cut_prefix(&first, STR("append("))) return false;
    first = str_to(first, MIN(first.len, str_find(first, STR(", "))));
    if (str_cut_suffix(&first, STR("[:0]"))) return true;
    return evidence_names_param(e, x, first);
}

// --- the rules ---

typedef enum Part { ANYWHERE, AT_FIRST, AT_LAST } Part;

// clang-format off
static const struct { Part part; const char *why; Category category; } BEFORE_FORM[] = {
    {ANYWHERE, "too large for stack",   CATEGORY_TOO_LARGE},
    {ANYWHERE, "too aligned for stack", CATEGORY_TOO_LARGE},
    {ANYWHERE, "non-constant size",     CATEGORY_UNKNOWN_SIZE},
    {AT_FIRST, "captured by a closure", CATEGORY_CAPTURED},
    {AT_LAST,  "send",                  CATEGORY_CHANNEL},
};

static const struct { Part part; const char *why; Category category; } AFTER_FORM[] = {
    {AT_LAST,  "return",                CATEGORY_RETURNED},
    {AT_LAST,  "map literal value",     CATEGORY_IN_MAP},
    {AT_LAST,  "map literal key",       CATEGORY_IN_MAP},
    {AT_LAST,  "key of map put",        CATEGORY_IN_MAP},
    {AT_LAST,  "appended slice...",     CATEGORY_IN_SLICE},
    {AT_LAST,  "appended",              CATEGORY_IN_SLICE},
    {AT_LAST,  "appendee slice",        CATEGORY_IN_SLICE},
    {AT_LAST,  "copied slice",          CATEGORY_IN_SLICE},
    {AT_LAST,  "captured by a closure", CATEGORY_CAPTURED},
    {AT_LAST,  "struct literal element", CATEGORY_IN_STRUCT},
    {AT_LAST,  "slice-literal-element", CATEGORY_IN_SLICE},
    {AT_LAST,  "interface-converted",   CATEGORY_INTERFACE},
};
// clang-format on

static bool why_is(const EngineNote *n, const char *why) { return n && str_eq_c(n->why, why); }

static bool rule_fits(const EngineMove *m, Part part, const char *why) {
    switch (part) {
    case AT_FIRST: return why_is(first_note(m), why);
    case AT_LAST: return why_is(review_last_note(m), why);
    case ANYWHERE:
        for (uint32_t i = 0; i < m->steps.len; i++)
            for (uint32_t k = 0; k < m->steps.v[i].notes.len; k++)
                if (why_is(&m->steps.v[i].notes.v[k], why)) return true;
        return false;
    }
    BUG("part %d", (int)part);
}

// --- assignments and calls ---

// Where `LHS = RHS` stores: the index, field or variable on the left.
static Category assigned_category(const Evidence *e, const EvidenceFinding *x, Str text) {
    size_t at = str_find(text, STR(" = "));
    if (at == STR_NONE) return CATEGORY_GLOBAL; // x := y, and what has no text
    Str lhs = str_to(text, at);
    if (str_find(lhs, STR(", ")) != STR_NONE) lhs = str_to(lhs, str_find(lhs, STR(", ")));
    if (str_ends(lhs, STR("]"))) {
        Str base = str_to(lhs, MIN(str_rfind_byte(lhs, '['), lhs.len));
        Str name = str_from(base, str_rfind_byte(base, '.') + 1);
        char kind = evidence_container(e->sources, x->pos.file, name);
        return kind == 'm'   ? CATEGORY_IN_MAP
               : kind == 's' ? CATEGORY_IN_SLICE
                             : CATEGORY_IN_ELEMENT;
    }
    if (begins(lhs, "*") || str_find_byte(lhs, '.') != STR_NONE) return CATEGORY_IN_STRUCT;
    return CATEGORY_GLOBAL;
}

Str review_callee(Str call) {
    size_t depth = 0;
    if (!str_ends(call, STR(")"))) return STR("");
    for (size_t i = call.len; i-- > 0;) {
        if (call.ptr[i] == ')') depth++;
        if (call.ptr[i] == '(' && --depth == 0) return str_to(call, i);
    }
    return STR("");
}

static bool through_interface(const EngineMove *m) {
    return rule_fits(m, ANYWHERE, "interface-converted");
}

const EngineMove *review_holder(const Evidence *e, const EvidenceFinding *x) {
    if (!x->move->steps.len) return NULL;
    Str variable = vec_last(&x->move->steps).dst;
    if (begins(variable, "{") || begins(variable, "~")) return NULL;
    for (uint32_t i = 0; i < e->engine->moves.len; i++) {
        const EngineMove *m = &e->engine->moves.v[i];
        if (m->kind == ENGINE_VAR && m->package == x->move->package && str_eq(m->what, variable) &&
            str_eq(m->func, x->move->func) && str_eq(m->pos.file, x->move->pos.file))
            return m;
    }
    return NULL;
}

// The last reason is an assignment or a call: its text says where to.
static Category category_of_last(const Evidence *e, const EvidenceFinding *x) {
    const EngineNote *last = review_last_note(x->move);
    if (!last) return CATEGORY_OTHER;
    if (begins(last->why, "assign")) {
        Category c = assigned_category(e, x, last->expr);
        Str dst = vec_last(&x->move->steps).dst;
        if (c != CATEGORY_GLOBAL || str_eq(dst, STR("{heap}"))) return c;
        // Only the heap outlives everything; another place is a result.
        bool result = begins(dst, "~r") || evidence_names_result(e, x, dst);
        return result ? CATEGORY_RETURNED : CATEGORY_OTHER;
    }
    if (why_is(last, "call parameter")) {
        if (begins(last->expr, "append(")) return CATEGORY_IN_SLICE;
        return through_interface(x->move) ? CATEGORY_INTERFACE : CATEGORY_ARGUMENT;
    }
    return CATEGORY_OTHER;
}

static bool form_category(Form form, const EvidenceFinding *x, Category *out) {
    switch (form) {
    case FORM_BOXED: *out = CATEGORY_INTERFACE; return true;
    case FORM_METHOD: *out = CATEGORY_METHOD_VALUE; return true;
    case FORM_STRING: *out = CATEGORY_STRING; return true;
    case FORM_APPEND: *out = CATEGORY_APPEND; return true;
    case FORM_FUNC:
        *out = x->flags & EVIDENCE_GO ? CATEGORY_GOROUTINE : CATEGORY_CLOSURE;
        return true;
    case FORM_VARIABLE:
    case FORM_POINTER:
    case FORM_MAKE:
    case FORM_VARIADIC: return false;
    }
    BUG("form %d", (int)form);
}

Category review_category(const Evidence *e, const EvidenceFinding *x) {
    Category c;
    for (size_t i = 0; i < COUNT(BEFORE_FORM); i++)
        if (rule_fits(x->move, BEFORE_FORM[i].part, BEFORE_FORM[i].why))
            return BEFORE_FORM[i].category;
    if (form_category(review_form(x), x, &c)) return c;
    const EngineMove *holder = review_holder(e, x);
    if (holder && why_is(first_note(holder), "captured by a closure")) return CATEGORY_CAPTURED;
    for (size_t i = 0; i < COUNT(AFTER_FORM); i++)
        if (rule_fits(x->move, AFTER_FORM[i].part, AFTER_FORM[i].why))
            return AFTER_FORM[i].category;
    c = category_of_last(e, x);
    if (c == CATEGORY_OTHER && x->move->steps.len && begins(vec_last(&x->move->steps).dst, "~r"))
        return CATEGORY_RETURNED;
    return c;
}
