// cli/pprof_cli.h: the parts of `heapwise pprof`: the command line, the sources, the shell,
// drawings.
#ifndef HEAPWISE_CLI_PPROF_CLI_H
#define HEAPWISE_CLI_PPROF_CLI_H

#include "cli/cli.h"
#include "sys/file.h"
#include "view/pprof.h"

typedef struct PprofLine {
    StrVec sources;
    Str exec_name, build_id, base, diff_base, symbolize, comment, http, tools;
    Str tls_cert, tls_key, tls_ca;
    int64_t seconds, timeout;
    bool json;             // the report as data
    bool enable_profiling; // of pid:PID
    Str heap_text;         // file; likewise
    bool low_mem;          // a compressed file goes through a temporary one
    bool compat;           // pprof's answer where ours differs on purpose
    PprofConfig cfg;
    const PprofCommand *command; // NULL: the shell
    Str argument;
} PprofLine;

// Reads the command line as pprof's own parser does. *help: only the usage was asked for.
typedef struct PprofWords {
    char *const *argv;
    int argc;
} PprofWords;
Err pprof_parse_line(Arena *a, PprofWords words, Buf *messages, PprofLine *out, bool *help);
Str pprof_usage(Arena *a);

// Reads, merges, subtracts and names what the line asks for.
Err pprof_fetch(Arena *a, const PprofLine *line, Buf *messages, Profile *out);
// One source: a file, a URL, a process. *remote is set for the last two.
typedef struct PprofFetch {
    const PprofLine *line;
    Buf *messages;
} PprofFetch;
Err pprof_read_source(Arena *a, const PprofFetch *f, Str source, Profile *out, bool *remote);
Err pprof_save(Arena *a, const Profile *p, Buf *messages); // a copy of what was fetched

// Has each mapping name a binary of $PPROF_BINARY_PATH (else of $HOME/pprof/binaries) where one is.
void pprof_find_binaries(Profile *p, Buf *messages);
// Gives the locations of a mapping the names its binary has for them.
Err pprof_name_mapping(Profile *p, uint32_t mapping);

// Takes the map over. The profile lies in a file, and little of it in memory.
Err pprof_read_low(Arena *a, FileMap *map, Profile *out);

PprofFiles pprof_files(Arena *a);

// Makes and delivers one report; what goes to standard output is appended to out.
typedef struct PprofSink {
    Buf *out, *messages;
    bool shell; // programs that show a report run in the background
} PprofSink;
Err pprof_run_report(Arena *a, const PprofRequest *request, PprofSink *sink);

// Graphviz, in this process.
Err draw_graph(Arena *a, Str dot, const char *format, Str *out);

// A source as pprof asks for it: host:port/path becomes http://host:port/path, a bare host gets the
// path of the CPU profile, and the words of the query are sorted.
typedef struct PprofUrl {
    Str text;    // all of it
    Str shown;   // in errors: without the password
    Str fetched; // what is asked for; empty: nothing that is known to be asked so
    Str scheme;
    bool insecure;
    int64_t timeout_seconds;
} PprofUrl;
bool pprof_url(Arena *a, Str source, const PprofLine *line, PprofUrl *out); // false: not a URL
Str pprof_go_seconds(Arena *a, int64_t seconds);                            // "1m30s"
Str pprof_source_shown(Arena *a, Str source); // in errors: the password of a URL is ***

// Fetches a URL: the body, or an Err in Go's words.
typedef struct HttpRequest {
    Str url;
    Str post; // empty: GET
    int64_t timeout_seconds;
    bool insecure;
    Str cert, key, ca;
} HttpRequest;
Err http_fetch(Arena *a, const HttpRequest *request, Str *out);

Err pprof_shell(Arena *a, Profile *p, const PprofLine *line);

#endif
