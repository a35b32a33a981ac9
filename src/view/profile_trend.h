// view/profile_trend.h: several snapshots as a page (heapwise.profile-trend/1).
#ifndef HEAPWISE_VIEW_PROFILE_TREND_H
#define HEAPWISE_VIEW_PROFILE_TREND_H

#include "doc/doc.h"
#include "profile/trend.h"

typedef struct ProfileTrendPage {
    const Trend *trend;
    uint32_t top; // rows of a table; 0: all
} ProfileTrendPage;
void view_profile_trend(Doc *d, const ProfileTrendPage *page);

#endif
