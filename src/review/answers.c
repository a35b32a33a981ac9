// The words of a review: why a category moves things to the heap, which question of the checklist
// it fails, and an answer. "Necessary, because ..." is as good an answer as a fix.
#include "review/review_internal.h"

typedef struct CategoryWords {
    const char *because; // completes "X moves to the heap: ..."
    Question question;
    const char *fix, *fine; // what to do; when nothing is to be done
} CategoryWords;

// clang-format off
static const CategoryWords WORDS[CATEGORY_COUNT] = {
    [CATEGORY_TOO_LARGE] = {"it is larger than the compiler puts on a stack", QUESTION_SMALL,
        "Make it smaller, or keep one and reuse it (a field, a sync.Pool) if this runs often.",
        "Necessary, if all of that size is needed at once and it is made rarely."},
    [CATEGORY_UNKNOWN_SIZE] = {"its size is known only at run time", QUESTION_MOVE,
        "Give it a constant size with a slice of it in use, or let the caller hand in a buffer to reuse.",
        "Necessary, if the size truly varies and the memory is kept."},
    [CATEGORY_GOROUTINE] = {"a goroutine may outlive the function that starts it", QUESTION_MOVE,
        "Start fewer goroutines: let workers that stay take the work from a channel.",
        "Necessary for every goroutine whose function uses variables around it; cheap next to the goroutine itself."},
    [CATEGORY_CAPTURED] = {"a closure that survives uses it after this function is gone", QUESTION_CLOSURE,
        "Capture a copy of just what the closure needs, or pass it as an argument: a variable that is not "
        "assigned after it is captured, and is small, is copied into the closure.",
        "Necessary, if the closure and this function must see each other's changes."},
    [CATEGORY_CLOSURE] = {"the closure is kept, and all it captured with it", QUESTION_CLOSURE,
        "Pass what it needs as arguments, or use a method or a small struct in place of the closure.",
        "Necessary, if it is stored to be called later. Look at what it captures: all of that stays alive with it."},
    [CATEGORY_METHOD_VALUE] = {"a method value is a closure that holds its receiver", QUESTION_CLOSURE,
        "Call the method directly, or make the method value once and keep it.",
        "Necessary, if it is registered once and called often."},
    [CATEGORY_CHANNEL] = {"a pointer sent through a channel outlives the sender's frame", QUESTION_VALUE,
        "Send the value itself if it is small: the channel copies it.",
        "Necessary, if sender and receiver share what it points at, or it is too large to copy."},
    [CATEGORY_INTERFACE] = {"an interface value holds a pointer, so what is put into it gets storage of its own",
        QUESTION_MOVE,
        "Use a concrete type, a type parameter, or a call that takes the value's own type (strconv, AppendX) on hot paths.",
        "Necessary, where an interface is the point of the call (errors, logging, encoding) and it is not hot."},
    [CATEGORY_RETURNED] = {"it is returned, so it outlives the function", QUESTION_VALUE,
        "Return a value if it is small, or fill in one the caller hands over: then the caller decides where it lives.",
        "Necessary, if it is shared, changed by several, lives long, or nil means something."},
    [CATEGORY_IN_MAP] = {"a map keeps it", QUESTION_STORED,
        "Store values: map[K]T instead of map[K]*T makes no object per entry and gives the collector less to follow.",
        "Necessary, if entries are changed in place or shared with others."},
    [CATEGORY_IN_SLICE] = {"a slice that outlives the function keeps it", QUESTION_STORED,
        "Use a slice of values: one array instead of an object per element, and nothing for the collector to follow.",
        "Necessary, if elements are shared, must not move, or are large and often rearranged."},
    [CATEGORY_IN_STRUCT] = {"a struct that outlives the function points at it", QUESTION_STORED,
        "Make the field a value if it is small and belongs to that struct alone.",
        "Necessary, if it is shared, or nil means something."},
    [CATEGORY_IN_ELEMENT] = {"a map or slice that outlives the function keeps it", QUESTION_STORED,
        "Store values instead of pointers: no object per element.",
        "Necessary, if elements are shared or changed in place."},
    [CATEGORY_GLOBAL] = {"a package variable keeps it for as long as the process lives", QUESTION_STATE,
        "Pass it to those who need it, or make it part of a value they have.",
        "Necessary, if there is one of it in the process by nature."},
    [CATEGORY_ARGUMENT] = {"it is passed to a function that keeps it, or that the compiler cannot see through",
        QUESTION_REASON,
        "Look at what the callee does with it; a value parameter, or a direct call instead of one through an "
        "interface or function value, lets the compiler see that it stays.",
        "Necessary, if the callee keeps it on purpose."},
    [CATEGORY_STRING] = {"a new string or byte slice is made, and it outlives the function", QUESTION_MOVE,
        "Append to a byte slice that is reused (strconv.AppendInt, a bytes.Buffer), or keep the form it already has.",
        "Necessary, if the text is kept."},
    [CATEGORY_APPEND] = {"the slice outlives the function, so its array is made on the heap each time it grows",
        QUESTION_MOVE,
        "Make it with the capacity it will need, make([]T, 0, n), or let the caller hand in a slice to append to.",
        "Necessary once, when the capacity is right from the start."},
    [CATEGORY_OTHER] = {"the compiler cannot show that it stays", QUESTION_MOVE,
        "Follow the way out below; where it surprises, a smaller function or a value often ends it.",
        "Necessary, if it has to outlive the function."},
};
// clang-format on

