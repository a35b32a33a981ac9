// view/pprof.h: the reports of `go tool pprof`, byte for byte: settings, filters, and the text each
// command prints. Reading sources, running programs and talking to the user is the caller's.
// Owns     a report's memory is the arena it is made in; it changes the Profile it is given.
#ifndef HEAPWISE_VIEW_PPROF_H
#define HEAPWISE_VIEW_PPROF_H

#include "codec/regex.h"
#include "doc/doc.h"
#include "profile/graph.h"

// ---- settings: flags of the command line, variables of the shell

typedef struct PprofConfig {
    Str output, unit, source_path, trim_path, sample_index, sort, tagroot, tagleaf, granularity;
    Str focus, ignore, prune_from, hide, show, show_from, tagfocus, tagignore, tagshow, taghide;
    bool call_tree, relative_percentages, compact_labels, intel_syntax, mean, normalize;
    bool drop_negative, trim, noinlines, showcolumns;
    int64_t nodecount;
    double divide_by, nodefraction, edgefraction;
} PprofConfig;

typedef enum SettingKind {
    SETTING_BOOL,
    SETTING_INT,
    SETTING_FLOAT,
    SETTING_TEXT,
    SETTING_CHOICE
} SettingKind;

typedef struct Setting {
    const char *name;
    SettingKind kind;
    size_t offset;          // in PprofConfig
    const char *choices[6]; // of SETTING_CHOICE, NULL at the end
    const char *help;       // one line
} Setting;

extern const Setting pprof_settings[];
extern const uint32_t pprof_setting_count;

PprofConfig pprof_config_default(void);
const Setting *pprof_setting(Str name); // by its name or by one of its choices; NULL: none
// Sets by name, as the shell does: "focus" to a text, "cum" to "true". Words as pprof's on failure.
Err pprof_config_set(Arena *a, PprofConfig *c, Str name, Str value);
Str pprof_config_get(Arena *a, const PprofConfig *c, const Setting *s);
bool pprof_parse_bool(Str word, bool *out); // the shell's words: yes, no, t, 1, ""
Str pprof_quote(Arena *a, Str s);           // as Go's %q

// ---- commands

#define PPROF_FORMATS(X)                                                                           \
    X(COMMENTS)                                                                                    \
    X(DISASM)                                                                                      \
    X(DOT)                                                                                         \
    X(LIST) X(TREE) X(RAW) X(TAGS) X(TEXT) X(TRACES) X(CALLGRIND) X(PROTO) X(TOPPROTO) X(WEBLIST)
#define X(id) PPROF_##id,
typedef enum PprofFormat { PPROF_FORMATS(X) } PprofFormat;
#undef X

// What becomes of a report once it is made.
typedef enum PprofAfter { AFTER_PRINT, AFTER_FILE, AFTER_DRAW, AFTER_SHOW } PprofAfter;

typedef struct PprofCommand {
    const char *name;
    PprofFormat format;
    bool wants_expression;
    PprofAfter after;    // AFTER_FILE: never to a terminal; AFTER_DRAW: through the graph drawer
    const char *drawing; // "svg", "png": of AFTER_DRAW and AFTER_SHOW; NULL: as it is
    const char *suffix;  // of the file
    const char *help;
} PprofCommand;

extern const PprofCommand pprof_commands[];
extern const uint32_t pprof_command_count;
const PprofCommand *pprof_command(Str name);

// ---- a report

// How the report gets at files: view does no I/O of its own.
typedef struct PprofFiles {
    void *ctx;
    Err (*read)(void *ctx, Arena *a, Str path, Str *out); // words as Go's os.Open
    // Where pprof finds none: in GOROOT, the module cache, the modules around here.
    bool (*find)(void *ctx, Arena *a, Str path, Str *out);
    Str directory; // where relative sources are searched
} PprofFiles;

typedef struct PprofReport {
    Arena *arena;
    Profile *p;
    const PprofCommand *command;
    PprofConfig cfg; // with what the command forces
    PprofFiles files;
    Buf *messages; // for standard error
    Buf early;     // for standard output, before the report and even without one
    bool compat;   // pprof's answer where ours differs on purpose
    bool no_tags;
    Regex *symbol; // the command's argument
    Str symbol_text;
    uint32_t value;
    int divisor;
    Str type, unit; // of the values shown
    Str output_unit;
    double ratio;
    StrVec filters;     // for the legend
    StrMap label_units; // label key -> place in label_unit_names
    StrVec label_unit_names;
    int64_t total;
    bool total_pending; // the graph will find it
    Graph graph;
    uint32_t node_count, dropped_nodes, dropped_edges;
} PprofReport;

// Applies the filters to p (which changes) and finds the totals. argument is the command's, or
// empty.
typedef struct PprofRequest {
    Profile *p;
    const PprofCommand *command;
    Str argument;
    PprofConfig cfg;
    PprofFiles files;
    bool compat;
    bool json;    // as data (view_pprof_json)
    bool no_tags; // a graph without the boxes of its labels, which cost more than the graph
} PprofRequest;
Err pprof_report(Arena *a, const PprofRequest *request, Buf *messages, PprofReport *out);
Err pprof_print(PprofReport *r, Buf *out);
// The lines at the head of a report: file, type, time.
StrVec pprof_profile_labels(PprofReport *r);

// ---- shared by the printers

void pprof_trimmed_graph(PprofReport *r); // fills graph and what was dropped; chooses the unit
void pprof_full_graph(PprofReport *r);    // nothing trimmed
// What several nodes amount to; with -mean the mean over all of their samples.
typedef struct PprofSum {
    int64_t flat, div;
} PprofSum;
void pprof_sum_add(const PprofReport *r, PprofSum *s, const GraphNode *n);
int64_t pprof_sum(const PprofSum *s);
StrVec pprof_labels(PprofReport *r, bool full);
Str pprof_value(const PprofReport *r, Arena *a, int64_t v);
Str pprof_value_or_dot(const PprofReport *r, Arena *a, int64_t v);
void pprof_pad(Buf *b, Str s, size_t width); // at the right of width columns, as Go's %10s
Str pprof_base(Str path);                    // Go's filepath.Base
Str pprof_trim_path(Arena *a, Str path, Str trim, Str search);
int64_t pprof_i64(double v);

// By node: how the calls into it that weigh enough were made.
enum { CALL_INLINED = 1, CALL_PLAIN = 2 };
uint8_t *pprof_call_kinds(const Graph *g, Arena *a);
// As data instead of text (heapwise.pprof/1): of -top, -tree, -peek and -dot.
Err view_pprof_json(Doc *d, PprofReport *r);

Err pprof_print_text(PprofReport *r, Buf *out);
Err pprof_print_tree(PprofReport *r, Buf *out);
Err pprof_print_traces(PprofReport *r, Buf *out);
Err pprof_print_raw(PprofReport *r, Buf *out);
Err pprof_print_tags(PprofReport *r, Buf *out);
Err pprof_print_dot(PprofReport *r, Buf *out);
Err pprof_print_callgrind(PprofReport *r, Buf *out);
Err pprof_print_topproto(PprofReport *r, Buf *out);
Err pprof_print_list(PprofReport *r, Buf *out);
Err pprof_print_disasm(PprofReport *r, Buf *out);
Err pprof_print_weblist(PprofReport *r, Buf *out);
// A source file as pprof looks for it: in the source path and above.
Err pprof_open_source(PprofReport *r, Str path, Str *out);
Str pprof_short_name(Arena *a, Str name); // of a function, for a graph

#endif
