// profile/account.h: what a sample is charged to (function, package, label), and the error of its
// values.
//
// A profile is an estimate. Go's heap profile meets an object of `size` bytes with probability
// 1-exp(-size/rate) and counts it 1/probability times, so `n` objects shown have the variance
// n/probability, and their bytes size^2 times that. A CPU profile's ticks vary as their number.
// Threads  one at a time.
#ifndef HEAPWISE_PROFILE_ACCOUNT_H
#define HEAPWISE_PROFILE_ACCOUNT_H

#include "profile/profile.h"

typedef enum ProfileBy {
    PROFILE_BY_FUNCTION,
    PROFILE_BY_PACKAGE,
    PROFILE_BY_STACK,
    PROFILE_BY_LABEL
} ProfileBy;

// Between the functions of a stack's name, the innermost first.
#define PROFILE_STACK_ARROW " < "

typedef struct ProfileCharge {
    Str name;                // the profile's text, or a constant; of a stack the text in the room
    const ProfileLine *leaf; // the innermost frame; NULL: there is none, or a label was asked for
} ProfileCharge;
// Decodes the sample's stack (or its labels: label is the key). A stack's name is written into
// `room` and good until the next call.
ProfileCharge profile_charge(Cursor *c, ProfileBy by, Str label, Buf *room);
// For a table: the innermost functions of a stack's name, and how many more there are.
Str profile_short_stack(Arena *a, Str name);
Str profile_package(Str function); // "example.com/x/y.(*T).F" -> "example.com/x/y"

typedef enum SamplingKind { SAMPLING_UNKNOWN, SAMPLING_HEAP, SAMPLING_TICKS } SamplingKind;

typedef struct ProfileSampling {
    SamplingKind kind;
    double rate;             // bytes between samples of a heap; units of the column per tick
    uint32_t objects, space; // columns of a heap's pair
    bool bytes;              // the column judged is the space one
} ProfileSampling;

int profile_column(const Profile *p, Str type); // -1: none
ProfileSampling profile_sampling(Arena *a, const Profile *p, uint32_t value);
double profile_variance(const ProfileSampling *s, const Cursor *c, uint32_t value);

#endif
