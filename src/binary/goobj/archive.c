// binary/goobj: archives as ar and the Go tools write them: a header of sixty characters before
// each member, members at even offsets.
#include <string.h>

#include "binary/goobj/goobj.h"

enum { HEADER_BYTES = 60, NAME_BYTES = 16, SIZE_AT = 48, SIZE_END = 58 };
static const char archive_magic[] = "!<arch>\n", object_magic[] = "go objec";

static bool starts(Str s, const char *magic) { return str_starts(s, str_c(magic)); }

bool archive_is(Str bytes) { return starts(bytes, archive_magic) || starts(bytes, object_magic); }

static Str trim_right(Str s) {
    while (s.len && s.ptr[s.len - 1] == ' ') s.len--;
    return s;
}

// "go object linux amd64 go1.26.8 ...", lines of the compiler's, then "!" on a line by itself.
static Err read_object(Arena *a, Str bytes, ArchiveMember *out) {
    size_t end = str_find(bytes, STR("\n!\n"));
    if (end == STR_NONE)
        return err_new(a, ERR_TRUNCATED, 0, "a Go object file without an end of its header");
    Str line = str_to(bytes, MIN(str_find_byte(bytes, '\n'), bytes.len));
    for (int i = 0; i < 3; i++) str_split(&line, ' ');
    out->arch = str_split(&line, ' ');
    out->version = str_split(&line, ' ');
    out->bytes = str_from(bytes, end + 3);
    out->is_go = true;
    return NULL;
}

static bool holds_code(Str name, uint64_t size) {
    if (str_eq(name, STR("__.PKGDEF"))) return false;
    bool mark = str_eq(name, STR("preferlinkext")) || str_eq(name, STR("dynimportfail"));
    return !mark || size;
}

// False: the header is none, or the member reaches past the end.
static bool next_member(Str *rest, ArchiveMember *out, uint64_t *size) {
    if (rest->len < HEADER_BYTES || memcmp(rest->ptr + SIZE_END, "`\n", 2) != 0) return false;
    if (!str_to_u64(trim_right(str_slice(*rest, SIZE_AT, SIZE_END)), size)) return false;
    if (*size > rest->len - HEADER_BYTES) return false;
    *out = (ArchiveMember){.name = trim_right(str_to(*rest, NAME_BYTES)),
                           .bytes = str_slice(*rest, HEADER_BYTES, HEADER_BYTES + (size_t)*size)};
    *rest = str_from(*rest, HEADER_BYTES + (size_t)(*size + (*size & 1)));
    return true;
}

Err archive_members(Arena *a, Str bytes, ArchiveMemberVec *out) {
    ArchiveMemberVec members = {0};
    ArchiveMember m = {0};
    uint64_t size;
    if (starts(bytes, object_magic)) {
        TRY(read_object(a, bytes, &m));
        vec_push(a, &members, m);
        *out = members;
        return NULL;
    }
    for (Str rest = str_from(bytes, sizeof archive_magic - 1); rest.len;) {
        if (!next_member(&rest, &m, &size))
            return err_new(a, ERR_FORMAT, bytes.len - rest.len, "corrupt archive");
        if (!holds_code(m.name, size)) continue;
        if (starts(m.bytes, object_magic)) TRY(read_object(a, m.bytes, &m));
        vec_push(a, &members, m);
    }
    *out = members;
    return NULL;
}
