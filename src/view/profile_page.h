// view/profile_page.h: profiles as a page to look around in: the call tree of profile/calltree.h
// with the source of its heaviest functions.
#ifndef HEAPWISE_VIEW_PROFILE_PAGE_H
#define HEAPWISE_VIEW_PROFILE_PAGE_H

#include "doc/stacks.h"
#include "profile/calltree.h"

typedef struct ProfilePageSide {
    Str name;
    int64_t time_nanos, duration_nanos;
    uint64_t samples;
} ProfilePageSide;

// Reads the source file a profile names; false: it is not here.
typedef struct ProfileSources {
    void *ctx;
    bool (*read)(void *ctx, Arena *a, Str path, Str *out);
} ProfileSources;

typedef struct ProfilePage {
    const CallTree *tree;
    const ProfilePageSide *sides; // as many as the tree's
    uint32_t side;                // shown first
    int base;                     // compared with at first, -1: none
    uint32_t type;                // shown first
    uint32_t most_functions;      // besides those of the tree, the heaviest
    size_t source_bytes;          // at most
    ProfileSources sources;
    const StrVec *drawings; // SVG by type, empty: none
    Str note;
    const DocStackForm *form; // NULL: none
} ProfilePage;

// The tree must outlive the page.
void view_profile_page(Doc *d, const ProfilePage *page);

#endif
