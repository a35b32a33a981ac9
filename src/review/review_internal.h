// review/review_internal.h: what the files of this folder share.
#ifndef HEAPWISE_REVIEW_REVIEW_INTERNAL_H
#define HEAPWISE_REVIEW_REVIEW_INTERNAL_H

#include "review/review.h"

// What kind of thing moves, from its text.
typedef enum Form {
    FORM_VARIABLE,
    FORM_POINTER,  // &T{}, new(T)
    FORM_MAKE,     // make(...), []T{...}, map literals
    FORM_FUNC,     // func literal
    FORM_VARIADIC, // ... argument
    FORM_APPEND,
    FORM_STRING, // concatenations and conversions that copy bytes
    FORM_METHOD, // x.M as a value
    FORM_BOXED,  // any other expression: it is copied into an interface value
} Form;

Form review_form(const EvidenceFinding *x);
Form review_carrier(Str expr); // of something made on the way: by its text alone
bool review_reuses(const Evidence *e, const EvidenceFinding *x);
Category review_category(const Evidence *e, const EvidenceFinding *x);
ReviewStepVec review_flow(Arena *a, const Evidence *e, const EvidenceFinding *x);
// The variable at the end of the way that is on the heap itself; NULL: the way ends otherwise.
const EngineMove *review_holder(const Evidence *e, const EvidenceFinding *x);
// The callee of "f(x, y)", of "a.b.f(x)", or empty.
Str review_callee(Str call);
const EngineNote *review_last_note(const EngineMove *m); // NULL: none

void review_words(Arena *a, const Review *r, ReviewFinding *f); // message, question and answer

#endif
