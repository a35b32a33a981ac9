// go/types/known.c: types and packages the compiler knows by name.
#include "go/types/types_internal.h"

bool obj_is_align64(const TypesEnv *env, const Obj *o) {
    return o->name == env->align64 && o->pkg &&
           (o->pkg->path == env->sync_atomic || o->pkg->path == env->runtime_atomic);
}

bool obj_is_not_in_heap(const TypesEnv *env, const Obj *o) {
    return o->name == env->nih && o->pkg && o->pkg->path == env->runtime_sys;
}

bool path_is_runtime(Str path) {
    static const char *const paths[] = {"runtime",
                                        "internal/runtime/atomic",
                                        "internal/runtime/cgroup",
                                        "internal/runtime/exithook",
                                        "internal/runtime/gc",
                                        "internal/runtime/gc/scan",
                                        "internal/runtime/maps",
                                        "internal/runtime/math",
                                        "internal/runtime/sys",
                                        "internal/runtime/syscall/linux",
                                        "internal/runtime/syscall/windows",
                                        "internal/abi",
                                        "internal/bytealg",
                                        "internal/byteorder",
                                        "internal/chacha8rand",
                                        "internal/coverage/rtcov",
                                        "internal/cpu",
                                        "internal/goarch",
                                        "internal/godebugs",
                                        "internal/goexperiment",
                                        "internal/goos",
                                        "internal/profilerecord",
                                        "internal/strconv",
                                        "internal/stringslite"};
    for (size_t i = 0; i < COUNT(paths); i++)
        if (str_eq_c(path, paths[i])) return true;
    return false;
}
