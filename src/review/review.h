// review/review.h: findings judged: the guide's category of each, the question of its checklist it
// fails, an answer, and an order by evidence.
// Owns     everything lives in the arena given and refers to the Evidence it was made from.
#ifndef HEAPWISE_REVIEW_REVIEW_H
#define HEAPWISE_REVIEW_REVIEW_H

#include "evidence/evidence.h"

// clang-format off
// X(ID, rule id, words)
#define REVIEW_CATEGORIES(X)                                                                       \
    X(TOO_LARGE,    "too-large",         "too large for the stack")                                \
    X(UNKNOWN_SIZE, "unknown-size",      "size not known at compile time")                         \
    X(GOROUTINE,    "goroutine",         "goroutine")                                              \
    X(CAPTURED,     "closure-capture",   "captured by a closure")                                  \
    X(CLOSURE,      "closure",           "closure that survives")                                  \
    X(METHOD_VALUE, "method-value",      "method value")                                           \
    X(CHANNEL,      "channel-send",      "sent through a channel")                                 \
    X(INTERFACE,    "interface",         "converted to an interface")                              \
    X(RETURNED,     "returned-pointer",  "returned pointer")                                       \
    X(IN_MAP,       "stored-in-map",     "stored in a map")                                        \
    X(IN_SLICE,     "stored-in-slice",   "stored in a slice")                                      \
    X(IN_STRUCT,    "stored-in-struct",  "stored in a struct")                                     \
    X(IN_ELEMENT,   "stored-in-element", "stored in a map or slice")                               \
    X(GLOBAL,       "stored-in-global",  "stored in a package variable")                           \
    X(ARGUMENT,     "leaking-argument",  "passed to a function that keeps it")                     \
    X(STRING,       "string",            "string made")                                            \
    X(APPEND,       "append",            "slice grown")                                            \
    X(OTHER,        "other",             "moves to the heap")

// The guide's checklist, X(ID, question).
#define REVIEW_QUESTIONS(X)                                                                        \
    X(VALUE,    "Would a value do instead of a pointer?")                                          \
    X(SMALL,    "Is it small enough to copy?")                                                     \
    X(REASON,   "Does it need shared mutation, a long life or a meaningful nil?")                  \
    X(MOVE,     "Is this heap move expected?")                                                     \
    X(CLOSURE,  "Does a closure keep data alive?")                                                 \
    X(STORED,   "Are pointers stored without a reason?")                                           \
    X(STATE,    "Is this package state truly process-wide?")                                       \
    X(HOTSPOT,  "Did the profile confirm the hotspot?")                                            \
    X(READABLE, "Is the code still readable after the change?")
// clang-format on

#define X(id, rule, text) CATEGORY_##id,
typedef enum Category { REVIEW_CATEGORIES(X) CATEGORY_COUNT } Category;
#undef X
#define X(id, text) QUESTION_##id,
typedef enum Question { REVIEW_QUESTIONS(X) QUESTION_COUNT } Question;
#undef X

// One step of the way out, in words.
typedef struct ReviewStep {
    Str text, why; // why: the compiler's word
    EnginePos pos; // innermost position inside the packages reviewed; line 0: none
} ReviewStep;
typedef VEC(ReviewStep) ReviewStepVec;

typedef struct ReviewFinding {
    const EvidenceFinding *evidence;
    Category category;
    Question question;
    Str what;    // what moves, as a reader would write it
    Str message; // one sentence: what moves where, and why
    Str answer;  // what to do, or why nothing
    ReviewStepVec flow;
    int coldness; // 0: ordinary; more: runs seldom, or is meant to be so
    Str id;       // stays the same while the code around it does
    double share; // of the profile's bytes, in percent; -1 without a profile
} ReviewFinding;

typedef enum Ranking {
    RANK_PROFILE, // bytes charged to the line
    RANK_LOOPS,   // loop depth, then functions that reach it
} Ranking;

typedef struct Review {
    const Evidence *evidence;
    Ranking ranking;
    VEC(ReviewFinding) findings; // best evidence first
    uint32_t by_category[CATEGORY_COUNT];
} Review;

Review *review_make(Arena *a, const Evidence *e);
// Drops findings that take memory less certainly; what is not known stays.
void review_keep(Review *r, EngineCostClass least);

// The bytes of a finding when figures are summed: a line's are counted at its first finding only.
int64_t review_own_bytes(const Review *r, uint32_t finding);
bool review_is_cold(const ReviewFinding *f); // runs once, or on the way to an error

const char *review_rule_id(Category c);
const char *review_category_text(Category c);
const char *review_question_text(Question q);
const char *review_category_help(Category c); // why that moves things to the heap

// ---- the gate

// --fail-on: "any", "N" (more than N findings), "RULE" (a finding of that category), "share=P"
// (a finding with at least P percent of the profile's bytes), "bytes=N", joined by commas.
typedef struct FailOn {
    bool set;
    uint64_t more_than;
    bool counts;
    bool categories[CATEGORY_COUNT];
    double share; // 0: not asked
    int64_t bytes;
    bool has_bytes;
} FailOn;

Err review_parse_fail_on(Arena *a, Str spec, FailOn *out);
// The findings that trip the gate; 0: it holds.
uint32_t review_failures(const Review *r, const FailOn *f);

#endif
