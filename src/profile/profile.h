// profile/profile.h: a pprof profile in memory, packed: heap, allocs, and every other kind.
// Owns     profile_decode and friends fill a Profile whose tables live in the arena given; its
// sample
//          bytes are the decompressed file itself (or a buffer of the same form), freed by
//          profile_free.
// Samples  stay as they were written (runs of protocol buffer messages): a Cursor decodes one at a
//          time, and a sample whose value is 0 is passed over without looking at its stack.
// Ids      functions, locations and mappings are places in their tables from 1 on; 0 is none.
// Failure  Err with the words pprof uses; what is accepted is sound (profile_check).
// Threads  a Profile is read by one thread at a time.
#ifndef HEAPWISE_PROFILE_PROFILE_H
#define HEAPWISE_PROFILE_PROFILE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/index.h"
#include "codec/inflate.h"
#include "codec/regex.h"

// A compressed profile may not grow past this many bytes.
#define PROFILE_LIMIT_BYTES ((size_t)1 << 30)

typedef struct ProfileType {
    Str type, unit; // "inuse_space", "bytes"
} ProfileType;

typedef struct ProfileMapping {
    uint64_t id, start, limit, offset;
    Str file, build_id;
    bool has_functions, has_files, has_lines, has_inlines;
} ProfileMapping;

typedef struct ProfileFunction {
    uint64_t id;
    Str name, system_name, file;
    int64_t start_line;
} ProfileFunction;

typedef struct ProfileLine {
    int64_t line, column;
    uint32_t function;
} ProfileLine;

// One address of a stack. Its lines are the inlined frames there, innermost first.
typedef struct ProfileLocation {
    uint64_t id, address;
    uint32_t mapping;
    uint32_t first_line, line_count; // in Profile.lines
    bool folded;
} ProfileLocation;

// From the ids of a file to places in a table: nothing at all when id and place are the same.
typedef struct ProfileIds {
    bool same; // id == place for 1..count
    uint32_t count;
    uint32_t *dense; // by id, when ids are not much larger than the table
    uint64_t dense_len;
    Index sparse;      // else: hash of the id -> place
    const void *table; // of elements that begin with their id
    size_t elem;
} ProfileIds;

typedef VEC(ProfileMapping) ProfileMappingVec;
typedef VEC(ProfileFunction) ProfileFunctionVec;
typedef VEC(ProfileLocation) ProfileLocationVec;
typedef VEC(ProfileLine) ProfileLineVec;
typedef VEC(ProfileType) ProfileTypeVec;

// The samples that are not 0 in one column, when they are few: 3 % of a heap profile's are in use.
typedef struct SampleMark {
    const uint8_t *at; // the sample's field
    uint32_t size_bytes;
    uint32_t number; // from 1
} SampleMark;
typedef struct SampleMarks {
    SampleMark *v;
    uint32_t len, cap;
    bool known; // false: any sample may count
} SampleMarks;
enum { PROFILE_MARKED_COLUMNS = 8 };

// Of a profile that lies in a mapped file: called now and then while its bytes are walked, so that
// the pages behind may go back to the system. They are read again when they are looked at again.
typedef struct ProfileRelease {
    void (*call)(void *ctx); // NULL: nothing to give back
    void *ctx;
} ProfileRelease;
enum { PROFILE_RELEASE_BYTES = 8 << 20 };

typedef struct Profile {
    Arena *arena;
    Inflated owned; // the bytes samples and strings point into, when they are ours
    ProfileRelease release;
    Str text;        // the file, of one of the older forms
    Inflated owned2; // the samples of a merged or filtered profile
    Inflated owned3; // its values, when they are in value_table
    ProfileTypeVec types;
    uint32_t raw_types;         // values written per sample; types.len unless columns is set
    const uint32_t *columns;    // value i is the columns[i]-th written; NULL: all, as they are
    VEC(const double *) scales; // applied one after the other, each rounded; then 0 samples vanish
    int64_t *value_table;       // of a merged profile: values stand here, not in the samples
    Str all_key, all_text;      // a text label every sample has (it replaces one of that key)
    Str default_type;
    StrVec strings;             // [0] is ""
    ProfileMappingVec mappings; // [0] is none, here and below
    ProfileFunctionVec functions;
    ProfileLocationVec locations;
    ProfileLineVec lines; // [0] is a real line
    ProfileIds location_ids;
    StrVec runs;                               // bytes of consecutive samples
    SampleMarks marks[PROFILE_MARKED_COLUMNS]; // by column as written
    uint64_t sample_count;
    uint32_t max_depth; // locations in the deepest stack
    bool zero_labels;   // a label without text is a number even when it is 0
    bool doubtful;      // samples must be validated one by one
    bool has_units;     // some numeric label names its unit
    StrVec comments;
    Str doc_url, drop_frames, keep_frames;
    int64_t time_nanos, duration_nanos, period;
    ProfileType period_type;
} Profile;

