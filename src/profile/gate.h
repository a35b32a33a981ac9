// profile/gate.h: two profiles, old and new: what grew, by function, package or label, and whether
// the growth is more than a sampled profile wavers by itself.
// Owns     results in the arena given, texts too: the profiles may be freed.
// Threads  one at a time.
#ifndef HEAPWISE_PROFILE_GATE_H
#define HEAPWISE_PROFILE_GATE_H

#include "profile/account.h"

// How much a name may grow.
typedef struct ProfileLimit {
    const Regex *names; // it holds for; NULL: all
    bool never;         // any amount is fine
    double share;       // of the old value, added to
    double amount;      // in the column's unit
} ProfileLimit;
typedef VEC(ProfileLimit) ProfileLimitVec;

typedef struct ProfileGateRules {
    Str value; // the column, empty: the new profile's default
    ProfileBy by;
    Str label;              // of PROFILE_BY_LABEL
    double alpha;           // chance of even one false finding, over all names
    bool new_sites;         // a name only the new profile has is a finding whatever its limit
    ProfileLimitVec limits; // the first that fits a name holds; one without names stands last
} ProfileGateRules;

// clang-format off
#define PROFILE_VERDICTS(X)                                                                        \
    X(WORSE, "worse") X(UNSURE, "may be noise") X(BETTER, "better") X(SAME, "same")
// clang-format on
#define X(id, text) PROFILE_##id,
typedef enum ProfileVerdict { PROFILE_VERDICTS(X) } ProfileVerdict;
#undef X
const char *profile_verdict_text(ProfileVerdict v);

typedef struct ProfileRow {
    Str name;
    Str file; // where the first of its samples is; empty when not known
    int64_t line;
    int64_t sides[2]; // old, new
    double variance[2];
    bool seen[2]; // a side has samples of it
    double limit; // allowed growth; negative: any
    double p;     // chance of such a growth beyond the limit by sampling alone, all names counted
    ProfileVerdict verdict;
} ProfileRow;

typedef struct ProfileGate {
    VEC(ProfileRow) rows; // [0] is the whole profile; then by change, largest first
    ProfileType type;
    bool sampled[2]; // the error of that side is known; else its values are taken as exact
    size_t count[4]; // by verdict
} ProfileGate;

Err profile_gate(Arena *a, const Profile *old, const Profile *now, const ProfileGateRules *rules,
                 ProfileGate *out);

#endif
