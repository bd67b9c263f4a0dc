#ifndef FENNEC_GATEWAY_COpenSSL_SHIM_H
#define FENNEC_GATEWAY_COpenSSL_SHIM_H

#if !__has_include(<openssl/crypto.h>)
#error "<openssl/crypto.h> is missing: install the Debian package libssl-dev (apt-get install libssl-dev), or run 'make deps'"
#else
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/x509v3.h>
#endif
#include <openssl/crypto.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* OPENSSL_secure_malloc and its kin are macros, prctl is variadic: Swift can call neither. */

static inline void *fg_secure_malloc(size_t size) { return OPENSSL_secure_malloc(size); }

/* Wipes `size` bytes, then frees. */
static inline void fg_secure_clear_free(void *block, size_t size) { OPENSSL_secure_clear_free(block, size); }

/* Both return 0 on success, -1 with errno otherwise. */
static inline int fg_forbid_dumping(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

static inline int fg_forbid_core_files(void) {
    struct rlimit none = {0, 0};
    return setrlimit(RLIMIT_CORE, &none);
}

/* 1 when the process may be dumped, 0 when not. */
static inline int fg_is_dumpable(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0); }

/* The soft limit on core files in bytes, or -1 when it cannot be told. */
static inline long long fg_core_file_limit(void) {
    struct rlimit limit;
    return getrlimit(RLIMIT_CORE, &limit) == 0 ? (long long)limit.rlim_cur : -1;
}

/* glibc declares this for _GNU_SOURCE alone, which Swift does not set. */
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

/* A child started with `actions` has no descriptor from `from` on; 0 on success, else an errno. */
static inline int fg_spawn_close_from(posix_spawn_file_actions_t *actions, int from) {
    return posix_spawn_file_actions_addclosefrom_np(actions, from);
}

#endif