// ---- reading

// A profile as found in a file: gzip or plain protobuf, or one of the legacy forms.
Err profile_read(Arena *a, Str file, Profile *out);
// The same in two steps, so that the caller may let go of the compressed file in between. The
// second takes the bytes over, whatever comes of it. source: of the memory, NULL: malloc.
Err profile_unpack(Arena *a, Str gzip_file, const ArenaSource *source, Inflated *out);
Err profile_read_unpacked(Arena *a, Inflated *bytes, Profile *out);
// Bytes that are not compressed, of either form, in a mapped file that outlives the profile.
Err profile_read_mapped(Arena *a, Str bytes, ProfileRelease release, Profile *out);
// Only the protobuf form, not compressed; bytes must live as long as the profile.
Err profile_decode(Arena *a, Str bytes, Profile *out);
// The older text and binary forms (heap, heap_v2, growth, count, thread, contention, CPU, Java).
Err profile_legacy(Arena *a, Str bytes, Profile *out);
// Of Go's text forms: names for their addresses from the comments below each stack, which pprof
// does not read. False: there are none.
bool profile_name_from_text(Profile *p);
void profile_free(Profile *p);
// Ends the program when an accepted profile is not sound (used by the fuzz target).
void profile_check(const Profile *p);
// The rules a profile must obey before it is used, in pprof's words; NULL when it does.
Err profile_validate(const Profile *p, Arena *a);

// ---- samples

typedef struct ProfileLabel {
    Str key, text;  // text of a string label
    int64_t number; // of a numeric one
    Str unit;
    bool numeric;
    bool has_units; // the key has units in this sample (those of others are "")
} ProfileLabel;
typedef VEC(ProfileLabel) ProfileLabelVec;

typedef struct Cursor {
    const Profile *p;
    uint32_t run;
    const uint8_t *at, *end;          // left of the run
    const uint8_t *field;             // where the current sample begins, its key included
    const uint8_t *msg, *msg_end;     // the current sample
    const uint8_t *stack, *stack_end; // its packed location ids; NULL: they are scattered
    const uint8_t *label;             // first label, NULL: none
    int64_t *raw;                     // values as written
    int64_t *values;                  // of the current sample, one per type
    uint32_t *locations;              // filled by cursor_stack, leaf first
    uint32_t depth;
    uint64_t number;                   // of the current sample, from 1
    const uint8_t *released;           // pages up to here have been given back
    const SampleMark *mark, *mark_end; // the samples left; see cursor_only
    bool marked;
    ProfileLabelVec labels; // filled by cursor_labels
    Arena *arena;
} Cursor;

Cursor cursor_new(const Profile *p, Arena *scratch);
bool cursor_next(Cursor *c); // values and the places of the rest; false at the end
// Before the first cursor_next: samples that are 0 in this column may be left out. Says whether
// they are, which makes a walk over the others cheap.
bool cursor_only(Cursor *c, uint32_t column);
// Where the current sample is, and going back there: cursor_next gives it again.
typedef struct CursorMark {
    const uint8_t *at, *end;
    uint64_t number;
} CursorMark;
CursorMark cursor_mark(const Cursor *c);
void cursor_return(Cursor *c, CursorMark mark);
void cursor_stack(Cursor *c); // decodes the locations
// The same, outermost first, from one sample to the next: `shared` of the locations are those of
// the sample before. Uses the cursor's locations for itself.
typedef struct Path {
    uint32_t *locations, depth, shared;
    const uint8_t *stack, *stack_end; // where they were decoded from; NULL: not from one place
    uint32_t *ends;                   // by location: bytes from where it begins to the stack's end
    uint32_t *fresh;
} Path;
Path path_new(const Profile *p, Arena *scratch);
void cursor_path(Cursor *c, Path *path);
uint64_t cursor_value_count(const Cursor *c); // as written, which may not be one per type
// Decodes the labels: text labels by key, then numeric ones by key; order within a key is kept.
void cursor_labels(Cursor *c);
bool cursor_has_label(Cursor *c, Str key, Str text); // after cursor_labels
// Without cursor_labels, for samples that have few; false at once when the profile lacks the words.
bool cursor_is_labelled(Cursor *c, Str key, Str text);
bool profile_may_have_label(const Profile *p, Str key);

uint32_t profile_location_at(const ProfileIds *ids, uint64_t id); // 0: no such location

