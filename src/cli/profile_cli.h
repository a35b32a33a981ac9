// cli/profile_cli.h: the subcommands of `heapwise profile`, one file each, and what they share.
#ifndef HEAPWISE_CLI_PROFILE_CLI_H
#define HEAPWISE_CLI_PROFILE_CLI_H

#include "cli/cli.h"
#include "profile/account.h"
#include "view/pprof.h"
#include "view/profile_page.h"

Err cli_profile_gate(Cli *cli, Status *status);
Err cli_profile_page(Cli *cli, Status *status);
Err cli_profile_trend(Cli *cli, Status *status);
Err profile_parse_by(Cli *cli, ProfileBy *out, Str *label); // --by

// Several profiles of one kind, each from a file, a URL or a process; a base may follow them.
typedef struct ProfileSet {
    Arena *arena;
    Profile *list;
    const Profile **at; // the same
    ProfilePageSide *sides;
    uint32_t count;
    int base; // place of the base, -1: none
} ProfileSet;
// Where one comes from: a file, a URL, pid:PID; bytes: it was fetched before.
typedef struct ProfileSource {
    Str word, bytes;
} ProfileSource;
typedef VEC(ProfileSource) ProfileSourceVec;
// Reads them in this order, all or none, and makes their types equal.
Err profile_set_read(Arena *a, const ProfileSourceVec *sources, Str base, ProfileSet *out);
void profile_set_free(ProfileSet *s);
// Leaves in each what the filters of cfg leave; what is said of them goes to messages.
Err profile_set_filter(ProfileSet *s, const PprofConfig *cfg, Buf *messages);

// The page of a set, at most PROFILE_PAGE_BYTES large. type is a sample type's name, or empty.
enum { PROFILE_PAGE_BYTES = 1500000 };
Str profile_set_title(const ProfileSet *s);
typedef struct ProfilePageWish {
    Str type, title;
    const DocStackForm *form; // NULL: none
} ProfilePageWish;
Err profile_page_html(ProfileSet *s, const ProfilePageWish *wish, Str *out);

// Finds source files where a profile says they are, or where the same file is on this machine.
typedef struct SourceFinder SourceFinder;
SourceFinder *source_finder_new(Arena *a);
bool source_find(void *finder, Arena *a, Str path, Str *out); // for ProfileSources

#endif
