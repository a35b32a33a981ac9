// view/profile_gate.h: what grew between two profiles, as a page (heapwise.profile-gate/1).
#ifndef HEAPWISE_VIEW_PROFILE_GATE_H
#define HEAPWISE_VIEW_PROFILE_GATE_H

#include "doc/doc.h"
#include "profile/gate.h"

typedef struct ProfileGatePage {
    const ProfileGate *gate;
    Str path; // of the new profile: where a finding without a source line stands
    bool all; // rows that are the same, too
} ProfileGatePage;
void view_profile_gate(Doc *d, const ProfileGatePage *page);

#endif