// The column of a sample type by name, by number, or "" for the default; -1 and pprof's words in
// *why.
int profile_value_index(const Profile *p, Str name, Arena *a, Str *why);

// ---- changing (all keep the order of samples)

// Builds the samples of a new or changed profile.
typedef struct SampleSink {
    Profile *p;
    char *ptr;
    size_t len, cap;
    uint64_t count;
    uint32_t max_depth;
    StrMap strings; // text -> string number of p
    bool strings_ready;
} SampleSink;

SampleSink sink_new(Profile *p);
void sink_add(SampleSink *s, const uint32_t *locations, uint32_t depth, const int64_t *values,
              Str label_bytes);
// Label messages as sink_add wants them; text is interned in the profile.
void sink_labels(SampleSink *s, const ProfileLabelVec *labels, Buf *out);
void sink_finish(SampleSink *s); // p's samples are now the sink's
uint64_t profile_location_id(const Profile *p, uint32_t location);
// Gives every location the id of its place (after tables were rebuilt).
void profile_number(Profile *p);

// Several profiles as one; they must agree in their types (see profile_agree). Samples with equal
// stacks and labels become one; all-zero samples are dropped and tables hold only what is used.
typedef struct Merger Merger;
Merger *merger_new(Arena *a);
// Leaves out samples that are 0 in all of these columns (a bit each): for a report of those alone.
void merger_only(Merger *m, uint64_t columns);
Err merger_add(Merger *m, const Profile *src); // src may be freed afterwards
void merger_finish(Merger *m, Profile *out);   // frees the merger
void merger_free(Merger *m);                   // instead of merger_finish
// Makes the sample types, units and periods of profiles equal, as far as they are comparable.
Err profile_agree(Arena *a, Profile *const *profiles, uint32_t count);
bool profile_same_types(const Profile *x, const Profile *y); // merging needs no profile_agree

void profile_scale(Profile *p, double ratio);                     // drops samples that become 0
Err profile_normalize(Arena *a, Profile *p, const Profile *base); // to base's totals
void profile_label_all(Profile *p, Str key, Str text); // sets a text label on every sample

void profile_ratio(Profile *p, double ratio); // every value times ratio, cut to whole numbers

// What of a frame is kept.
typedef struct ProfileGrain {
    bool inlines, function, file, line, column, address;
} ProfileGrain;
void profile_aggregate(Profile *p, const ProfileGrain *grain);
void profile_drop_frames(Profile *p); // drop_frames/keep_frames applied

// Labels a sample must (or must not) have: a range of numbers, or expressions.
typedef struct TagFilter {
    bool has_key;
    Str key;
    bool range;
    double low, high; // both included
    Str unit;
    Regex *expressions[16]; // without a key all must match "key:text"; with one any must match text
    uint32_t expression_count;
} TagFilter;

typedef struct ProfileFilter {
    Regex *focus, *ignore, *hide, *show, *show_from, *prune_from, *tag_show,
        *tag_hide; // NULL: none
    TagFilter *tag_focus, *tag_ignore;
    const StrMap *units; // label key -> unit number in unit_names
    const StrVec *unit_names;
} ProfileFilter;

typedef struct ProfileMatches {
    bool focus, ignore, hide, show, show_from, tag_focus, tag_ignore, tag_show, tag_hide;
} ProfileMatches;
ProfileMatches profile_filter(Profile *p, const ProfileFilter *filter);

// Frames made of labels: `roots` outside the stack, the first key outermost; `leaves` inside it,
// the last key innermost. Says whether any sample had one of the keys.
typedef struct TagFrames {
    bool root, leaf;
} TagFrames;
TagFrames profile_tag_frames(Profile *p, const StrVec *roots, const StrVec *leaves, Str unit);

// The unit of each numeric label key: the first written, else guessed from the key. Units that came
// later and differ are listed in `ignored` ("key" then its units, joined with ", ").
void profile_label_units(const Profile *p, Arena *a, StrMap *units, StrVec *names, StrVec *ignored);

// ---- writing

Str profile_encode(const Profile *p, Arena *a); // protobuf, not compressed, as pprof orders it
// Copies the tables (not the samples), so that one of two may be aggregated or filtered.
void profile_fork(const Profile *p, Arena *a, Profile *out);

// ---- units

double measure_scale(int64_t value, Str from, Str to, Str *unit);
Str measure_label(Arena *a, int64_t value, Str from, Str to); // "12.50MB"
Str measure_percent(Arena *a, int64_t value, int64_t total);  // " 5.03%"
bool measure_comparable(Str x, Str y);                        // units of one kind, or equal

#endif