#define X(id, rule, text) rule,
static const char *const RULE_IDS[] = {REVIEW_CATEGORIES(X)};
#undef X
#define X(id, rule, text) text,
static const char *const CATEGORY_TEXTS[] = {REVIEW_CATEGORIES(X)};
#undef X
#define X(id, text) text,
static const char *const QUESTION_TEXTS[] = {REVIEW_QUESTIONS(X)};
#undef X

const char *review_rule_id(Category c) { return RULE_IDS[c]; }
const char *review_category_text(Category c) { return CATEGORY_TEXTS[c]; }
const char *review_question_text(Question q) { return QUESTION_TEXTS[q]; }
const char *review_category_help(Category c) { return WORDS[c].because; }

// --- one finding's words ---

static Str copies_text(Arena *a, const EvidenceFinding *x) {
    Str text = STR("");
    if (x->inlined_copies)
        text = str_fmt(a, " %u inlined %s.", x->inlined_copies,
                       x->inlined_copies == 1 ? "copy is counted here" : "copies are counted here");
    if (x->instances)
        text = str_fmt(a, STR_FMT " %u more %s of the generic function.", STR_ARG(text),
                       x->instances, x->instances == 1 ? "instance" : "instances");
    return text;
}

static Str place_text(Arena *a, const EvidenceFinding *x) {
    if (!x->func.len) return STR("");
    return str_fmt(a, " in " STR_FMT, STR_ARG(x->func));
}

// What is made inside a function that was inlined from another package.
static Str via_text(Arena *a, const EvidenceFinding *x) {
    if (!x->via.len) return STR("");
    Str file = vec_last(&x->via).file;
    return str_fmt(a, " It is made by an inlined call, at " STR_FMT ":%u.",
                   STR_ARG(str_from(file, str_rfind_byte(file, '/') + 1)), vec_last(&x->via).line);
}

// The moments that matter little, whatever the category. Empty: it is an ordinary one.
static Str excuse(const Evidence *e, const EvidenceFinding *x) {
    if (x->flags & EVIDENCE_IN_PANIC)
        return STR("Leave it: it is made only on the way into a panic.");
    if (x->flags & EVIDENCE_AT_START)
        return STR("Necessary, because it is made once, when the package is initialised.");
    if (x->flags & EVIDENCE_IN_ERROR)
        return STR("Leave it: an error value has to outlive the function, and errors are rare. "
                   "Where they are not, a package-level error value costs nothing.");
    if (review_reuses(e, x))
        return STR("Leave it: the buffer is handed in or used again, and grows only when it is too "
                   "small. If it grows often, start with a larger one.");
    return STR("");
}

// Slices, maps and their arrays are no objects a value could replace: their answer is reuse.
static const CategoryWords MADE = {
    "", QUESTION_MOVE,
    "Make it once, with the size it will need, and use it again: clear(m), s[:0], a field, a "
    "sync.Pool.",
    "Necessary, if it is kept: then it is one object for all its elements."};

static const CategoryWords *words_of(const ReviewFinding *f) {
    switch ((int)f->category) {
    case CATEGORY_RETURNED:
    case CATEGORY_IN_STRUCT:
    case CATEGORY_IN_MAP:
    case CATEGORY_IN_SLICE:
    case CATEGORY_ARGUMENT:
    case CATEGORY_OTHER: return review_form(f->evidence) == FORM_MAKE ? &MADE : &WORDS[f->category];
    default: return &WORDS[f->category];
    }
}

static Str answer(Arena *a, const Review *r, const ReviewFinding *f) {
    const CategoryWords *w = words_of(f);
    Str excused = excuse(r->evidence, f->evidence);
    bool measured = r->ranking == RANK_PROFILE;
    if (measured && f->evidence->bytes == 0)
        return str_join2(a, STR("Leave it: the profile charges nothing to this line. "),
                         excused.len ? excused : str_c(w->fine));
    if (excused.len) return excused;
    return str_fmt(a, "%s %s", w->fix, w->fine);
}

void review_words(Arena *a, const Review *r, ReviewFinding *f) {
    const EvidenceFinding *x = f->evidence;
    const CategoryWords *w = &WORDS[f->category];
    f->question = words_of(f)->question;
    if (r->ranking == RANK_PROFILE && x->bytes == 0) f->question = QUESTION_HOTSPOT;
    f->message = str_fmt(a, STR_FMT STR_FMT " moves to the heap: %s." STR_FMT STR_FMT,
                         STR_ARG(f->what), STR_ARG(place_text(a, x)), w->because,
                         STR_ARG(via_text(a, x)), STR_ARG(copies_text(a, x)));
    f->answer = answer(a, r, f);
}
